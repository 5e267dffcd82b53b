//! The same decisions as oslo.policy itself: thousands of random checks, by both. Where `cargo xtask test` has installed the real one.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod random;

use std::{
    collections::BTreeMap,
    io::Write,
    path::PathBuf,
    process::{Command, Stdio},
    sync::Arc,
};

use jeroboam_policy::{
    Check, Credential, Credentials, PolicyOptions, Scope, Target, TargetKey, Value, check::from_lists, file::Given,
    load::assemble,
};
use random::Random;
use serde_json::{Value as Json, json};

const SCRIPT: &str = include_str!("decide.py");
const SEED: u64 = 0x6a65_726f_626f_616d;
const RULES: usize = 4000;
/// What stands for rules that are nowhere.
const FALLBACK: &str = "fallback";

/// What both know of a caller, or of a target: nothing that is there and empty, which the two take for different things.
type Known = BTreeMap<&'static str, &'static str>;

struct Caller {
    known: Known,
    roles: Vec<String>,
}

impl Credentials for Caller {
    fn get(&self, key: &Credential) -> Value<'_> {
        self.known.get(key.name()).map_or(Value::Missing, |value| Value::text(value))
    }

    fn roles(&self) -> &[String] {
        &self.roles
    }
}

struct Asked(Known);

impl Target for Asked {
    fn get(&self, key: &TargetKey) -> Value<'_> {
        self.0.get(key.name()).map_or(Value::Missing, |value| Value::text(value))
    }
}

#[test]
fn oslo_policy_decides_the_same() {
    let Some(clients) = std::env::var_os("JEROBOAM_CLIENTS").map(PathBuf::from) else {
        eprintln!("skipped: JEROBOAM_CLIENTS is not set; run cargo xtask test");
        return;
    };
    let mut random = Random::new(SEED);
    let mut texts: BTreeMap<String, Json> = BTreeMap::new();
    let mut given = Vec::new();
    let mut refused = 0;
    let fallback = (FALLBACK.to_owned(), json!("role:reader"));
    let random = (0..RULES).map(|number| (format!("r{number}"), random.rule(number)));
    for (name, text) in random.chain([fallback]) {
        match read(&text) {
            Some(check) => {
                given.push(Given { name: name.clone(), check, file: Arc::default() });
                texts.insert(name, text);
            }
            // oslo.policy takes what is wrong with it for nobody; `not` makes that everybody.
            None => refused += 1,
        }
    }
    assert!(given.len() > RULES / 2, "{} of {RULES} can be read", given.len());
    let callers = callers();
    let targets = targets();
    let theirs = ask(&clients, &texts, &callers, &targets);

    let options = PolicyOptions { default_rule: FALLBACK.to_owned(), ..PolicyOptions::default() };
    let ours = assemble(&options, given).unwrap().rules;
    let (mut passed, mut compared) = (0, 0);
    for (asked, results) in theirs.as_array().unwrap().iter().enumerate() {
        let (caller, target) = (&callers[asked / targets.len()], &targets[asked % targets.len()]);
        for (name, text) in &texts {
            let mine = ours.decide_named(name, caller, Scope::Project, target).unwrap().is_allowed();
            assert_eq!(results[name], mine, "{name} = {text}: {:?} {:?} asks about {:?}", caller.known, caller.roles, target.0);
            passed += usize::from(mine);
            compared += 1;
        }
    }
    println!("{compared} decisions of {} checks are the same, {passed} of them yes; {} refused", texts.len(), refused);
    assert!(passed > compared / 10 && passed < compared * 9 / 10, "{passed} of {compared}");
}

fn read(text: &Json) -> Option<Check> {
    match text {
        Json::String(text) => text.parse().ok(),
        lists => from_lists(lists.as_array()?).ok(),
    }
}

fn callers() -> Vec<Caller> {
    let caller = |known: &[(&'static str, &'static str)], roles: &[&str]| Caller {
        known: known.iter().copied().collect(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    };
    vec![
        caller(&[("user_id", "u"), ("project_id", "p"), ("domain_id", "d")], &["Admin", "member"]),
        caller(&[("user_id", "v"), ("project_id", "q")], &["member", "reader"]),
        caller(&[("user_id", "u"), ("project_id", "p")], &["READER"]),
        caller(&[("user_id", "p")], &[]),
        caller(&[("user_id", "root"), ("system_scope", "all")], &["admin", "p"]),
    ]
}

fn targets() -> Vec<Asked> {
    let target = |known: &[(&'static str, &'static str)]| Asked(known.iter().copied().collect());
    vec![
        target(&[("project_id", "p"), ("user_id", "u"), ("name", "member")]),
        target(&[("project_id", "q"), ("user_id", "p"), ("name", "u")]),
        target(&[("name", "True")]),
        target(&[]),
    ]
}

fn ask(clients: &std::path::Path, rules: &BTreeMap<String, Json>, callers: &[Caller], targets: &[Asked]) -> Json {
    let asks = callers.iter().flat_map(|caller| {
        let mut creds = json!(caller.known);
        creds["roles"] = json!(caller.roles);
        creds["is_admin"] = json!(caller.roles.iter().any(|role| role.eq_ignore_ascii_case("admin")));
        targets.iter().map(move |target| json!({"creds": creds, "target": target.0}))
    });
    let asks: Vec<Json> = asks.collect();
    let question = json!({"rules": rules, "default": FALLBACK, "asks": asks}).to_string();
    let mut python = Command::new(clients.join("python"))
        .args(["-c", SCRIPT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = python.stdin.take().unwrap();
    let writing = std::thread::spawn(move || input.write_all(question.as_bytes()));
    let output = python.wait_with_output().unwrap();
    writing.join().unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}
