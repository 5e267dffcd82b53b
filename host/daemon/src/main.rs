//! The binary `jeroboam`: command line, configuration, wiring.
//!
//! Files and arguments are parsed into [`settings::Settings`] once; [`wiring`] makes the crates out of them, bottom up, and
//! [`server`] puts the API on a socket. Nothing here decides anything about clusters.
//!
//! | module | holds |
//! |---|---|
//! | [`cli`] | commands and their arguments |
//! | [`commands`] | a file for each command |
//! | [`client`] | the operator API, as commands speak it |
//! | [`config`] | oslo's INI, the table of options, the sample |
//! | [`settings`] | what the options mean, as values |
//! | [`wiring`] | store, cloud, drivers, conductor, API, put together and taken apart |
//! | [`reader`] | who reads what a command prints |
//! | [`server`] | the listener |
//! | [`logging`] | log lines, and traces beside them |
//! | [`metrics`] | what all crates count, for scrapers |
//! | [`bundled`] | the drivers in the binary |

mod bundled;
mod cli;
mod client;
mod commands;
mod config;
mod logging;
mod metrics;
mod reader;
mod server;
mod settings;
mod wiring;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use commands::Ended;

fn main() -> ExitCode {
    let done = |()| Ended::Done;
    let command = Cli::parse().command;
    if !matches!(command, Command::Serve(_) | Command::Dev(_)) {
        reader::end_with_it();
    }
    let result = match command {
        Command::Serve(arguments) => commands::serve::run(&arguments).map(done),
        Command::Dev(arguments) => commands::dev::run(&arguments).map(done),
        Command::Config(command) => commands::config::run(&command).map(done),
        Command::Driver(command) => commands::driver::run(&command),
        Command::Operation(command) => commands::operation::run(&command),
        Command::Policy(command) => commands::policy::run(&command),
        Command::Store(command) => commands::store::run(&command).map(done),
        Command::Docs(command) => commands::docs::run(&command).map(done),
    };
    let ended = result.unwrap_or_else(|error| {
        commands::complain(&error);
        Ended::by(&error)
    });
    ExitCode::from(ended.code())
}
