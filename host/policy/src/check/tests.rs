use proptest::prelude::*;

use super::*;

fn parsed(text: &str) -> Check {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> (usize, SyntaxProblem) {
    let SyntaxError { column, problem } = text.parse::<Check>().unwrap_err();
    (column, problem)
}

#[test]
fn not_binds_tighter_than_and_and_that_tighter_than_or() {
    assert_eq!(parsed("@ or ! and not @"), parsed("@ or (! and (not @))"));
    assert_ne!(parsed("@ or ! and not @"), parsed("(@ or !) and not @"));
}

#[test]
fn words_may_be_in_capitals_and_blanks_of_any_kind() {
    assert_eq!(parsed("role:a AND\tNot role:b\n  Or role:c"), parsed("role:a and not role:b or role:c"));
}

#[test]
fn an_empty_text_is_everybody() {
    assert_eq!(parsed(""), Check::Always);
}

#[test]
fn parentheses_of_a_substitution_are_not_those_of_the_check() {
    let owner = parsed("user_id:%(user_id)s");
    assert_eq!(parsed("(user_id:%(user_id)s)"), owner);
    assert_eq!(parsed("((user_id:%(user_id)s) or (@))"), Check::Any(vec![owner, Check::Always]));
}

#[test]
fn names_of_rules_may_have_colons() {
    assert_eq!(parsed("rule:cluster:get"), Check::Rule("cluster:get".into()));
}

#[test]
fn what_is_wrong_is_told_with_its_column() {
    use SyntaxProblem::*;
    for (text, column, problem) in [
        ("  ", 1, Blank),
        ("role:a and", 11, Missing),
        ("role:a and or role:b", 12, Missing),
        ("role:ä role:b", 8, NoOperator),
        ("(role:a", 1, Unclosed),
        ("role:a)", 7, Unopened),
        ("()", 2, Missing),
        ("not", 4, Missing),
        ("@ or admin", 6, NotACheck("admin".into())),
        ("@ or 'admin'", 6, Quoted),
        ("'a':'b'", 1, Quoted),
        ("@ and http://policy/check", 7, Remote("http".into())),
        ("https://x", 1, Remote("https".into())),
        ("role:", 1, NoName("role".into())),
        ("a b:%(c)s", 1, NotACheck("a".into())),
        ("1.5:%(c)s", 1, Left("1.5".into())),
        ("01:%(c)s", 1, Left("01".into())),
        ("a..b:%(c)s", 1, Left("a..b".into())),
        ("ab:%(c)", 4, Substitution),
        ("ab:x%s", 5, Substitution),
        ("ab:%(c)d", 4, Substitution),
        ("ab:%%(c)s%", 10, Substitution),
    ] {
        assert_eq!(refused(text), (column, problem), "{text}");
    }
    assert_eq!(refused(&"(".repeat(MAX_DEPTH + 1)).1, TooDeep);
    assert_eq!(refused(&"not ".repeat(MAX_DEPTH + 1)).1, TooDeep);
    assert_eq!(refused(&"@ ".repeat(MAX_LENGTH)).1, TooLong);
}

#[test]
fn errors_name_no_more_of_a_text_than_one_can_read() {
    let told = refused(&"x".repeat(5000)).1.to_string();
    assert!(told.len() < 250, "{told}");
}

#[test]
fn lists_are_alternatives_of_which_one_has_to_pass_whole() {
    let lists = |json: serde_json::Value| from_lists(json.as_array().unwrap());
    let json = serde_json::json!([["role:a", "role:b"], "role:c", []]);
    assert_eq!(lists(json).unwrap(), parsed("role:a and role:b or role:c"));
    assert_eq!(lists(serde_json::json!([])).unwrap(), Check::Always);
    assert_eq!(lists(serde_json::json!([[]])).unwrap(), Check::Never);
    for wrong in [serde_json::json!([["role:a and role:b"]]), serde_json::json!([[["@"]]]), serde_json::json!([1])] {
        assert!(lists(wrong.clone()).is_err(), "{wrong}");
    }
}

fn name() -> impl Strategy<Value = String> {
    "[a-z_][a-z0-9_-]{0,6}"
}

fn template() -> impl Strategy<Value = Template> {
    let text = "[a-zA-Z0-9%:/.äß-]{1,6}".prop_map(Part::Text);
    let parts = (proptest::option::of(text.clone()), proptest::collection::vec((name(), proptest::option::of(text)), 0..3));
    parts.prop_map(|(first, more)| {
        let more = more.into_iter().flat_map(|(name, text)| [Some(Part::Attribute(name)), text]);
        Template(std::iter::once(first).chain(more).flatten().collect())
    })
}

fn left() -> impl Strategy<Value = Left> {
    prop_oneof![
        "[a-z\"()]{0,5}".prop_map(Left::Text),
        "[a-z']{0,5}".prop_map(Left::Text),
        prop_oneof![Just("True"), Just("False"), Just("None"), Just("0"), Just("-7"), Just("42")]
            .prop_map(|word| Left::Word(word.to_owned())),
        proptest::collection::vec(name(), 1..3).prop_map(Left::Credential),
    ]
}

fn check() -> impl Strategy<Value = Check> {
    let leaf = prop_oneof![
        Just(Check::Always),
        Just(Check::Never),
        "[a-z][a-z:_]{0,8}".prop_map(Check::Rule),
        template().prop_filter("named", |template| !template.0.is_empty()).prop_map(Check::Role),
        (left(), template()).prop_map(|(left, right)| Check::Equal { left, right }),
    ];
    leaf.prop_recursive(5, 40, 4, |inner| {
        let several = || proptest::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            inner.clone().prop_map(|check| Check::Not(Box::new(check))),
            several().prop_map(Check::All),
            several().prop_map(Check::Any),
        ]
    })
    // Such names are no attributes, and mean something else.
    .prop_filter("attributes", |check| !check.to_string().contains("http") && !check.to_string().contains("rule."))
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_what_it_was(check in check()) {
        let text = check.to_string();
        prop_assert_eq!(text.parse::<Check>(), Ok(check), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,200}") {
        if let Ok(check) = text.parse::<Check>() {
            prop_assert_eq!(check.to_string().parse::<Check>(), Ok(check));
        }
    }

    #[test]
    fn so_is_any_text_of_the_languages_own_words(words in proptest::collection::vec(prop_oneof![
        Just("("), Just(")"), Just(" "), Just("and"), Just("or"), Just("not"), Just("@"), Just("!"), Just("role:"), Just("rule:x"),
        Just("a"), Just(":"), Just("%(b)s"), Just("%"), Just("'"), Just("\""), Just("True"),
    ], 0..24)) {
        let text = words.concat();
        match text.parse::<Check>() {
            Ok(check) => prop_assert_eq!(check.to_string().parse::<Check>(), Ok(check)),
            Err(error) => prop_assert!(error.column >= 1 && error.column <= text.chars().count() + 1),
        }
    }
}
