//! Who types the commands, and reads what they print.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, Result, ensure};
use jeroboam_tests::{
    dev::Dev,
    openstack::{OpenStack, Said},
    wait,
};
use serde_json::Value;

/// Of python-magnumclient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Release {
    /// 4.10, whose updates are `add`, `replace` and `remove` of paths.
    Four,
    /// 5.0, whose updates are options.
    Five,
}

/// Commands, and options that nobody has used yet.
type Unused = BTreeMap<String, (bool, BTreeSet<String>)>;

pub struct User {
    pub release: Release,
    pub folder: PathBuf,
    demo: OpenStack,
    admin: OpenStack,
    unused: RefCell<Unused>,
}

impl User {
    pub fn new(release: Release, dev: &Dev) -> Result<Self> {
        let demo = match release {
            Release::Four => OpenStack::four(&dev.variables),
            Release::Five => OpenStack::new(&dev.variables),
        };
        let admin = demo.clone().with("OS_USERNAME", "admin").with("OS_PROJECT_NAME", "admin");
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/clients/coe/options.py");
        let output = Command::new(demo.commands()?.join("python")).arg(script).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let commands: BTreeMap<String, BTreeSet<String>> = serde_json::from_slice(&output.stdout)?;
        ensure!(commands.contains_key("coe cluster create"), "the package has other commands: {commands:#?}");
        let unused = commands.into_iter().map(|(command, options)| (command, (false, options))).collect();
        Ok(Self { release, folder: dev.folder(), demo, admin, unused: RefCell::new(unused) })
    }

    /// What a command prints that must succeed, without a warning.
    pub fn run(&self, words: &str) -> Result<String> {
        self.succeeds(&self.demo, words)
    }

    /// The same as an administrator.
    pub fn run_as_admin(&self, words: &str) -> Result<String> {
        self.succeeds(&self.admin, words)
    }

    /// The same as JSON.
    pub fn json(&self, words: &str) -> Result<Value> {
        json(&self.run(&format!("{words} -f json"))?)
    }

    pub fn json_as_admin(&self, words: &str) -> Result<Value> {
        json(&self.run_as_admin(&format!("{words} -f json"))?)
    }

    /// What a command complains of that must fail, in words that are meant for people.
    pub fn refused(&self, words: &str) -> Result<String> {
        let said = self.demo.say_in(&self.folder, words)?;
        self.used(words);
        ensure!(!said.success, "{words} succeeded:\n{}", said.out);
        readable(words, &said)?;
        Ok(said.err)
    }

    /// The cluster `first` once it is at rest, in this status.
    pub fn settled(&self, wanted: &str) -> Result<Value> {
        let cluster = wait::until(wanted, || {
            let cluster = self.json("coe cluster show first")?;
            let status = cluster["status"].as_str().context("a status")?;
            Ok((!status.ends_with("_IN_PROGRESS")).then_some(cluster))
        })?;
        ensure!(cluster["status"] == wanted, "{cluster:#}");
        Ok(cluster)
    }

    /// Commands and options that were in no command so far.
    pub fn unused(&self) -> Vec<String> {
        let unused = self.unused.borrow();
        let commands = unused.iter().filter(|(_, (used, _))| !used).map(|(command, _)| command.clone());
        let options = unused.iter().flat_map(|(command, (_, left))| left.iter().map(move |option| format!("{command} {option}")));
        commands.chain(options).collect()
    }

    fn succeeds(&self, who: &OpenStack, words: &str) -> Result<String> {
        let said = who.say_in(&self.folder, words)?;
        self.used(words);
        ensure!(said.success, "{words}\n{}{}", said.out, said.err);
        readable(words, &said)?;
        ensure!(said.err.is_empty(), "{words} says besides: {}", said.err);
        Ok(said.out)
    }

    fn used(&self, words: &str) {
        let mut unused = self.unused.borrow_mut();
        // The longest that fits: `coe cluster template create` is not `coe cluster`.
        let fitting = unused.iter_mut().filter(|(command, _)| words == *command || words.starts_with(&format!("{command} ")));
        if let Some((_, (used, left))) = fitting.max_by_key(|(command, _)| command.len()) {
            *used = true;
            words.split_whitespace().for_each(|word| _ = left.remove(word));
        }
    }
}

/// Neither Python's own words nor those of a client that did not find what it looked for.
fn readable(words: &str, said: &Said) -> Result<()> {
    for sign in ["Traceback", "Warning", "WARNING", "Exception", "object has no attribute", "KeyError"] {
        ensure!(!said.out.contains(sign) && !said.err.contains(sign), "{words} prints:\n{}{}", said.out, said.err);
    }
    Ok(())
}

/// `coe cluster template create` has a sentence before it.
fn json(text: &str) -> Result<Value> {
    let start = text.find(['{', '[']).with_context(|| format!("no JSON: {text}"))?;
    serde_json::from_str(&text[start..]).with_context(|| text.to_owned())
}

/// A column of a list.
pub fn column<'a>(list: &'a Value, name: &str) -> Vec<&'a str> {
    list.as_array().into_iter().flatten().filter_map(|item| item[name].as_str()).collect()
}

/// Whether what is shown has these fields among others.
pub fn has(shown: &Value, fields: &Value) -> Result<()> {
    for (field, value) in fields.as_object().context("fields")? {
        ensure!(shown[field] == *value, "{field}: {} in place of {value}", shown[field]);
    }
    Ok(())
}
