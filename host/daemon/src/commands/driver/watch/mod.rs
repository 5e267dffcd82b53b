//! `jeroboam driver watch`: the author's loop. At each change of the project: build, check, test, tell what is otherwise than before, and start `jeroboam dev` anew
//! with the same state and port, so that clusters made by hand live on under the new component.

mod changes;
mod dev;
mod files;

use std::{path::Path, thread, time::Duration};

use anyhow::{Result, bail};

use super::{
    build,
    check::{self, Report},
    project::Project,
    test::{self, Outcome, Work},
};
use crate::commands;

/// How often the files are looked at.
const BETWEEN: Duration = Duration::from_millis(300);

/// What the last round found.
pub struct Round {
    pub report: Report,
    pub outcomes: Vec<Outcome>,
}

pub fn run(folder: &Path, port: u16, once: bool) -> Result<()> {
    let project = Project::open(folder)?;
    let runtime = commands::runtime()?;
    std::fs::create_dir_all(project.folder.join("build"))?;
    test::start_log(&project.component())?;
    let mut dev = dev::Dev::new(&project, port);
    let mut before: Option<Round> = None;
    let mut seen = files::Snapshot::take(&project.folder);
    loop {
        match round(&project, &runtime) {
            Ok(round) => {
                changes::tell(before.as_ref(), &round);
                let is_good = round.report.failures() == 0 && round.outcomes.iter().all(|outcome| outcome.failure.is_none());
                if once {
                    return if is_good { Ok(()) } else { bail!("something is to be mended: see above") };
                }
                dev.restart()?;
                before = Some(round);
            }
            // The author is at work: the next change may mend it.
            Err(error) if !once => commands::complain(&error),
            Err(error) => return Err(error),
        }
        println!("\nwaiting for a change in {}; Ctrl-C ends it", build::shown(&project.folder).display());
        seen = wait(&project.folder, seen);
    }
}

fn round(project: &Project, runtime: &tokio::runtime::Runtime) -> Result<Round> {
    println!("building {}", project.name);
    let component = build::build(project)?;
    runtime.block_on(async {
        let report = check::check(&component).await?;
        print!("{}", report.table());
        // A component that does not load has no life to try.
        let outcomes = match report.driver {
            Some(_) => test::run_all(&Work::project(project)?, None, None).await?,
            None => Vec::new(),
        };
        test::tell(&outcomes);
        Ok(Round { report, outcomes })
    })
}

/// Until the files are otherwise than they were, and have stopped changing.
fn wait(folder: &Path, seen: files::Snapshot) -> files::Snapshot {
    loop {
        thread::sleep(BETWEEN);
        let mut now = files::Snapshot::take(folder);
        let changed = seen.changed(&now);
        if changed.is_empty() {
            continue;
        }
        loop {
            thread::sleep(BETWEEN);
            let later = files::Snapshot::take(folder);
            if now.changed(&later).is_empty() {
                break;
            }
            now = later;
        }
        println!("\nchanged: {}", seen.changed(&now).join(", "));
        return now;
    }
}
