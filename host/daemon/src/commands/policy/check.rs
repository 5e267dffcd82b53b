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
            loaded.notices.iter().for_each(|notice| println!("{notice}"));
            match loaded.files.len() {
                0 => println!("There is no policy file: the defaults hold."),
                _ => println!("The policy can be used: {}.", files(&loaded)),
            }
            Ok(Ended::Done)
        }
    }
}

fn files(loaded: &Loaded) -> String {
    loaded.files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ")
}

fn tell(loaded: &Loaded, asker: &Asker, arguments: &PolicyCheck) -> Result<Ended> {
    let asked = Asked::new(asker, &arguments.target);
    let Some(name) = &arguments.rule else {
        for rule in Rule::ALL {
            let decision = loaded.rules.decide(*rule, asker, asker.scope(), &asked);
            println!("{:<8} {}{}", word(decision), rule.name(), why(decision));
        }
        return Ok(Ended::Done);
    };
    let Some(decision) = loaded.rules.decide_named(name, asker, asker.scope(), &asked) else {
        let likely = nearest(name, loaded.rules.named().map(|(name, _)| name));
        let hint = likely.map(|likely| format!("; was {likely} meant?")).unwrap_or_default();
        return Err(Exit::because(Ended::Unusable, anyhow::anyhow!("there is no rule {name}{hint}")).into());
    };
    println!("{:<8} {name}{}", word(decision), why(decision));
    Ok(if decision.is_allowed() { Ended::Done } else { Ended::Refused })
}

fn word(decision: Decision) -> &'static str {
    if decision.is_allowed() { "allowed" } else { "denied" }
}

fn why(decision: Decision) -> &'static str {
    if decision == Decision::WrongScope { " (the token's scope)" } else { "" }
}
