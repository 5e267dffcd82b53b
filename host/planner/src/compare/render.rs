//! Values as people see them: short, on one line, without what nobody is to see.

use std::fmt::Write;

use crate::hot::Term;

/// Characters of a value that are shown.
const WIDTH: usize = 120;

/// Two values that differ: of long texts, the first lines that do.
pub(super) fn both(before: Option<&Term>, after: Option<&Term>) -> (Option<String>, Option<String>) {
    if let (Some(Term::Text(old)), Some(Term::Text(new))) = (before, after)
        && (is_long(old) || is_long(new))
    {
        let (mut old, mut new) = (old.lines(), new.lines());
        loop {
            match (old.next(), new.next()) {
                (None, None) => return (Some("(line ends)".to_owned()), Some("(line ends)".to_owned())),
                (before, after) if before == after => {}
                (before, after) => return (before.map(cut), after.map(cut)),
            }
        }
    }
    (before.map(one), after.map(one))
}

fn is_long(text: &str) -> bool {
    text.len() > WIDTH || text.contains('\n')
}

fn one(term: &Term) -> String {
    let mut text = String::new();
    write(term, &mut text);
    cut(&text)
}

fn cut(text: &str) -> String {
    let mut cut: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).take(WIDTH + 1).collect();
    if let Some((end, _)) = cut.char_indices().nth(WIDTH) {
        cut.truncate(end);
        cut.push('…');
    }
    cut
}

/// Stops when there is more than is shown.
fn write(term: &Term, text: &mut String) {
    if text.len() > 4 * WIDTH {
        return;
    }
    match term {
        Term::Null => text.push_str("null"),
        Term::Flag(flag) => _ = write!(text, "{flag}"),
        Term::Number(number) => _ = write!(text, "{}", number.as_f64()),
        Term::Text(own) => text.extend(own.chars().take(WIDTH + 1)),
        Term::List(items) => list(items, text),
        Term::Map(fields) => {
            text.push('{');
            for (place, (name, value)) in fields.iter().enumerate() {
                text.push_str(if place == 0 { "" } else { ", " });
                text.extend(name.chars().take(WIDTH));
                text.push_str(": ");
                write(value, text);
            }
            text.push('}');
        }
        Term::Secret(_) => text.push_str("(secret)"),
        Term::Hidden(_) => text.push_str("(hidden)"),
        Term::Resource(path) => _ = write!(text, "{{get_resource: {path}}}"),
        Term::Attribute(path, rest) => {
            _ = write!(text, "{{get_attr: {path} ");
            list(rest, text);
            text.push('}');
        }
        Term::Select(of, path) => {
            write(of, text);
            list(path, text);
        }
        Term::Call(function, argument) => {
            _ = write!(text, "{{{function}: ");
            write(argument, text);
            text.push('}');
        }
    }
}

fn list(items: &[Term], text: &mut String) {
    text.push('[');
    for (place, item) in items.iter().enumerate() {
        text.push_str(if place == 0 { "" } else { ", " });
        write(item, text);
    }
    text.push(']');
}
