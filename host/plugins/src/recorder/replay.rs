//! A recorded call, made again.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jeroboam_model::{
    CallRecord, ClusterId,
    call_record::{FORMAT, HostCall},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    CONTRACT, RecorderSink,
    deck::Deck,
    names::{self, NameError},
};
use crate::{
    CallContext, Driver, Phase,
    bindings::{
        exports::jeroboam::coe::driver as wit, jeroboam::coe::types,
        v0_2::exports::jeroboam::coe0_2_0::coe_resources as resources,
    },
    driver::Subject,
};

/// Something that the component asked and the record has no answer to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unanswered {
    pub interface: String,
    pub function: String,
    pub arguments: Map<String, Value>,
}

/// Why a record cannot be made again. Each names what is wrong with the record.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    #[error("the record has format {0}, and this version reads format {FORMAT}")]
    Format(u32),
    #[error("the record is of the contract {0:?}, and this version replays {CONTRACT}")]
    Contract(String),
    #[error("the record is of {0:?}, which is no function that can be replayed")]
    Function(String),
    #[error("the record is not whole: {}", .0.join("; "))]
    Gaps(Vec<String>),
    #[error("the record is damaged")]
    Damaged(#[from] NameError),
    #[error("the call was not written down")]
    NotWritten,
}

/// Keeps one record.
#[derive(Clone, Default)]
struct Hand(Arc<Mutex<Option<CallRecord>>>);

impl RecorderSink for Hand {
    fn wants(&self, _: &str, _: Option<ClusterId>) -> bool {
        true
    }

    fn record_bytes(&self) -> usize {
        usize::MAX
    }

    fn keep(&self, record: CallRecord) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(record);
    }
}

/// Makes the call again with this component: its arguments and the answers to its questions are those of the record. Nothing outside is asked or
/// changed. Answers what it came to, and what was asked that the record does not answer.
pub async fn replay(driver: &Driver, record: &CallRecord) -> Result<(CallRecord, Vec<Unanswered>), ReplayError> {
    if record.format != FORMAT {
        return Err(ReplayError::Format(record.format));
    }
    if record.contract != CONTRACT {
        return Err(ReplayError::Contract(record.contract.clone()));
    }
    if !record.gaps.is_empty() {
        return Err(ReplayError::Gaps(record.gaps.clone()));
    }
    let deck = Deck::new(&record.host_calls);
    let hand = Hand::default();
    let context = CallContext { request_id: record.request_id.clone(), sources: deck.sources().with_recorder(hand.clone()) };
    call(driver, record, context).await?;
    let unanswered = deck.close()?;
    let made = hand.0.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or(ReplayError::NotWritten)?;
    Ok((made, unanswered))
}

async fn call(driver: &Driver, record: &CallRecord, context: CallContext) -> Result<(), ReplayError> {
    let input = &record.input;
    let unknown = || ReplayError::Function(record.function.clone());
    let phase = Phase::parse(&record.function).ok_or_else(unknown)?;
    macro_rules! make {
        ($method:ident { $($argument:ident: $type:ty),+ } $($passed:expr),+) => {{
            $(let $argument: $type = argument(input, stringify!($argument))?;)+
            let begun = driver.begin(phase, context, subject(record), &[$((stringify!($argument), &$argument)),+]);
            let made = driver.make(begun, move |guest, store| Box::pin(async move { guest.$method(store, $($passed),+).await }));
            // How it ended is in the record that was made of it.
            drop(made.await);
        }};
    }
    macro_rules! resources {
        ($method:ident { $($argument:ident: $type:ty),+ } $($passed:expr),+) => {{
            $(let $argument: $type = argument(input, stringify!($argument))?;)+
            let begun = driver.begin(phase, context, subject(record), &[$((stringify!($argument), &$argument)),+]);
            let made = driver.make_resources(begun, move |guest, store| Box::pin(async move { guest.$method(store, $($passed),+).await }));
            drop(made.await);
        }};
    }
    match phase {
        Phase::Describe => return Err(unknown()),
        // Nothing asks for it yet, so there are no records of it.
        #[cfg(feature = "coe-0-3")]
        Phase::RepairNodes => return Err(unknown()),
        Phase::ValidateTemplate => make!(call_validate_template { template: types::ClusterTemplate } & template),
        Phase::ValidateCluster => make!(call_validate_cluster { cluster: types::Cluster } & cluster),
        Phase::DefineStack => make!(call_define_stack { cluster: types::Cluster, scope: types::StackScope } & cluster, &scope),
        Phase::PlanUpgrade => make!(
            call_plan_upgrade { cluster: types::Cluster, target: types::ClusterTemplate, group: Option<String>, batch: u32 }
            &cluster, &target, group.as_deref(), batch
        ),
        Phase::PickRemovals => {
            make!(call_pick_removals { cluster: types::Cluster, group: String, count: u32 } & cluster, &group, count)
        }
        Phase::ReadStack => make!(
            call_read_stack { cluster: types::Cluster, scope: types::StackScope, outputs: Vec<wit::Output> }
            &cluster, &scope, &outputs
        ),
        Phase::BeforeDelete => make!(call_before_delete { cluster: types::Cluster } & cluster),
        Phase::CheckHealth => make!(call_check_health { cluster: types::Cluster } & cluster),
        Phase::ListResources => {
            resources!(call_list_resources { cluster: resources::ClusterBrief, kind: resources::Kind } & cluster, kind)
        }
        Phase::ShowResource => resources!(
            call_show_resource { cluster: resources::ClusterBrief, kind: resources::Kind, ident: String } & cluster,
            kind,
            &ident
        ),
        Phase::CreateResource => {
            resources!(
                call_create_resource { cluster: resources::ClusterBrief, manifest: resources::Manifest } & cluster,
                &manifest
            )
        }
        Phase::ReplaceResource => resources!(
            call_replace_resource { cluster: resources::ClusterBrief, ident: String, manifest: resources::Manifest } & cluster,
            &ident,
            &manifest
        ),
        Phase::DeleteResource => resources!(
            call_delete_resource { cluster: resources::ClusterBrief, kind: resources::Kind, ident: String } & cluster,
            kind,
            &ident
        ),
        Phase::ActOnContainer => resources!(
            call_act_on_container { cluster: resources::ClusterBrief, ident: String, action: resources::Action } & cluster,
            &ident,
            &action
        ),
    }
    Ok(())
}

fn argument<T: DeserializeOwned>(input: &Map<String, Value>, name: &str) -> Result<T, NameError> {
    match input.get(name) {
        Some(value) => names::from_value(value.clone()).map_err(|error| error.within(name).within("input")),
        None => Err(serde::de::Error::custom(format_args!("input/{name} is missing"))),
    }
}

/// The cluster that the call is about, with its groups.
fn subject(record: &CallRecord) -> Subject {
    let groups = record.input.get("cluster").and_then(|cluster| cluster.get("groups")).and_then(Value::as_array);
    let id = |group: &Value| group.get("uuid").and_then(Value::as_str)?.parse().ok();
    Subject { cluster: record.cluster, groups: groups.into_iter().flatten().filter_map(id).collect() }
}

impl Unanswered {
    pub(super) fn is(&self, call: &HostCall) -> bool {
        self.interface == call.interface && self.function == call.function && self.arguments == call.arguments
    }
}

/// `lookup get-flavor {"name-or-id":"m1.small"}`.
impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.interface, self.function)?;
        if self.arguments.is_empty() { Ok(()) } else { write!(f, " {}", Value::Object(self.arguments.clone())) }
    }
}
