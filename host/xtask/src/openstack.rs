//! Real OpenStack services on loopback, and the suite that runs the daemon on them: `tests/openstack`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Result, bail};

use crate::{
    dev,
    run::{cargo, check, output, root, target},
};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(clap::Subcommand)]
enum Chore {
    /// Install and start the services; a second time, only what does not run.
    Up,
    /// Run the suite on them, starting them if they do not run.
    Test {
        /// Only cases whose name contains one of these, separated by commas.
        filter: Option<String>,
    },
    /// What runs, and how much memory it takes.
    Status,
    /// End what was started.
    Down {
        /// Remove its data too: the next start begins anew.
        #[arg(long)]
        forget: bool,
    },
}

pub fn run(arguments: &Arguments) -> Result<()> {
    match &arguments.chore {
        Chore::Up => up(),
        Chore::Test { filter } => test(&dev::build(false)?, filter.as_deref()),
        Chore::Status => script("status.sh", &[]),
        Chore::Down { forget } => script("down.sh", if *forget { &["--forget"] } else { &[] }),
    }
}

/// The last step of CI: on services of its own, which end with it.
pub fn suite(daemon: &Path) -> Result<()> {
    if let Some(reason) = unfit() {
        eprintln!("The suite on real OpenStack services was left out: {reason}");
        return Ok(());
    }
    script("down.sh", &["--forget"])?;
    let tested = test(daemon, None);
    script("down.sh", &[])?;
    tested
}

fn test(daemon: &Path, filter: Option<&str>) -> Result<()> {
    up()?;
    let started = Instant::now();
    let mut command = cargo();
    command.args(["test", "--quiet", "--package", "jeroboam-tests", "--test", "openstack", "--", "--ignored", "--nocapture"]);
    command.env("JEROBOAM_BIN", daemon).env("RIG_STATE", state()).env("RUST_BACKTRACE", "0");
    if let Some(filter) = filter {
        command.env("JEROBOAM_CASES", filter);
    }
    check(&mut command)?;
    eprintln!("the suite took {} s", started.elapsed().as_secs());
    Ok(())
}

fn up() -> Result<()> {
    if let Some(reason) = unfit() {
        bail!("the services cannot run here: {reason}");
    }
    let started = Instant::now();
    script("install.sh", &[])?;
    let installed = started.elapsed().as_secs();
    script("up.sh", &[])?;
    eprintln!(
        "installed after {installed} s, up after {} s; for people: {}",
        started.elapsed().as_secs(),
        state().join("openrc-demo").display()
    );
    Ok(())
}

/// Why the services cannot run on this machine, if so.
fn unfit() -> Option<&'static str> {
    let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
    if !release.lines().any(|line| line == "VERSION_CODENAME=bookworm") {
        return Some("they come from packages of Debian bookworm, which this is not");
    }
    if output(Command::new("id").arg("-u")).as_deref() != Some("0") {
        return Some("root is needed, to install packages and to add a route");
    }
    None
}

fn script(name: &str, arguments: &[&str]) -> Result<()> {
    check(Command::new(root().join("tests/openstack/rig").join(name)).args(arguments).env("RIG_STATE", state()))
}

/// Where the services are installed and keep everything.
fn state() -> PathBuf {
    env::var_os("RIG_STATE").map_or_else(|| target().join("openstack"), PathBuf::from)
}
