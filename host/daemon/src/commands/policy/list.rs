//! `jeroboam policy list`: every rule, and where it comes from.

use anyhow::Result;
use jeroboam_policy::{
    compiled::{Named, Origin},
    load, rules, sample,
};
use serde::Serialize;

use crate::{
    cli::{PolicyFormat, PolicyList},
    commands::driver::print,
};

/// A rule, for programs.
#[derive(Serialize)]
struct Row<'a> {
    rule: &'a str,
    /// Who passes now.
    check: String,
    /// Who would; null for a rule that only a file has.
    default: Option<&'static str>,
    /// `default`, `both defaults`, `file`, `older name`.
    from: &'static str,
    file: Option<String>,
    older_name: Option<&'static str>,
    scope_types: Vec<&'static str>,
    description: Option<&'static str>,
    requests: &'static [&'static str],
}

pub fn run(arguments: &PolicyList) -> Result<()> {
    if arguments.format == PolicyFormat::Yaml {
        return super::show(&sample::text());
    }
    let loaded = load(&super::options(&arguments.files)?)?;
    // In the order of the sample; then what is in files only.
    let known = rules::definitions().filter_map(|definition| Some((definition.name, loaded.rules.get(definition.name)?)));
    let further = loaded.rules.named().filter(|(_, named)| named.definition.is_none());
    let rows: Vec<Row<'_>> = known.chain(further).map(|(name, named)| row(name, named)).collect();
    if arguments.format == PolicyFormat::Json {
        return super::show(&(serde_json::to_string_pretty(&rows)? + "\n"));
    }
    let mut table = print::table(&["rule", "check", "default", "from", "scope types", "description"]);
    for row in &rows {
        let is_default = row.default == Some(row.check.as_str());
        let from =
            [Some(row.from), row.older_name].into_iter().flatten().chain(row.file.as_deref()).collect::<Vec<_>>().join(" ");
        table.add_row([
            row.rule,
            &row.check,
            if is_default { "same" } else { row.default.unwrap_or("-") },
            &from,
            &if row.scope_types.is_empty() { "any".to_owned() } else { row.scope_types.join(" ") },
            row.description.unwrap_or("-"),
        ]);
    }
    let lines: Vec<String> =
        table.lines().map(|line| line.strip_prefix(' ').unwrap_or(&line).trim_end().to_owned() + "\n").collect();
    super::show(&lines.concat())
}

fn row<'a>(rule: &'a str, named: &'a Named) -> Row<'a> {
    let (from, older_name, file) = match &named.origin {
        Origin::Default => ("default", None, None),
        Origin::BothDefaults => ("both defaults", None, None),
        Origin::File(file) => ("file", None, Some(file)),
        Origin::OlderName(name, file) => ("older name", Some(*name), Some(file)),
    };
    let definition = named.definition;
    Row {
        rule,
        check: named.check.to_string(),
        default: definition.map(|definition| definition.check),
        from,
        file: file.map(|file| file.display().to_string()),
        older_name,
        scope_types: definition.into_iter().flat_map(|definition| definition.scopes).map(|scope| scope.name()).collect(),
        description: definition.map(|definition| definition.meaning),
        requests: definition.map_or(&[], |definition| definition.requests),
    }
}
