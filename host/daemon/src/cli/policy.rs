//! `jeroboam policy` and its arguments.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::Configuration;

#[derive(Subcommand)]
pub enum Policy {
    /// List every rule: who passes, who would by default, where that is written, and what it is for.
    List(PolicyList),
    /// Check the policy's files; or tell what somebody may.
    #[command(after_help = "\
Exit codes: 0 all is well, or it is allowed; 1 something in the files cannot be used; 2 wrong arguments; 3 it is denied.

  jeroboam policy check --policy-file new.yaml
  jeroboam policy check --roles member,reader --project P --user U cluster:delete
  jeroboam policy check --access token.json --target project_id=P --target user_id=U")]
    Check(PolicyCheck),
}

#[derive(Args)]
pub struct PolicyList {
    #[command(flatten)]
    pub files: Configuration,
    /// yaml: a policy file with every default, everything commented out.
    #[arg(long, value_enum, default_value_t)]
    pub format: PolicyFormat,
}

#[derive(Args)]
pub struct PolicyCheck {
    #[command(flatten)]
    pub files: Configuration,
    /// Read this policy file in place of the one that the configuration names.
    #[arg(long, value_name = "FILE")]
    pub policy_file: Option<PathBuf>,
    #[command(flatten)]
    pub caller: Caller,
    /// An attribute of what is asked about, such as project_id, user_id, trustee_user_id or name. May be given several times. Without one it is the caller's own project
    /// and user.
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, requires = "caller")]
    pub target: Vec<(String, String)>,
    /// Only this rule. Without it: every rule that requests ask for.
    #[arg(requires = "caller")]
    pub rule: Option<String>,
}

/// Who asks. Nobody is asked about, if nothing is given.
#[derive(Args)]
#[group(id = "caller", multiple = true)]
pub struct Caller {
    /// A token as Keystone shows it (GET /v3/auth/tokens), in JSON.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["roles", "project", "user", "user_domain", "system"])]
    pub access: Option<PathBuf>,
    /// The token's roles, separated by commas.
    #[arg(long, value_name = "ROLES", value_delimiter = ',')]
    pub roles: Vec<String>,
    /// The token's project, by id.
    #[arg(long, value_name = "ID")]
    pub project: Option<String>,
    /// The user, by id.
    #[arg(long, value_name = "ID")]
    pub user: Option<String>,
    /// The domain that the user is in, by id.
    #[arg(long, value_name = "ID")]
    pub user_domain: Option<String>,
    /// The token is for the system.
    #[arg(long, conflicts_with = "project")]
    pub system: bool,
}

/// For people, for programs, or to be edited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PolicyFormat {
    #[default]
    Table,
    Yaml,
    Json,
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected a name and a value with '=' between them")?;
    Ok((name.to_owned(), value.to_owned()))
}
