//! `jeroboam policy check`: whether the files can be used, and what somebody may by them.

use anyhow::{Context, Result, bail};
use jeroboam_model::nearest::nearest;
use jeroboam_policy::{Decision, Loaded, Rule, load};

use super::subject::{Asked, Asker};
use crate::{
    cli::PolicyCheck,
    commands::{Ended, Exit},
};

pub fn run(arguments: &PolicyCheck) -> Result<Ended> {
    let mut options = super::options(&arguments.files)?;
    if let Some(file) = &arguments.policy_file {
        options.file = std::path::absolute(file).with_context(|| format!("finding {}", file.display()))?;
        options.file_is_named = true;
        if !options.file.exists() {
            bail!("{} is not there", file.display());
        }
    }
    let loaded = match load(&options) {
        Ok(loaded) => loaded,
        Err(refused) => {
            refused.0.iter().for_each(|problem| eprintln!("{problem}"));
            return Ok(Ended::Failed);
        }
    };
    match Asker::of(&arguments.caller)? {
        Some(asker) => tell(&loaded, &asker, arguments),
        None => {
            let notices: String = loaded.notices.iter().map(|notice| format!("{notice}\n")).collect();
            let verdict = match loaded.files.len() {
                0 => "There is no policy file: the defaults hold.\n".to_owned(),
                _ => format!("The policy can be used: {}.\n", files(&loaded)),
            };
            super::show(&(notices + &verdict)).map(|()| Ended::Done)
        }
    }
}

fn files(loaded: &Loaded) -> String {
    loaded.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn tell(loaded: &Loaded, asker: &Asker, arguments: &PolicyCheck) -> Result<Ended> {
    let asked = Asked::new(asker, &arguments.target);
    let Some(name) = &arguments.rule else {
        let lines: Vec<String> =
            Rule::ALL.iter().map(|rule| line(rule.name(), loaded.rules.decide(*rule, asker, asker.scope(), &asked))).collect();
        return super::show(&lines.concat()).map(|()| Ended::Done);
    };
    let Some(decision) = loaded.rules.decide_named(name, asker, asker.scope(), &asked) else {
        let likely = nearest(name, loaded.rules.named().map(|(name, _)| name));
        let hint = likely.map(|likely| format!("; was {likely} meant?")).unwrap_or_default();
        return Err(Exit::because(Ended::Unusable, anyhow::anyhow!("there is no rule {name}{hint}")).into());
    };
    super::show(&line(name, decision))?;
    Ok(if decision.is_allowed() { Ended::Done } else { Ended::Refused })
}

fn line(rule: &str, decision: Decision) -> String {
    let (word, why) = match decision {
        Decision::Allowed => ("allowed", ""),
        Decision::Denied => ("denied", ""),
        Decision::WrongScope => ("denied", " (the token's scope)"),
    };
    format!("{word:<8} {rule}{why}\n")
}
