//! `jeroboam driver test`: a driver's scenarios, each in a simulated cloud of its own with the daemon in this process; and its records, calls whose answers are
//! to stay as they were.

mod lab;
mod record;
mod run;
mod scenario;
mod steps;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

pub use run::Outcome;

use super::{grants, project::Project};
use crate::{commands, logging};

/// The folder of a project's records.
const RECORDS: &str = "records";
/// Lines of the log that are shown with a failure.
const WORDS: usize = 5;

pub fn run(path: &Path, only: Option<&str>, keep: Option<&Path>) -> Result<()> {
    let what = Work::of(path)?;
    start_log(&what.component)?;
    if let Some(line) = grants::needed(&what.component) {
        println!("{line}");
    }
    let outcomes = commands::runtime()?.block_on(run_all(&what, only, keep))?;
    let failures = tell(&outcomes);
    match failures {
        0 => Ok(()),
        count => bail!("{count} of {} failed", outcomes.len()),
    }
}

/// Runs the scenarios and records whose file's name contains `only`, one after the other. `keep`: calls that scenarios make are recorded into this folder, and
/// records that are there are not tried.
pub async fn run_all(work: &Work, only: Option<&str>, keep: Option<&Path>) -> Result<Vec<Outcome>> {
    let wanted = |path: &&PathBuf| only.is_none_or(|only| path.file_stem().unwrap_or_default().to_string_lossy().contains(only));
    let mut outcomes = Vec::new();
    for file in work.scenarios.iter().filter(wanted) {
        outcomes.push(run::scenario(&work.component, file, keep).await?);
    }
    let records: Vec<&PathBuf> = work.records.iter().filter(wanted).filter(|_| keep.is_none()).collect();
    if !records.is_empty() {
        let driver = super::records::load(&work.component).await?;
        for file in records {
            outcomes.extend(record::try_file(&driver, file).await?);
        }
    }
    if outcomes.is_empty() {
        bail!(
            "there is nothing to run: write a scenario to scenarios/*.yaml, as `jeroboam driver new` does, or record calls to records/*.json"
        );
    }
    Ok(outcomes)
}

/// What the host and the driver say goes to a file beside the component, which is made anew.
pub fn start_log(component: &Path) -> Result<()> {
    let file = log_of(component);
    fs::File::create(&file).with_context(|| format!("writing {}", file.display()))?;
    logging::start(logging::Format::Oslo, true, Some(&file), None).with_context(|| format!("writing {}", file.display()))?;
    Ok(())
}

fn log_of(component: &Path) -> PathBuf {
    component.with_file_name("test.log")
}

/// Lines of the driver's own, and those about a driver or an operation that failed: the last of them.
pub fn last_words(component: &Path, from: u64) -> Vec<String> {
    let bytes = fs::read(log_of(component)).unwrap_or_default();
    let new = usize::try_from(from).ok().and_then(|from| bytes.get(from..)).unwrap_or_default();
    let text = String::from_utf8_lossy(new).into_owned();
    let told = text.lines().filter(|line| [" ERROR ", " WARNING ", " jeroboam::driver "].iter().any(|mark| line.contains(mark)));
    let mut told: Vec<String> = told.map(str::to_owned).collect();
    told.split_off(told.len().saturating_sub(WORDS))
}

/// Prints a line for each, with what to look at; answers how many failed.
pub fn tell(outcomes: &[Outcome]) -> usize {
    for outcome in outcomes {
        let mark = if outcome.failure.is_none() { "ok  " } else { "FAIL" };
        println!("{mark}  {:<16} {} ({:.1} s)", outcome.name, outcome.summary, outcome.seconds);
        if let Some(failure) = &outcome.failure {
            println!("{:24}where  {}", "", failure.place);
            println!("{:24}what   {}", "", failure.what);
            failure.log.iter().for_each(|line| println!("{:24}log    {line}", ""));
        }
    }
    outcomes.iter().filter(|outcome| outcome.failure.is_some()).count()
}

/// What there is to run.
pub struct Work {
    pub component: PathBuf,
    pub scenarios: Vec<PathBuf>,
    /// Calls whose answers are to stay as they were.
    pub records: Vec<PathBuf>,
}

impl Work {
    /// Of a project, of its component, or of one of its scenarios or records.
    fn of(path: &Path) -> Result<Self> {
        let path = path.canonicalize().with_context(|| format!("there is no {}", path.display()))?;
        let project_of = |path: &Path| path.parent().and_then(Path::parent).map(Path::to_path_buf).context("it is in no project");
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("wasm") => Self::in_folder(path.clone(), &project_of(&path)?),
            Some("yaml" | "yml" | "json") if path.is_file() => {
                let component = Self::built(&Project::open(&project_of(&path)?)?)?;
                let is_record = path.parent().and_then(Path::file_name).is_some_and(|folder| folder == RECORDS);
                let (scenarios, records) = if is_record { (vec![], vec![path]) } else { (vec![path], vec![]) };
                Ok(Self { component, scenarios, records })
            }
            _ => Self::project(&Project::open(&path)?),
        }
    }

    /// Of a project that has been built.
    pub fn project(project: &Project) -> Result<Self> {
        Self::in_folder(Self::built(project)?, &project.folder)
    }

    fn in_folder(component: PathBuf, folder: &Path) -> Result<Self> {
        let records = files(&folder.join(RECORDS), &["json"]).unwrap_or_default();
        let scenarios = folder.join("scenarios");
        let scenarios = match files(&scenarios, &["yaml", "yml", "json"]) {
            Err(_) if !records.is_empty() => Vec::new(),
            found => found.with_context(|| format!("{} is to hold the scenarios, as *.yaml", scenarios.display()))?,
        };
        Ok(Self { component, scenarios, records })
    }

    fn built(project: &Project) -> Result<PathBuf> {
        let component = project.component();
        if !component.is_file() {
            bail!("{} is not there: run `jeroboam driver build {}` first", component.display(), project.folder.display());
        }
        Ok(component)
    }
}

fn files(folder: &Path, endings: &[&str]) -> io::Result<Vec<PathBuf>> {
    let fits = |path: &PathBuf| path.extension().is_some_and(|extension| endings.iter().any(|known| extension == *known));
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.flatten().map(|entry| entry.path()).filter(fits).collect();
    files.sort();
    Ok(files)
}
