//! Commands and their arguments.

use std::path::PathBuf;

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
    /// Look at drivers, and make them.
    #[command(subcommand)]
    Driver(Driver),
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

#[derive(Subcommand)]
pub enum Driver {
    /// List the drivers that this configuration loads, and why others are not.
    List(Configuration),
    /// Begin a driver: a small complete project in a new folder.
    New {
        /// The driver's name, and the folder's: [a-z][a-z0-9-]*.
        name: String,
        /// What to write it in.
        #[arg(long, value_enum, default_value_t = Language::Rust)]
        lang: Language,
    },
    /// Build the component of a project to build/NAME.wasm in its folder.
    Build {
        /// The project's folder.
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Try a component: the world it is for, what it asks for, its labels, and its answers to many clusters and to a cloud that fails.
    Check {
        /// The component.
        file: PathBuf,
        /// How to print what was found.
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Run a driver's scenarios (scenarios/*.yaml) in the simulated cloud, and make its recorded calls again (records/*.json): their answers are to be as they were.
    Test {
        /// The project's folder, its component, one scenario or one record.
        #[arg(default_value = ".")]
        path: PathBuf,
        /// Only scenarios and records whose name contains this.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
        /// Record the calls that scenarios make into this folder, a file each. What is to stay as it is belongs into records/.
        #[arg(long, value_name = "FOLDER")]
        record: Option<PathBuf>,
    },
    /// Make recorded calls again with a component, offline, and show what it answers otherwise. Ends with 0: the same; 1: otherwise; 4: it asks
    /// what the record does not answer; 2: the record or the component cannot be used.
    Replay {
        /// A record of a call (JSON), a list of them, or a folder of *.json.
        record: PathBuf,
        /// The component that is to answer.
        #[arg(long, value_name = "FILE.wasm")]
        with: PathBuf,
        /// Write the record with what is answered now: a file, or a folder for several.
        #[arg(long, value_name = "FILE")]
        save: Option<PathBuf>,
        /// How to print what was found.
        #[arg(long, value_enum, default_value_t = Format::Table)]
        format: Format,
    },
    /// Build, check and test at each change of a project, and keep `jeroboam dev` running with the newest component.
    Watch {
        /// The project's folder.
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// As for `dev`.
        #[arg(long, value_name = "PORT", default_value_t = 9511)]
        port: u16,
        /// Build, check and test once, and end: 1 if something failed.
        #[arg(long)]
        once: bool,
    },
}

/// Languages that drivers are begun in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Language {
    Rust,
    #[value(alias = "py")]
    Python,
    #[value(name = "js", alias = "javascript")]
    JavaScript,
}

/// For people, or for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
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
}
