//! Guests written by hand: a core module in text form, made a component of the contract's world. Each export traps unless it
//! is given a body.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
};

use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::Resolve;

/// The folder of a contract's version, from whichever package the tests are of.
fn contract(version: &str) -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = package.ancestors().map(|folder| folder.join("wit").join(format!("coe-{version}")));
    folders.into_iter().find(|folder| folder.is_dir()).unwrap()
}

pub const EXPORTS: [&str; 9] = [
    "describe",
    "validate-template",
    "validate-cluster",
    "define-stack",
    "plan-upgrade",
    "pick-removals",
    "read-stack",
    "before-delete",
    "check-health",
];

/// Gives out one piece after another, and takes none back.
const REALLOC: &str = "(global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get 3)))";

/// Where a body may put what it returns, and what it asks with.
pub const SCRATCH: u32 = 8192;

/// A guest. Bodies are WebAssembly text that leaves a pointer on the stack.
pub struct Guest {
    name: String,
    distro: String,
    pages: u32,
    imports: String,
    items: String,
    start: Option<String>,
    realloc: String,
    bodies: BTreeMap<&'static str, String>,
    advice: Option<String>,
}

impl Guest {
    /// Describes itself by this name, and provides (vm, name, kubernetes).
    pub fn new(name: &str) -> Self {
        let guest = Self {
            name: name.into(),
            distro: name.into(),
            pages: 1,
            imports: String::new(),
            items: String::new(),
            start: None,
            realloc: REALLOC.into(),
            bodies: BTreeMap::new(),
            advice: None,
        };
        guest.body("describe", "i32.const 1024")
    }

    pub fn distro(mut self, distro: &str) -> Self {
        self.distro = distro.into();
        self
    }

    /// Memory at the start, in pages of 64 KiB.
    pub fn pages(mut self, pages: u32) -> Self {
        self.pages = pages;
        self
    }

    pub fn body(mut self, export: &'static str, body: &str) -> Self {
        self.bodies.insert(export, body.into());
        self
    }

    pub fn define_stack(self, body: &str) -> Self {
        self.body("define-stack", body)
    }

    /// Exports `node-advice` of 0.3.0, too: `repair-nodes` names this node.
    pub fn repairs(mut self, group: &str, node: &str, reason: &str) -> Self {
        let mut body = format!(
            "(i32.store (i32.const {}) (i32.const 20480)) (i32.store (i32.const {}) (i32.const 1))",
            SCRATCH + 4,
            SCRATCH + 8
        );
        let mut at = 20512;
        for (index, text) in [group, node, reason].into_iter().enumerate() {
            let field = 20480 + 8 * index;
            write!(self.items, "(data (i32.const {at}) {text:?})").unwrap();
            write!(
                body,
                "(i32.store (i32.const {field}) (i32.const {at})) (i32.store (i32.const {}) (i32.const {}))",
                field + 4,
                text.len()
            )
            .unwrap();
            at += text.len();
        }
        self.advice = Some(format!("{body} i32.const {SCRATCH}"));
        self
    }

    /// Imports a function of an interface: `import("settings", "get", "(param i32 i32 i32)")` is called as `$get`.
    pub fn import(mut self, interface: &str, function: &str, signature: &str) -> Self {
        writeln!(self.imports, r#"(import "jeroboam:coe/{interface}@0.1.0" "{function}" (func ${function} {signature}))"#)
            .unwrap();
        self
    }

    /// Further items of the module: functions, data.
    pub fn item(mut self, item: &str) -> Self {
        self.items.push_str(item);
        self
    }

    /// What runs when an instance is made.
    pub fn start(mut self, body: &str) -> Self {
        self.start = Some(body.into());
        self
    }

    /// How it gives out memory for what the host passes: a body with four parameters.
    pub fn realloc(mut self, body: &str) -> Self {
        self.realloc = body.into();
        self
    }

    /// Answers define-stack with a definition whose template is at `address` and has `bytes`.
    pub fn define_template(self, address: u32, bytes: usize) -> Self {
        let body = format!(
            "(i32.store8 (i32.const {SCRATCH}) (i32.const 0))
             (i32.store (i32.const {}) (i32.const {address}))
             (i32.store (i32.const {}) (i32.const {bytes}))
             i32.const {SCRATCH}",
            SCRATCH + 4,
            SCRATCH + 8
        );
        self.define_stack(&body)
    }

    /// Answers define-stack with this template.
    pub fn template(self, template: &str) -> Self {
        let escaped: String = template.bytes().map(|byte| format!("\\{byte:02x}")).collect();
        self.item(&format!("(data (i32.const 16384) \"{escaped}\")")).define_template(16384, template.len())
    }

    pub fn core(&self) -> Vec<u8> {
        let mut text = String::from("(module\n");
        text.push_str(&self.imports);
        writeln!(text, "(memory (export \"memory\") {})", self.pages).unwrap();
        writeln!(
            text,
            r#"(global $next (mut i32) (i32.const 32768))
               (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {})"#,
            self.realloc
        )
        .unwrap();
        for export in EXPORTS {
            let parameter = if export == "describe" { "" } else { "(param i32)" };
            let body = self.bodies.get(export).map_or("unreachable", String::as_str);
            writeln!(text, "(func (export \"jeroboam:coe/driver@0.1.0#{export}\") {parameter} (result i32)\n{body})").unwrap();
        }
        if let Some(body) = &self.advice {
            writeln!(text, "(func (export \"jeroboam:coe/node-advice@0.3.0#repair-nodes\") (param i32) (result i32)\n{body})")
                .unwrap();
        }
        text.push_str(&self.items);
        if let Some(start) = &self.start {
            writeln!(text, "(func $start {start})\n(start $start)").unwrap();
        }
        text.push_str(&self.description());
        text.push(')');
        wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// The record that `describe` points at, at 1024, with its texts after it.
    fn description(&self) -> String {
        let texts = [self.name.as_str(), "0.1.0", "For tests.", "vm", &self.distro, "kubernetes"];
        let mut at = 2048u32;
        let mut data = String::new();
        let mut slices = Vec::new();
        for text in texts {
            writeln!(data, "(data (i32.const {at}) {text:?})").unwrap();
            slices.push((at, u32::try_from(text.len()).unwrap()));
            at += u32::try_from(text.len()).unwrap();
        }
        let words = |words: &[u32]| {
            words.iter().flat_map(|word| word.to_le_bytes()).map(|byte| format!("\\{byte:02x}")).collect::<String>()
        };
        let flat = |slices: &[(u32, u32)]| slices.iter().flat_map(|(at, length)| [*at, *length]).collect::<Vec<_>>();
        // name, version, summary, one cluster type, no labels, no features, no capabilities, no extras
        let mut record = flat(&slices[..3]);
        record.extend([1536, 1, 0, 0, 0, 0, 0, 0, 0]);
        writeln!(data, "(data (i32.const 1024) \"{}\")", words(&record)).unwrap();
        writeln!(data, "(data (i32.const 1536) \"{}\")", words(&flat(&slices[3..]))).unwrap();
        data
    }

    pub fn component(&self) -> Vec<u8> {
        match self.advice {
            Some(_) => component(self.core(), &contract("0.3.0"), "advising-driver"),
            None => component(self.core(), &contract("0.1.0"), "coe-driver"),
        }
    }
}

/// Makes a component of a core module.
pub fn component(mut core: Vec<u8>, wit: &Path, world: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(wit).unwrap();
    let world = resolve.select_world(&[package], Some(world)).unwrap();
    wit_component::embed_component_metadata(&mut core, &resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().validate(true).module(&core).unwrap().encode().unwrap()
}

/// Bodies that do no good.
pub const FOREVER: &str = "(loop (br 0)) unreachable";
