//! Commands and their arguments.

mod connection;
mod driver;
mod operation;
mod policy;

use std::path::PathBuf;

pub use connection::Connection;
pub use driver::{Driver, DriverList, Filter, Language, Remote};
pub use operation::{Operation, Status};
pub use policy::{Caller, Policy, PolicyCheck, PolicyFormat, PolicyList};

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A host for container orchestration drivers: serves the OpenStack Magnum API, and turns cluster templates into clusters through Heat.
#[derive(Parser)]
#[command(name = "jeroboam", version, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve the API and work on clusters, until SIGTERM.
    Serve(Configuration),
    /// Try it: the daemon beside a simulated OpenStack, on loopback.
    Dev(Dev),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(Config),
    /// Make drivers, install them, and swap their versions.
    #[command(subcommand, after_help = driver::AFTER_HELP)]
    Driver(Driver),
    /// Look at what is done to clusters, try it again, or stop it.
    #[command(subcommand, after_help = operation::AFTER_HELP)]
    Operation(Operation),
    /// Look at who may do what.
    #[command(subcommand)]
    Policy(Policy),
    /// Save and restore the store.
    #[command(subcommand)]
    Store(Store),
    /// Print generated documents.
    #[command(subcommand, hide = true)]
    Docs(Docs),
}

#[derive(Args)]
pub struct Configuration {
    /// A configuration file in oslo's dialect, such as an existing magnum.conf. May be given several times; later files win. [default: /etc/magnum/magnum.conf]
    #[arg(long, value_name = "FILE")]
    pub config_file: Vec<PathBuf>,
    /// A folder whose *.conf are read after the files, by name. May be given several times.
    #[arg(long, value_name = "FOLDER")]
    pub config_dir: Vec<PathBuf>,
}

#[derive(Args)]
pub struct Dev {
    /// Write the variables for the `openstack` command to this file.
    #[arg(long, value_name = "FILE")]
    pub openrc: Option<PathBuf>,
    /// Keep clusters and the simulated cloud in this folder. Without it, all is gone at the end.
    #[arg(long, value_name = "FOLDER")]
    pub state: Option<PathBuf>,
    /// The API's port; the simulated cloud takes the one after it. 0 takes free ones.
    #[arg(long, value_name = "PORT", default_value_t = 9511)]
    pub port: u16,
    /// Seconds that simulated servers and nodes take for each thing they do.
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0)]
    pub pace: f64,
    /// Load drivers (*.wasm) from this folder too.
    #[arg(long, value_name = "FOLDER")]
    pub drivers: Option<PathBuf>,
    /// Options over those that `dev` sets, in oslo's dialect.
    #[arg(long, value_name = "FILE")]
    pub config_file: Vec<PathBuf>,
}

#[derive(Subcommand)]
pub enum Config {
    /// Read the configuration, and tell what it lacks and what has no effect.
    Check(Configuration),
    /// Print a configuration with every option, its default and its meaning.
    Sample,
}

/// For people, or for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    #[default]
    Table,
    Json,
}

#[derive(Subcommand)]
pub enum Store {
    /// Write everything in the store to standard output; secrets stay sealed. The daemon must not be running.
    Export(Configuration),
    /// Fill an empty store from standard input. The daemon must not be running.
    Import(Configuration),
}

#[derive(Subcommand)]
pub enum Docs {
    /// The commands and their arguments.
    Commands,
    /// The labels of a bundled driver.
    Labels {
        /// Its name.
        driver: String,
    },
    /// The contract with drivers.
    Contract,
    /// The operator API, as OpenAPI.
    DriversApi,
    /// The API of operations, as OpenAPI.
    OperationsApi,
    /// What can be scraped from /metrics.
    Metrics,
    /// A policy file with every default.
    Policy,
}
