//! Everything that CI checks, cheapest first.

use anyhow::{Context, Result};

use crate::{
    clients, dev, docs, drivers, node_tools, openstack,
    run::{cargo, check},
};

#[derive(clap::Args)]
pub struct Arguments {
    /// Leave out format, lints and generated documents.
    #[arg(long)]
    quick: bool,
    /// Leave out the suite on real OpenStack services, which takes a quarter of an hour.
    #[arg(long)]
    no_openstack: bool,
    /// Only tests whose name contains this.
    filter: Option<String>,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    if !arguments.quick {
        step("format");
        check(cargo().args(["fmt", "--all", "--check"])).context("run `cargo fmt --all`")?;
    }
    step("drivers");
    drivers::build()?;
    let guest = drivers::build_test_guest()?;
    step("daemon");
    let daemon = dev::build(false)?;
    if !arguments.quick {
        step("lints");
        check(cargo().args(["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
        step("documents");
        docs::check_all()?;
    }
    step("clients");
    let (clients, clients_4, old_clients) = (clients::ensure()?, clients::ensure_4()?, clients::ensure_old()?);
    let mitaka_client = clients::ensure_mitaka()?;
    let node_tools = node_tools::ensure()?;
    step("tests");
    check(
        cargo()
            .args(["test", "--workspace", "--no-fail-fast"])
            .args(&arguments.filter)
            .env("JEROBOAM_BIN", &daemon)
            .env("JEROBOAM_TEST_GUEST", guest)
            .env("JEROBOAM_CLIENTS", clients)
            .env("JEROBOAM_CLIENTS_4", clients_4)
            .env("JEROBOAM_OLD_CLIENTS", old_clients)
            .env("JEROBOAM_MITAKA_CLIENT", mitaka_client)
            .envs(node_tools.map(|tools| ("JEROBOAM_NODE_TOOLS", tools)))
            .env("JEROBOAM_DRIVERS", drivers::directory()),
    )?;
    // The draft contract is behind a feature, and its test is the only one that a build with it is for.
    step("draft contract");
    check(
        cargo()
            .args(["test", "--package", "jeroboam-plugins", "--features", "coe-0-3", "--test", "drafts", "--lib"])
            .args(["--", "served", "phase"]),
    )?;
    if arguments.no_openstack || arguments.filter.is_some() {
        return Ok(());
    }
    step("real OpenStack");
    openstack::suite(&daemon)
}

fn step(name: &str) {
    eprintln!("== {name}");
}
