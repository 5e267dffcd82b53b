//! Drivers for tests, written by hand: a page of memory, and answers that are there from the start. Two versions differ in one word, so they are made in no time, and what
//! they define says which of them did.

use std::{fmt::Write, path::Path};

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::Resolve;

use crate::cloud::{Cloud, User};

/// A driver that says yes to everything and whose stacks hold nothing but the name of its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guest<'a> {
    pub name: &'a str,
    pub version: &'a str,
    /// The `os_distro` of the images that select it.
    pub distro: &'a str,
    /// The capability that it cannot do without.
    pub asks: Option<&'a str>,
}

/// What a stack's description begins with; the version of the driver that defined it follows.
pub const DEFINED_BY: &str = "defined by ";
/// What a cluster's `coe_version` begins with; the version of the driver that read its stack follows.
pub const READ_BY: &str = "v";

const ANSWERED: &[&str] =
    &["validate-template", "validate-cluster", "plan-upgrade", "pick-removals", "before-delete", "check-health"];

/// Texts one after the other, and where each is.
struct Data {
    text: String,
    next: usize,
}

impl Data {
    fn slice(&mut self, text: &str) -> [u32; 2] {
        let at = self.next;
        self.next += text.len();
        self.write(at, text.as_bytes());
        [at as u32, text.len() as u32]
    }

    fn words(&mut self, at: usize, words: &[u32]) {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        self.write(at, &bytes);
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        let escaped: String = bytes.iter().map(|byte| format!("\\{byte:02x}")).collect();
        writeln!(self.text, "(data (i32.const {at}) \"{escaped}\")").unwrap();
    }
}

impl<'a> Guest<'a> {
    /// Selected by images of its own name.
    pub const fn new(name: &'a str, version: &'a str) -> Self {
        Self { name, version, distro: name, asks: None }
    }

    pub fn component(&self) -> Result<Vec<u8>> {
        let mut module = wat::parse_str(self.text())?;
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit/coe-0.1.0"))?;
        let world = resolve.select_world(&[package], Some("coe-driver"))?;
        wit_component::embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
        ComponentEncoder::default().validate(true).module(&module)?.encode()
    }

    fn text(&self) -> String {
        const NOTHING: usize = 512;
        const DESCRIPTION: usize = 1024;
        const TYPE: usize = 1152;
        const ASKED: usize = 1216;
        const DEFINITION: usize = 1280;
        const OBSERVATION: usize = 1408;
        let mut data = Data { text: String::new(), next: 2048 };
        let slices: Vec<u32> = [self.name, self.version, "For tests."].into_iter().flat_map(|text| data.slice(text)).collect();
        let asked: Vec<u32> =
            self.asks.into_iter().flat_map(|name| [name, "to be asked"]).flat_map(|text| data.slice(text)).collect();
        data.words(ASKED, &asked);
        // One cluster type; no labels, features; capabilities; no extras.
        let rest = [TYPE as u32, 1, 0, 0, 0, ASKED as u32, u32::from(self.asks.is_some()), 0, 0];
        data.words(DESCRIPTION, &[slices.as_slice(), &rest].concat());
        let kind: Vec<u32> = ["vm", self.distro, "kubernetes"].into_iter().flat_map(|text| data.slice(text)).collect();
        data.words(TYPE, &kind);
        // The default makes it another stack; a description alone would not, and clusters would move by themselves.
        let template = data.slice(&format!(
            "heat_template_version: 2018-08-31\ndescription: {DEFINED_BY}{version}\nparameters:\n  release: {{type: string, default: \"{version}\"}}\n\
             outputs:\n  release: {{value: {{get_param: release}}}}\n",
            version = self.version
        ));
        // ok, template; no files, environment, parameters.
        data.words(DEFINITION, &[0, template[0], template[1], 0, 0, 0, 0, 0, 0]);
        let address = data.slice("https://203.0.113.7:6443");
        let version = data.slice(&format!("{READ_BY}{}", self.version));
        // ok; some, some, none; no groups, extras.
        data.words(OBSERVATION, &[0, 1, address[0], address[1], 1, version[0], version[1], 0, 0, 0, 0, 0, 0, 0]);

        let mut text = String::from(
            r#"(module (memory (export "memory") 1)
               (global $next (mut i32) (i32.const 32768))
               (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                 (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
                 (global.get $next)
                 (global.set $next (i32.add (global.get $next) (local.get 3)))
                 (if (i32.gt_u (global.get $next) (i32.shl (memory.size) (i32.const 16)))
                   (then (drop (memory.grow (i32.add (i32.shr_u (local.get 3) (i32.const 16)) (i32.const 1)))))))"#,
        );
        let mut export = |name: &str, parameter: &str, answer: usize| {
            writeln!(text, r#"(func (export "jeroboam:coe/driver@0.1.0#{name}") {parameter} (result i32) (i32.const {answer}))"#)
                .unwrap();
        };
        export("describe", "", DESCRIPTION);
        export("define-stack", "(param i32)", DEFINITION);
        export("read-stack", "(param i32)", OBSERVATION);
        // Zeros are: ok, and an empty list, or done, or healthy.
        ANSWERED.iter().for_each(|name| export(name, "(param i32)", NOTHING));
        text + &data.text + ")"
    }
}

/// A public image that selects drivers for the distribution; answers its name.
pub async fn image(cloud: &Cloud, admin: &User, distro: &str) -> Result<String> {
    let images = format!("http://{}/image/v2/images", cloud.devcloud.address());
    let name = format!("for-{distro}");
    let image =
        json!({"name": name, "os_distro": distro, "visibility": "public", "disk_format": "raw", "container_format": "bare"});
    let made: Value = admin.post_json(&images, &image).await?;
    let id = made["id"].as_str().context("an id")?;
    admin.put_bytes(&format!("{images}/{id}/file"), b"simulated\n").await?;
    Ok(name)
}

/// What of a template makes clusters of such drivers.
pub async fn template(user: &User, image: &str) -> Result<String> {
    let template = json!({"name": "t", "coe": "kubernetes", "image_id": image, "external_network_id": "public", "flavor_id": "m1.small", "master_flavor_id": "m1.small"});
    let made = user.expect(Method::POST, "/clustertemplates", Some(&template), 201).await?;
    made["uuid"].as_str().map(str::to_owned).context("a uuid")
}
