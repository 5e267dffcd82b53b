//! Making the requests of a table.

use serde_json::{Map, Value, json};

use super::case::{Case, Expected, On, Taken};
use super::support::Answer;
use super::table::{LATEST, Place, Reply, Table};
use super::world::World;
use super::{answers, create, patch, special};

/// What came of a table.
pub struct Report {
    pub name: String,
    pub cases: usize,
    pub taken: usize,
    pub wrong: Vec<String>,
}

/// All that follows from one table, before a service of its own.
pub async fn table(name: String) -> Report {
    let world = World::start().await;
    let table = Table::named(&name, &world.names);
    let mut run = Run {
        world: &world,
        table: &table,
        bare: None,
        full: None,
        report: Report { name, cases: 0, taken: 0, wrong: Vec::new() },
    };
    run.all().await;
    run.report
}

struct Run<'a> {
    world: &'a World,
    table: &'a Table,
    /// What refused requests are made to.
    bare: Option<String>,
    full: Option<String>,
    report: Report,
}

impl Run<'_> {
    async fn all(&mut self) {
        let cases = [create::cases(self.table), patch::cases(self.table), special::cases(self.table)].concat();
        self.world.prepare(self.table).await;
        if self.table.patch.is_some() {
            self.bare = Some(self.world.make(self.table, &Map::new()).await);
            self.full = Some(self.full().await);
        }
        let (taken, refused): (Vec<Case>, _) = cases.into_iter().partition(|case| matches!(case.expected, Expected::Taken(_)));
        let before = self.world.stored().await;
        for case in refused {
            self.refused(&case).await;
        }
        if self.world.stored().await != before {
            self.report.wrong.push(format!("{}: refused requests have left something in the store", self.table.name));
        }
        for case in taken {
            self.report.taken += 1;
            self.taken(&case).await;
        }
        self.answers().await;
    }

    async fn refused(&mut self, case: &Case) {
        let path = case.path.replace("{}", self.shared(case.on));
        let answer = self.world.send(case, &path).await;
        let judged = case.judge(&answer).and_then(|()| speaks(case, &answer));
        self.note(case, &answer, judged);
    }

    async fn taken(&mut self, case: &Case) {
        let Expected::Taken(taken) = &case.expected else { return };
        let mut case = case.clone();
        let thing = match (case.on, self.table.create.as_ref().and_then(|create| create.distinct.as_deref())) {
            (On::Bare, _) => self.world.make(self.table, &Map::new()).await,
            (On::Full, _) => self.full().await,
            (On::Anything, distinct) => {
                if let Some(attribute) = distinct.filter(|attribute| *attribute != case.field) {
                    case.body[attribute] = json!(self.world.fresh());
                }
                String::new()
            }
        };
        let path = case.path.replace("{}", &thing);
        let answer = self.world.send(&case, &path).await;
        let judged = match case.judge(&answer).and_then(|()| speaks(&case, &answer)) {
            Ok(()) => self.outcome(&case, taken, &answer, &thing).await,
            Err(wrong) => Err(wrong),
        };
        self.note(&case, &answer, judged);
        let made = if thing.is_empty() { uuid(&answer) } else { thing };
        self.world.settle(self.table, &made).await;
    }

    /// Whether the answer, and what is shown afterwards, has the attribute as it should.
    async fn outcome(&self, case: &Case, taken: &Taken, answer: &Answer, thing: &str) -> Result<(), String> {
        let body = answer.json();
        let whole = Place::Show;
        match taken.reply {
            Reply::Uuid if keys(&body) == ["uuid"] => {}
            Reply::Uuid => return Err(format!("the answer has {:?}", keys(&body))),
            Reply::Whole => {
                let said: Vec<&str> = self.table.echoed(&case.body);
                answers::same_keys(&keys(&body), &self.table.keys(whole, false, case.version, &said))?;
                self.attribute(taken, case, &body)?;
            }
        }
        let Some(shown_at) = self.table.create.as_ref().and_then(|create| create.shown_at.as_ref()) else { return Ok(()) };
        let uuid = if thing.is_empty() { uuid(answer) } else { thing.to_owned() };
        let shown = self.world.user(case.caller, case.version).get(&shown_at.replace("{}", &uuid)).await;
        if shown.status != 200 {
            return Err(format!("afterwards it is not shown: {} {}", shown.status, shown.text));
        }
        self.attribute(taken, case, &shown.json())
    }

    fn attribute(&self, taken: &Taken, case: &Case, whole: &Value) -> Result<(), String> {
        let Some(field) = self.table.fields.get(&taken.attribute) else { return Ok(()) };
        let (Some(expected), true) = (&taken.shown, field.is_shown(Place::Show, false, case.version)) else { return Ok(()) };
        let shown = &whole[&taken.attribute];
        if shown == expected { Ok(()) } else { Err(format!("expected {expected}, not {shown}")) }
    }

    async fn answers(&mut self) {
        for (case, failed, form, list) in answers::cases(self.table) {
            let thing = match failed {
                true => self.world.names["failed"].clone(),
                false => self.full.clone().unwrap_or_default(),
            };
            let answer = self.world.send(&case, &case.path.replace("{}", &thing)).await;
            let judged = match case.judge(&answer).and_then(|()| speaks(&case, &answer)) {
                Ok(()) if answer.status == 200 => {
                    answers::judge(self.table, &answer.json(), form, list.as_deref(), failed, case.version)
                }
                other => other,
            };
            self.report.taken += 1;
            self.note(&case, &answer, judged);
        }
    }

    async fn full(&self) -> String {
        let full = self.table.patch.as_ref().map(|patch| patch.full.clone()).unwrap_or_default();
        self.world.make(self.table, &full).await
    }

    fn shared(&self, on: On) -> &str {
        match on {
            On::Anything => "",
            On::Bare => self.bare.as_deref().unwrap_or_default(),
            On::Full => self.full.as_deref().unwrap_or_default(),
        }
    }

    fn note(&mut self, case: &Case, answer: &Answer, judged: Result<(), String>) {
        self.report.cases += 1;
        if let Err(wrong) = judged {
            self.report.wrong.push(case.line(&self.table.name, answer, &wrong));
        }
    }
}

/// Whether the answer says which version it is of, and what there are.
fn speaks(case: &Case, answer: &Answer) -> Result<(), String> {
    let service = "container-infrastructure-management";
    for (header, version) in
        [("version", case.version.to_string()), ("minimum-version", "1.1".to_owned()), ("maximum-version", LATEST.to_string())]
    {
        let name = match header {
            "version" => "openstack-api-version",
            "minimum-version" => "openstack-api-minimum-version",
            _ => "openstack-api-maximum-version",
        };
        if answer.header(name) != Some(&format!("{service} {version}")) {
            return Err(format!("the header {name} is {:?}", answer.header(name)));
        }
    }
    let json = answer.status == 204 || answer.header("content-type") == Some("application/json");
    if json { Ok(()) } else { Err("the answer is not JSON".to_owned()) }
}

pub fn keys(object: &Value) -> Vec<&str> {
    object.as_object().map(|object| object.keys().map(String::as_str).collect()).unwrap_or_default()
}

fn uuid(answer: &Answer) -> String {
    serde_json::from_str::<Value>(&answer.text).ok().and_then(|body| Some(body["uuid"].as_str()?.to_owned())).unwrap_or_default()
}
