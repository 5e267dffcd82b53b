//! Repository chores, run as `cargo xtask <chore>`.
//!
//! Each chore does its own set-up: on a machine with cargo, a C compiler, Python 3 and the package registries, `dev` and `test` work from a
//! fresh clone. What they make goes to `target/`; the compiler for guests, which takes a minute to build where rustup cannot fetch its target, goes to the
//! user's cache directory (`JEROBOAM_CACHE` says otherwise).
//!
//! | module | holds |
//! |---|---|
//! | [`wasm_target`] | a rustc that can compile for `wasm32-unknown-unknown` |
//! | [`drivers`] | the bundled drivers, as components in `target/drivers` |
//! | [`examples`] | the example drivers in each language, built, checked and tested |
//! | [`dev`] | the daemon with its simulated cloud |
//! | [`test`] | everything that CI checks, in its order |
//! | [`clients`] | a virtual environment with the real `openstack` command |
//! | [`node_tools`] | ShellCheck, Ignition, cloud-init and etcd, for the suite that looks at nodes' configuration |
//! | [`bench`] | the figures of the README |
//! | [`openstack`] | real OpenStack services, and the suite on them |
//! | [`fuzz`] | 100,000 requests at random |
//! | [`docs`] | generated documents, and whether they are up to date |

mod bench;
mod clients;
mod dev;
mod docs;
mod drivers;
mod examples;
mod fuzz;
mod node_tools;
mod openstack;
mod run;
mod test;
mod wasm_target;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Chores of this repository", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Build everything, and run the daemon beside a simulated cloud.
    Dev(dev::Arguments),
    /// Check everything: format, lints, documents, tests, and the real clients against the daemon.
    Test(test::Arguments),
    /// Build the bundled drivers to target/drivers.
    Drivers(drivers::Arguments),
    /// Build the guest of a contract that is about to be published; see tests/contracts.
    Contract(drivers::ContractArguments),
    /// Real OpenStack services on loopback, and the suite on them.
    Openstack(openstack::Arguments),
    /// Build, check and test the example drivers, with their languages' own tools.
    Examples(examples::Arguments),
    /// Measure, and print the figures of the README.
    Bench(bench::Arguments),
    /// Send the API 100,000 requests at random, and look whether all is answered and nothing broken.
    Fuzz(fuzz::Arguments),
    /// Write the generated documents; with --check, say which are out of date.
    Docs(docs::Arguments),
}

fn main() -> Result<()> {
    match Arguments::parse().chore {
        Chore::Dev(arguments) => dev::run(&arguments),
        Chore::Test(arguments) => test::run(&arguments),
        Chore::Drivers(arguments) => drivers::run(&arguments),
        Chore::Contract(arguments) => drivers::build_contract_guest(&arguments),
        Chore::Openstack(arguments) => openstack::run(&arguments),
        Chore::Examples(arguments) => examples::run(&arguments),
        Chore::Bench(arguments) => bench::run(&arguments),
        Chore::Fuzz(arguments) => fuzz::run(&arguments),
        Chore::Docs(arguments) => docs::run(&arguments),
    }
}
