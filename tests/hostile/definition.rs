//! Stack definitions as cases write them, laid out in a guest's memory as the component model has it.

use std::{collections::BTreeMap, fmt::Write};

use serde::Deserialize;

use crate::guest::{Guest, SCRATCH};

/// What define-stack answers. A `~N*text~` in a text stands for the text N times.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    pub template: String,
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    #[serde(default)]
    pub environment: String,
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parameter {
    Text(String),
    Json(String),
    /// The case's number in `secret-name`.
    Secret(u8),
}

/// Where texts and records go: above everything else.
const BASE: u32 = 65536;

struct Memory {
    next: u32,
    data: String,
}

impl Memory {
    /// Puts bytes somewhere, and tells where.
    fn put(&mut self, bytes: &[u8]) -> u32 {
        let at = self.next;
        let escaped: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        writeln!(self.data, "(data (i32.const {at}) \"{escaped}\")").unwrap();
        // Records begin where any of their fields could.
        self.next = (at + u32::try_from(bytes.len()).unwrap() + 7) & !7;
        at
    }

    fn text(&mut self, text: &str) -> [u8; 8] {
        let text = expand(text);
        pair(self.put(text.as_bytes()), text.len())
    }

    fn list(&mut self, items: &[Vec<u8>]) -> [u8; 8] {
        pair(self.put(&items.concat()), items.len())
    }
}

fn pair(at: u32, length: usize) -> [u8; 8] {
    let mut pair = [0; 8];
    pair[..4].copy_from_slice(&at.to_le_bytes());
    pair[4..].copy_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
    pair
}

fn expand(text: &str) -> String {
    let mut out = String::new();
    for (index, part) in text.split('~').enumerate() {
        match part.split_once('*').and_then(|(times, repeated)| Some((times.parse::<usize>().ok()?, repeated))) {
            Some((times, repeated)) if index % 2 == 1 => out.push_str(&repeated.repeat(times)),
            _ => out.push_str(part),
        }
    }
    out
}

impl Definition {
    pub fn answered_by(&self, guest: Guest) -> Guest {
        let mut memory = Memory { next: BASE, data: String::new() };
        let template = memory.text(&self.template);
        let files: Vec<Vec<u8>> = self.files.iter().map(|(name, text)| [memory.text(name), memory.text(text)].concat()).collect();
        let files = memory.list(&files);
        let environment = memory.text(&self.environment);
        let parameters: Vec<Vec<u8>> = self
            .parameters
            .iter()
            .map(|(name, value)| {
                // value: a case's number, then at 8 what it holds; 24 bytes.
                let mut record = memory.text(name).to_vec();
                record.resize(32, 0);
                let (case, held) = match value {
                    Parameter::Text(text) => (0, memory.text(text)),
                    Parameter::Json(text) => (3, memory.text(text)),
                    Parameter::Secret(name) => (4, [*name, 0, 0, 0, 0, 0, 0, 0]),
                };
                record[8] = case;
                record[16..24].copy_from_slice(&held);
                record
            })
            .collect();
        let parameters = memory.list(&parameters);
        // result: ok, and the record after it.
        let answer = [[0; 4].as_slice(), &template, &files, &environment, &parameters].concat();
        let escaped: String = answer.iter().map(|byte| format!("\\{byte:02x}")).collect();
        let pages = memory.next.div_ceil(65536) + 1;
        guest
            .pages(pages)
            .item(&memory.data)
            .item(&format!("(data (i32.const {SCRATCH}) \"{escaped}\")"))
            .define_stack(&format!("i32.const {SCRATCH}"))
    }
}
