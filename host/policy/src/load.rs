//! From files and options to rules in force.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use crate::{
    check::Check,
    compile::{Compiler, Node},
    compiled::{Named, Origin, Rules},
    file::{self, Given},
    inspect,
    options::PolicyOptions,
    problem::{Notice, NoticeKind, Place, Problem, ProblemKind, Refused},
    rules::{Definition, Rule, definitions},
};

/// Rules, and what was found on the way to them.
#[derive(Debug)]
pub struct Loaded {
    pub rules: Rules,
    pub notices: Vec<Notice>,
    /// Those that were read, in order.
    pub files: Vec<PathBuf>,
}

/// A rule on its way: its check, and where that comes from.
type Sources = BTreeMap<String, (Check, Origin)>;

/// Reads the files that the options name. Nothing of them is used if anything in them cannot be.
pub fn load(options: &PolicyOptions) -> Result<Loaded, Refused> {
    let files = options.files().map_err(|problem| Refused(vec![problem]))?;
    let (mut given, mut problems) = (Vec::new(), Vec::new());
    for path in &files {
        match file::read(path) {
            Ok(mut rules) => given.append(&mut rules),
            Err(mut found) => problems.append(&mut found),
        }
    }
    if !problems.is_empty() {
        return Err(Refused(problems));
    }
    let mut loaded = assemble(options, given)?;
    loaded.notices.splice(0..0, absent(options));
    Ok(Loaded { files, ..loaded })
}

/// The rules that defaults and files amount to; later ones of the same name win.
pub fn assemble(options: &PolicyOptions, given: Vec<Given>) -> Result<Loaded, Refused> {
    let mut notices = Vec::new();
    let mut sources: Sources = given
        .into_iter()
        .map(|Given { name, check, file }| {
            let origin = Origin::File(file);
            (name, (check, origin))
        })
        .collect();
    for (name, (check, origin)) in &sources {
        notices.extend(inspect::given(name, check, origin));
    }
    for definition in definitions() {
        if !sources.contains_key(definition.name) {
            let source = default(definition, options, &sources, &mut notices).map_err(|problem| Refused(vec![problem]))?;
            sources.insert(definition.name.to_owned(), source);
        }
    }
    for (name, (check, origin)) in &sources {
        notices.extend(inspect::references(name, check, origin, |name| sources.contains_key(name), sources.keys()));
    }
    let rules = compile(options, sources)?;
    Ok(Loaded { rules, notices, files: Vec::new() })
}

/// What holds for a rule that no file has by its name.
fn default(
    definition: &'static Definition,
    options: &PolicyOptions,
    sources: &Sources,
    notices: &mut Vec<Notice>,
) -> Result<(Check, Origin), Problem> {
    let read = |text: &str| {
        text.parse::<Check>().map_err(|error| Problem {
            place: Place { file: None, rule: Some(definition.name.to_owned()), column: Some(error.column) },
            kind: ProblemKind::Syntax(error.problem),
        })
    };
    let check = read(definition.check)?;
    let Some(deprecated) = definition.deprecated else { return Ok((check, Origin::Default)) };
    let older = read(deprecated.check)?;
    if let Some((given, Origin::File(file))) = sources.get(deprecated.name) {
        let place = Place { file: Some(Arc::clone(file)), rule: Some(deprecated.name.to_owned()), column: None };
        notices.push(Notice { place, kind: NoticeKind::Renamed(definition.name) });
        // A sample of the older name that refers to the new one says nothing of its own.
        if *given != older && *given != Check::Rule(definition.name.to_owned()) {
            return Ok((given.clone(), Origin::OlderName(deprecated.name, Arc::clone(file))));
        }
    }
    if !options.enforce_new_defaults && older != check {
        return Ok((Check::Any(vec![check, older]), Origin::BothDefaults));
    }
    Ok((check, Origin::Default))
}

fn compile(options: &PolicyOptions, sources: Sources) -> Result<Rules, Refused> {
    let checks = sources.iter().map(|(name, (check, _))| (name.as_str(), check)).collect();
    let compiler = Compiler { checks, default_rule: &options.default_rule };
    let mut problems = Vec::new();
    let mut nodes: BTreeMap<&str, Node> = BTreeMap::new();
    for (name, (_, origin)) in &sources {
        match compiler.compile(name) {
            Ok(node) => _ = nodes.insert(name, node),
            Err(kind) => {
                let place = Place { file: origin.file().cloned(), rule: Some(name.clone()), column: None };
                problems.push(Problem { place, kind });
            }
        }
    }
    if !problems.is_empty() {
        return Err(Refused(inspect::culprits(problems)));
    }
    let node = |name: &str| nodes.get(name).cloned().unwrap_or(Node::Never);
    let asked = Rule::ALL.iter().map(|rule| node(rule.name())).collect();
    let admin = node(ADMIN);
    let defined: BTreeMap<&str, &'static Definition> = definitions().map(|definition| (definition.name, definition)).collect();
    let named = sources.iter().map(|(name, (check, origin))| {
        let named = Named {
            check: check.clone(),
            origin: origin.clone(),
            definition: defined.get(name.as_str()).copied(),
            node: node(name),
        };
        (name.clone(), named)
    });
    Ok(Rules { asked, admin, named: named.collect(), enforce_scope: options.enforce_scope })
}

/// The rule that `is_admin` stands for.
const ADMIN: &str = "context_is_admin";

impl Origin {
    pub(crate) fn file(&self) -> Option<&Arc<PathBuf>> {
        match self {
            Self::File(file) | Self::OlderName(_, file) => Some(file),
            Self::Default | Self::BothDefaults => None,
        }
    }
}

/// A file that is named and not there; or there, and not named.
fn absent(options: &PolicyOptions) -> Option<Notice> {
    if options.find(&options.file).is_some() {
        return None;
    }
    let about = |path: PathBuf, kind| Notice { place: Place { file: Some(Arc::new(path)), ..Place::default() }, kind };
    if options.file_is_named {
        return Some(about(options.file.clone(), NoticeKind::Absent));
    }
    options.find("policy.json".as_ref()).map(|json| about(json, NoticeKind::Json))
}
