//! Every operation of the operator API: the one table that the router and the OpenAPI document are made from. Who may is decided here too, before a byte of a body is
//! read.

use std::convert;

use axum::Router;
use axum::extract::{Request, State};
use axum::routing::{MethodFilter, MethodRouter};
use futures::future::BoxFuture;
use http::Method;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::{actions, audit, drivers, openapi, plans, recording, records, versions};
use crate::app::App;
use crate::call::{Call, Gate, serve_through};
use crate::error::ApiError;
use crate::policy::Rule;
use crate::reply::{LINES, Reply};

/// What can be done at a path with a method.
pub struct Operation {
    pub method: Method,
    pub path: &'static str,
    /// The operation's name in the document.
    pub id: &'static str,
    pub summary: &'static str,
    pub rule: Rule,
    /// Who asks the rule.
    pub asked_by: AskedBy,
    pub query: &'static [Parameter],
    pub body: Body,
    pub answer: Answer,
    pub handle: fn(Call) -> BoxFuture<'static, Result<Reply, ApiError>>,
}

/// Who asks whether the caller may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedBy {
    /// The router, before the body is read: the rule is about the caller alone.
    Router,
    /// The handler, about what it finds.
    Handler,
}

/// A parameter of the query string.
pub struct Parameter {
    pub name: &'static str,
    pub meaning: &'static str,
    pub required: bool,
}

pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What a request carries.
pub enum Body {
    None,
    Json(SchemaOf),
    /// A WebAssembly component.
    Component,
}

/// What is answered if all is well.
pub struct Answer {
    pub status: u16,
    pub schema: Option<SchemaOf>,
    /// Also as a line for each change, until there are no more: `application/x-ndjson`.
    pub lines: bool,
}

impl Answer {
    pub const fn json<T: JsonSchema>(status: u16) -> Self {
        Self { status, schema: Some(schema_of::<T>), lines: false }
    }

    const fn lines<T: JsonSchema>() -> Self {
        Self { status: 200, schema: Some(schema_of::<T>), lines: true }
    }

    const NOTHING: Self = Self { status: 204, schema: None, lines: false };
}

pub fn schema_of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

macro_rules! operations {
    ($table:ident, $asked:ident; $($method:ident $path:literal $handler:path, $id:literal, $rule:ident, ($($query:expr)?), $body:expr, $answer:expr, $summary:literal;)+) => {
        /// All of them, in the order of the document.
        pub static $table: &[Operation] = &[$(Operation {
            method: http::Method::$method,
            path: $path,
            id: $id,
            summary: $summary,
            rule: crate::policy::Rule::$rule,
            asked_by: AskedBy::$asked,
            query: crate::resources::drivers::operations!(@query $($query)?),
            body: $body,
            answer: $answer,
            handle: |call| Box::pin($handler(call)),
        }),+];
    };
    (@query) => { &[] };
    (@query $query:expr) => { $query };
}
pub(crate) use operations;

const INSTALL: &[Parameter] =
    &[Parameter { name: "name", meaning: "The driver's name, by which the component has to call itself.", required: true }];
const LIMIT: Parameter = Parameter { name: "limit", meaning: "The most items to answer with.", required: false };
const MARKER: Parameter = Parameter { name: "marker", meaning: "The last item of the page before.", required: false };
const CLUSTER: Parameter = Parameter { name: "cluster", meaning: "Only those about this cluster, by its uuid.", required: false };
const PAGE: &[Parameter] = &[LIMIT, MARKER];
const FUNCTION: Parameter =
    Parameter { name: "function", meaning: "Only calls of this function: `define-stack`, …", required: false };
const RECORDING: &[Parameter] = &[CLUSTER];
const RECORDS: &[Parameter] = &[LIMIT, MARKER, CLUSTER, FUNCTION];
const AUDIT: &[Parameter] = &[LIMIT, MARKER, CLUSTER];

operations! {
    OPERATIONS, Router;
    GET "/v1/drivers" drivers::list, "list_drivers", DriverGetAll, (), Body::None, Answer::json::<drivers::Drivers>(200),
        "List drivers with their versions.";
    GET "/v1/drivers/{name}" drivers::show, "show_driver", DriverGet, (), Body::None, Answer::json::<drivers::Driver>(200),
        "Show a driver: how far its rollout is, who uses which version, and what to do next.";
    POST "/v1/drivers/versions" versions::install, "install_version", DriverInstall, (INSTALL), Body::Component,
        Answer::json::<versions::Version>(202), "Store a component as a version. It is checked afterwards: look at it until it is no longer `installed`.";
    GET "/v1/drivers/versions/{version}" versions::show, "show_version", DriverGet, (), Body::None, Answer::json::<versions::Version>(200),
        "Show a version.";
    DELETE "/v1/drivers/versions/{version}" versions::remove, "remove_version", DriverRemove, (), Body::None, Answer::NOTHING,
        "Forget a version that serves nobody.";
    POST "/v1/drivers/versions/{version}/actions/check" actions::check, "check_version", DriverCheck, (), Body::None,
        Answer::json::<versions::Version>(202), "Check a version again.";
    POST "/v1/drivers/versions/{version}/actions/approve" actions::approve, "approve_version", DriverApprove, (), Body::None,
        Answer::json::<versions::Version>(202), "Grant a version what it waits for.";
    POST "/v1/drivers/versions/{version}/actions/activate" actions::activate, "activate_version", DriverActivate, (),
        Body::Json(schema_of::<actions::Activate>), Answer::json::<drivers::Driver>(200), "Give new clusters to a version: all, or some at first.";
    POST "/v1/drivers/versions/{version}/actions/revoke" actions::revoke, "revoke_version", DriverRevoke, (),
        Body::Json(schema_of::<actions::Revoke>), Answer::json::<actions::Revoked>(200),
        "Refuse a version from now on, and list the clusters that it touched. May be repeated.";
    POST "/v1/drivers/{name}/actions/confirm" actions::confirm, "confirm_rollout", DriverConfirm, (), Body::None,
        Answer::json::<drivers::Driver>(200), "Keep the active version for good.";
    POST "/v1/drivers/{name}/actions/rollback" actions::rollback, "roll_back", DriverRollback, (), Body::None,
        Answer::json::<drivers::Driver>(200), "Go back to the version before, at once.";
    POST "/v1/drivers/{name}/actions/move" actions::move_clusters, "move_clusters", DriverMove, (),
        Body::Json(schema_of::<actions::Move>), Answer::json::<actions::MovedClusters>(200),
        "Move clusters to the version that new ones get, whatever that changes.";
    POST "/v1/drivers/{name}/plans" plans::begin, "begin_plan", DriverPlan, (), Body::Json(schema_of::<plans::Begin>),
        Answer::json::<plans::Plan>(202), "Begin, or resume, a plan: what a version would change about each cluster.";
    GET "/v1/drivers/{name}/plans/{plan}" plans::show, "show_plan", DriverPlan, (), Body::None, Answer::lines::<plans::Plan>(),
        "Show how far a plan is, and what it has found.";
    GET "/v1/drivers/{name}/plans/{plan}/clusters" plans::clusters, "list_planned_clusters", DriverPlan, (PAGE), Body::None,
        Answer::json::<plans::PlannedClusters>(200), "List what a plan has found, by cluster.";
    GET "/v1/drivers/{name}/recording" recording::show, "show_recording", DriverRecord, (), Body::None,
        Answer::json::<recording::Recording>(200), "Show whether calls of a driver are recorded.";
    PUT "/v1/drivers/{name}/recording" recording::on, "begin_recording", DriverRecord, (), Body::Json(schema_of::<recording::Record>),
        Answer::json::<recording::Recording>(200), "Record calls of a driver from now on, also after a restart.";
    DELETE "/v1/drivers/{name}/recording" recording::off, "end_recording", DriverRecord, (RECORDING), Body::None, Answer::NOTHING,
        "Record no more. What was recorded stays for its time.";
    GET "/v1/drivers/{name}/records" records::list, "list_records", DriverRecord, (RECORDS), Body::None,
        Answer::json::<records::CallRecords>(200), "List calls that were recorded, the newest first.";
    GET "/v1/drivers/{name}/records/{record}" records::show, "show_record", DriverRecord, (), Body::None,
        Answer::json::<records::WholeRecord>(200), "Show a recorded call whole, as `jeroboam driver replay` reads it.";
    GET "/v1/drivers/{name}/audit" audit::list, "list_effects", DriverAudit, (AUDIT), Body::None, Answer::json::<audit::Audit>(200),
        "List what a driver did to the world outside, the latest first.";
}

crate::router::routing! {
    DOCUMENT, document: MethodRouter::new(), convert::identity;
    "/v1/drivers/openapi.json" { get openapi::serve }
}

/// Method and path of each.
pub fn paths() -> impl Iterator<Item = (&'static Method, &'static str)> {
    OPERATIONS.iter().map(|operation| (&operation.method, operation.path))
}

/// The routes of the table, and the document of it, which anybody may read.
pub fn routes() -> Router<App> {
    routes_of(OPERATIONS, document())
}

/// The routes of a table, beside others.
pub fn routes_of(table: &'static [Operation], others: Router<App>) -> Router<App> {
    table.iter().fold(others, |router, operation| router.route(operation.path, operation.route()))
}

impl Operation {
    fn route(&'static self) -> MethodRouter<App> {
        let filter = MethodFilter::try_from(self.method.clone()).unwrap_or(MethodFilter::GET);
        let gate = self.gate();
        MethodRouter::new()
            .on(filter, move |state: State<App>, request: Request| serve_through(gate, state, request, self.handle))
    }

    fn gate(&self) -> Gate {
        Gate {
            rule: (self.asked_by == AskedBy::Router).then_some(self.rule),
            takes_component: matches!(self.body, Body::Component),
            mimetype: self.answer.lines.then_some(LINES),
            ..Gate::default()
        }
    }
}
