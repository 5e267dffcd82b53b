//! A call that a host recorded, as a native test.

use std::{cell::RefCell, fmt, fs, path::Path, rc::Rc};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use super::{World, names};
use crate::{
    Driver, Error,
    coe_api::{Request, Response},
    stacks::Output,
};

/// The form of records that is read.
const FORMAT: u64 = 1;

/// One call: what the driver was asked, what the host answered its questions, and what it answered.
///
/// ```no_run
/// # use jeroboam_driver_sdk::testing::{Record, RecordError};
/// # fn test<Mine: jeroboam_driver_sdk::Driver>() -> Result<(), RecordError> {
/// Record::read("records/first.json")?.replay::<Mine>()
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Record(Rc<Value>);

/// What is wrong with a record, or otherwise than in it.
#[derive(Debug)]
pub enum RecordError {
    /// It cannot be read.
    Unreadable(String),
    /// It is not a record that this kit understands.
    Damaged(String),
    /// The driver asked something that was not asked then.
    Unanswered(Vec<String>),
    /// The driver answers otherwise: a line for each place.
    Different(Vec<String>),
}

/// Anything that can be an argument of a host's function.
pub(crate) trait Argument {
    fn value(&self) -> Value;
}

impl<T: Serialize> Argument for T {
    fn value(&self) -> Value {
        names::to_value(self).unwrap_or_default()
    }
}

/// The answers of a record, as a world gives them.
#[derive(Clone, Debug)]
pub(super) struct Recorded {
    record: Record,
    /// Places of answers that were given already.
    used: RefCell<Vec<usize>>,
    unanswered: Rc<RefCell<Vec<String>>>,
}

impl Record {
    /// From a file, as `jeroboam driver test --record` and the operator's API write it.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, RecordError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| RecordError::Unreadable(format!("{}: {error}", path.display())))?;
        Self::parse(&text)
    }

    pub fn parse(text: &str) -> Result<Self, RecordError> {
        let value: Value = serde_json::from_str(text).map_err(|error| RecordError::Damaged(error.to_string()))?;
        match value.get("format").and_then(Value::as_u64) {
            Some(FORMAT) => Ok(Self(Rc::new(value))),
            _ => Err(RecordError::Damaged(format!("format is not {FORMAT}"))),
        }
    }

    /// `define-stack`, …
    pub fn function(&self) -> &str {
        self.0.get("function").and_then(Value::as_str).unwrap_or_default()
    }

    /// An argument by its name in the contract: `record.argument::<Cluster>("cluster")`.
    pub fn argument<T: DeserializeOwned>(&self, name: &str) -> Result<T, RecordError> {
        let value = self.0.get("input").and_then(|input| input.get(name)).cloned();
        let value = value.ok_or_else(|| RecordError::Damaged(format!("input/{name} is missing")))?;
        names::from_value(value).map_err(|error| RecordError::Damaged(format!("input/{name}: {error}")))
    }

    /// What was answered: `{"ok": …}` or `{"error": …}`.
    pub fn outcome(&self) -> &Value {
        self.0.get("outcome").unwrap_or(&Value::Null)
    }

    /// A world that answers what the host answered then, and nothing else.
    pub fn world(&self) -> World {
        let recorded = Recorded { record: self.clone(), used: RefCell::default(), unanswered: Rc::default() };
        let mut world = World::new();
        world.record = Some(recorded);
        world
    }

    /// Makes the call again: the driver is to answer as it did.
    pub fn replay<D: Driver>(&self) -> Result<(), RecordError> {
        let world = self.world();
        let unanswered = world.record.as_ref().map(|recorded| Rc::clone(&recorded.unanswered)).unwrap_or_default();
        let made = self.make::<D>(world)?;
        let unanswered = unanswered.take();
        if !unanswered.is_empty() {
            return Err(RecordError::Unanswered(unanswered));
        }
        let mut lines = Vec::new();
        differences(self.outcome(), &made, "", &mut lines);
        if lines.is_empty() { Ok(()) } else { Err(RecordError::Different(lines)) }
    }

    fn make<D: Driver>(&self, world: World) -> Result<Value, RecordError> {
        Ok(match self.function() {
            "validate-template" => {
                let template = self.argument("template")?;
                world.run(|| said(D::validate_template(&template)))
            }
            "validate-cluster" => {
                let cluster = self.argument("cluster")?;
                world.run(|| said(D::validate_cluster(&cluster)))
            }
            "define-stack" => {
                let (cluster, scope) = (self.argument("cluster")?, self.argument("scope")?);
                world.run(|| said(D::define_stack(&cluster, &scope)))
            }
            "plan-upgrade" => {
                let (cluster, target, batch) = (self.argument("cluster")?, self.argument("target")?, self.argument("batch")?);
                let group: Option<String> = self.argument("group")?;
                world.run(|| said(D::plan_upgrade(&cluster, &target, group.as_deref(), batch)))
            }
            "pick-removals" => {
                let (cluster, group, count) =
                    (self.argument("cluster")?, self.argument::<String>("group")?, self.argument("count")?);
                world.run(|| said(D::pick_removals(&cluster, &group, count)))
            }
            "read-stack" => {
                let (cluster, scope) = (self.argument("cluster")?, self.argument("scope")?);
                let outputs: Vec<crate::Output> = self.argument("outputs")?;
                world.run(|| said(D::read_stack(&cluster, &scope, &outputs)))
            }
            "before-delete" => {
                let cluster = self.argument("cluster")?;
                world.run(|| said(D::before_delete(&cluster)))
            }
            "check-health" => {
                let cluster = self.argument("cluster")?;
                world.run(|| said(D::check_health(&cluster)))
            }
            other => return Err(RecordError::Damaged(format!("{other:?} is no function that can be called again"))),
        })
    }

    fn calls(&self) -> impl Iterator<Item = (usize, &Value)> {
        self.0.get("host_calls").and_then(Value::as_array).into_iter().flatten().enumerate()
    }
}

fn said<T: Serialize>(answer: Result<T, Error>) -> Value {
    match answer {
        Ok(answer) => json!({"ok": answer.value()}),
        Err(error) => json!({"error": error.value()}),
    }
}

impl Recorded {
    /// The first answer that was not given yet, else the last.
    fn answer<T>(
        &self,
        interface: &str,
        function: &str,
        arguments: &Map<String, Value>,
        read: impl FnOnce(Value) -> Result<T, String>,
    ) -> Result<T, Error> {
        let is = |call: &Value| {
            let text = |name: &str| call.get(name).and_then(Value::as_str).unwrap_or_default();
            let given = call.get("arguments").and_then(Value::as_object);
            text("interface") == interface
                && text("function") == function
                && given.map_or(arguments.is_empty(), |given| given == arguments)
        };
        let mut used = self.used.borrow_mut();
        let fresh = self.record.calls().find(|(place, call)| is(call) && !used.contains(place));
        let found = fresh.or_else(|| self.record.calls().filter(|(_, call)| is(call)).last());
        let Some((place, call)) = found else {
            let question = format!("{interface} {function} {}", Value::Object(arguments.clone()));
            self.unanswered.borrow_mut().push(question.clone());
            return Err(Error::Internal(format!("the record does not answer {question}")));
        };
        used.push(place);
        let answer = call.get("answer").cloned().unwrap_or_default();
        let damaged = |what: String| Error::Internal(format!("host_calls/{place}/answer of the record: {what}"));
        match (answer.get("ok"), answer.get("error")) {
            (Some(value), _) => read(value.clone()).map_err(damaged),
            (None, Some(error)) => Err(names::from_value(error.clone()).unwrap_or_else(|error| damaged(error.to_string()))),
            (None, None) => Err(damaged("it is neither ok nor error".to_owned())),
        }
    }
}

/// Answers of the record that the world was made of; nothing, if it was not made of one.
impl World {
    pub(crate) fn recorded<T: DeserializeOwned>(
        &self,
        interface: &str,
        function: &str,
        arguments: &[(&str, &dyn Argument)],
    ) -> Option<Result<T, Error>> {
        let arguments = arguments.iter().map(|(name, value)| (name.replace('_', "-"), value.value())).collect();
        let read = |value| names::from_value(value).map_err(|error| error.to_string());
        Some(self.record.as_ref()?.answer(interface, function, &arguments, read))
    }

    /// A record has the values of outputs as they are, and not as text.
    pub(super) fn recorded_outputs(&self, scope: &crate::StackScope) -> Option<Result<Vec<Output>, Error>> {
        let outputs = self.recorded::<Vec<(String, Value)>>("stacks", "list-outputs", &[("scope", scope)])?;
        Some(outputs.map(|outputs| outputs.into_iter().map(|(name, value)| (name, value.to_string())).collect()))
    }

    /// How long a request may take is not recorded.
    pub(super) fn recorded_response(&self, request: &Request) -> Option<Result<Response, Error>> {
        let body = String::from_utf8_lossy(&request.body);
        let told = json!({"method": request.method, "path": request.path, "headers": request.headers, "body": body,
            "identity": request.identity});
        let arguments = Map::from_iter([("request".to_owned(), told)]);
        Some(self.record.as_ref()?.answer("coe-api", "send", &arguments, response))
    }
}

fn response(told: Value) -> Result<Response, String> {
    #[derive(serde::Deserialize)]
    struct Told {
        status: u16,
        headers: Vec<(String, String)>,
        body: String,
    }
    let Told { status, headers, body } = names::from_value(told).map_err(|error| error.to_string())?;
    Ok(Response { status, headers, body: body.into_bytes() })
}

/// A line for each place whose values are not the same.
fn differences(then: &Value, now: &Value, place: &str, lines: &mut Vec<String>) {
    let at = |name: &dyn fmt::Display| if place.is_empty() { name.to_string() } else { format!("{place}/{name}") };
    match (then, now) {
        (Value::Object(a), Value::Object(b)) => {
            let mut names: Vec<&String> = a.keys().chain(b.keys()).collect();
            names.sort();
            names.dedup();
            let of = |object: &Map<String, Value>, name: &String| object.get(name).cloned().unwrap_or_default();
            names.into_iter().for_each(|name| differences(&of(a, name), &of(b, name), &at(name), lines));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(index, (a, b))| differences(a, b, &at(&index), lines));
        }
        _ if then == now => {}
        _ => lines.push(format!("{place}: was {then}, is {now}")),
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(what) => write!(f, "the record cannot be read: {what}"),
            Self::Damaged(what) => write!(f, "the record is damaged: {what}"),
            Self::Unanswered(questions) => write!(f, "the record does not answer:\n  {}", questions.join("\n  ")),
            Self::Different(lines) => write!(f, "the driver answers otherwise than in the record:\n  {}", lines.join("\n  ")),
        }
    }
}

impl std::error::Error for RecordError {}
