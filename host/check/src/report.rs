//! What was found, for people and for programs.

use std::fmt::Write;

use serde::Serialize;

#[derive(Debug, Default, Serialize)]
pub struct Report {
    pub file: String,
    /// Nothing if the component could not be loaded.
    pub driver: Option<Identity>,
    /// What an operator has to grant beyond what every driver may use, and why.
    pub grants: Vec<Asked>,
    pub figures: Figures,
    pub findings: Vec<Finding>,
}

#[derive(Debug, Serialize)]
pub struct Identity {
    pub name: String,
    pub version: String,
    pub summary: String,
    pub digest: String,
    pub cluster_types: Vec<String>,
    pub labels: Vec<String>,
}

/// Something that the driver imports, or names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Asked {
    pub name: String,
    /// The driver's own words; empty if it gives none.
    pub reason: String,
}

#[derive(Debug, Default, Serialize)]
pub struct Figures {
    pub component_bytes: usize,
    /// Median of some calls, each in a fresh sandbox. Nothing if no sample could be defined.
    pub define_stack_us: Option<u64>,
    /// Calls that were made of the driver.
    pub calls: usize,
}

#[derive(Debug, Serialize)]
pub struct Finding {
    /// What was looked at: a function of the contract, or a part of `describe`.
    pub area: &'static str,
    pub verdict: Verdict,
    /// Where the author has to look: function, label, field, line.
    pub place: String,
    pub what: String,
    /// What to change; empty if there is nothing.
    pub change: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Ok,
    /// Worth knowing, and allowed.
    Note,
    Failed,
}

impl Report {
    pub fn ok(&mut self, area: &'static str, what: impl Into<String>) {
        self.add(area, Verdict::Ok, "", what, "");
    }

    pub fn note(&mut self, area: &'static str, place: impl Into<String>, what: impl Into<String>, change: impl Into<String>) {
        self.add(area, Verdict::Note, place, what, change);
    }

    pub fn fail(&mut self, area: &'static str, place: impl Into<String>, what: impl Into<String>, change: impl Into<String>) {
        self.add(area, Verdict::Failed, place, what, change);
    }

    pub fn failed(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.verdict == Verdict::Failed)
    }

    pub fn failures(&self) -> usize {
        self.failed().count()
    }

    /// Says that an area is all right, if nothing in it failed.
    pub fn conclude(&mut self, area: &'static str, what: impl Into<String>) {
        if !self.failed().any(|finding| finding.area == area) {
            self.ok(area, what);
        }
    }

    /// The same thing found with several samples is one thing to mend.
    fn add(
        &mut self,
        area: &'static str,
        verdict: Verdict,
        place: impl Into<String>,
        what: impl Into<String>,
        change: impl Into<String>,
    ) {
        let finding = Finding { area, verdict, place: place.into(), what: what.into(), change: change.into() };
        let is_known = |known: &Finding| known.area == area && known.verdict == verdict && known.what == finding.what;
        if !self.findings.iter().any(is_known) {
            self.findings.push(finding);
        }
    }

    /// For people.
    pub fn table(&self) -> String {
        let mut out = String::new();
        if let Some(driver) = &self.driver {
            let _ = writeln!(out, "{} {}: {}", driver.name, driver.version, driver.summary);
            let _ = writeln!(out, "  provides    {}", driver.cluster_types.join(" "));
            let _ = writeln!(out, "  labels      {}", driver.labels.join(", "));
            let _ = writeln!(out, "  asks for    {}", self.asks());
            let _ = writeln!(out, "  component   {} KiB, sha256 {}", self.figures.component_bytes / 1024, driver.digest);
            if let Some(micros) = self.figures.define_stack_us {
                let _ = writeln!(out, "  define-stack {:.2} ms (median, a fresh sandbox each)", micros as f64 / 1000.0);
            }
            let _ = writeln!(out, "  calls made  {}\n", self.figures.calls);
        }
        for finding in &self.findings {
            let mark = match finding.verdict {
                Verdict::Ok => "ok  ",
                Verdict::Note => "note",
                Verdict::Failed => "FAIL",
            };
            let _ = writeln!(out, "{mark}  {:<16} {}", finding.area, finding.what);
            for (word, text) in [("where", &finding.place), ("change", &finding.change)] {
                if !text.is_empty() && finding.verdict != Verdict::Ok {
                    let _ = writeln!(out, "{:24}{word:<7}{text}", "");
                }
            }
        }
        out
    }

    fn asks(&self) -> String {
        if self.grants.is_empty() {
            return "nothing that an operator has to grant".to_owned();
        }
        let named = |asked: &Asked| {
            if asked.reason.is_empty() { asked.name.clone() } else { format!("{} ({})", asked.name, asked.reason) }
        };
        let file = self.file.strip_suffix(".wasm").unwrap_or(&self.file);
        let names: Vec<&str> = self.grants.iter().map(|asked| asked.name.as_str()).collect();
        let reasons: Vec<String> = self.grants.iter().map(named).collect();
        format!("{}; an operator grants it with: [drivers] grants = {file}: {}", reasons.join(", "), names.join(" "))
    }
}
