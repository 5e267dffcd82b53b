//! `jeroboam driver new`: writes one of the repository's examples under another name, with everything that it needs beside it: the contract, and in Rust the
//! SDK. The SDK is in no registry; its copy in `vendor/sdk` is that of this binary, so that a new author needs nothing but the binary and the language's tools.

mod vendored;

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};
use jeroboam_model::driver::name::is_reserved;

use super::project::is_name;
use crate::cli::Language;

/// Tree, path, text.
const FILES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/project_files.rs"));

pub fn run(name: &str, language: Language) -> Result<()> {
    if !is_name(name) {
        bail!("{name:?} is no name of a driver: it has to be of the form [a-z][a-z0-9-]*, up to 63 characters");
    }
    if is_reserved(name) {
        bail!("no driver can be called {name}: the operator API has the word in its own paths; choose another name");
    }
    let folder = Path::new(name);
    write(folder, name, language)?;
    println!("{name}/ holds a driver for (vm, {name}, kubernetes) that works. From here:\n");
    for (command, meaning) in [
        ("build", "makes build/NAME.wasm"),
        ("check build/NAME.wasm", "tries its answers"),
        ("test", "runs scenarios/ in a simulated cloud"),
        ("watch", "all three at each change, beside `jeroboam dev`"),
    ] {
        println!("  jeroboam driver {:<32} {}", command.replace("NAME", name), meaning.replace("NAME", name));
    }
    println!("\nStart with: cd {name}. What is what stands in README.md.");
    Ok(())
}

/// Nothing is written over: a folder that is there has to be empty.
fn write(folder: &Path, name: &str, language: Language) -> Result<()> {
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) || folder.is_file() {
        bail!("{} is there already; choose another name, or remove it", folder.display());
    }
    for (path, text) in files(name, language)? {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// The files of a project, by path.
pub fn files(name: &str, language: Language) -> Result<Vec<(String, String)>> {
    let tree = match language {
        Language::Rust => "rust",
        Language::Python => "python",
        Language::JavaScript => "javascript",
    };
    let named = Names::new(tree, name);
    let mut files: Vec<(String, String)> = of(tree)
        .filter(|(path, _)| !path.starts_with("vendor/"))
        .map(|(path, text)| (path.to_owned(), named.put(text)))
        .collect();
    if language == Language::Rust {
        let manifest = files.iter_mut().find(|(path, _)| path == "Cargo.toml").context("the Rust example has a Cargo.toml")?;
        manifest.1 = vendored::manifest_of_project(&manifest.1);
        files.push(("vendor/sdk/Cargo.toml".to_owned(), vendored::manifest_of_sdk(of("sdk"))?));
        let sources = of("sdk").filter(|(path, _)| path.starts_with("src/"));
        files.extend(sources.map(|(path, text)| (format!("vendor/sdk/{path}"), text.to_owned())));
    }
    Ok(files)
}

fn of(tree: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().filter(move |(of, ..)| *of == tree).map(|(_, path, text)| (*path, *text))
}

/// An example's name in each form in which it occurs, and what stands in its place.
struct Names(Vec<(String, String)>);

impl Names {
    fn new(tree: &str, name: &str) -> Self {
        let example = format!("{tree}-example");
        let snake = |name: &str| name.replace('-', "_");
        let camel = |name: &str| {
            name.split('-')
                .flat_map(|word| {
                    let mut letters = word.chars();
                    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
                })
                .collect::<String>()
        };
        Self(vec![(snake(&example), snake(name)), (camel(&example), camel(name)), (example, name.to_owned())])
    }

    fn put(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
    }
}
