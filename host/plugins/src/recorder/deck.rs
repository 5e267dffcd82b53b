//! Sources that answer from a record.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jeroboam_model::{
    Authority,
    call_record::{HostAnswer, HostCall},
    driver::{FieldError, Platform, StackScope},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{
    functions::functions,
    names::{self, NameError},
    replay::Unanswered,
    tape::Argument,
    taped::arguments,
    told,
};
use crate::{
    Certificates, CoeApi, Flavor, FloatingIp, FloatingIps, Image, Interface, Keypair, LoadBalancer, LoadBalancers, Lookup,
    Network, Settings, SourceError, Sources, StackResource, Stacks, Subnet, Volume, VolumeType, Volumes,
    bindings::jeroboam::coe::types,
    interfaces::coe_api::{Request, Response},
};

/// The answers of a record. A question that was asked several times is answered in the order of then, and the last answer stays.
#[derive(Clone)]
pub(super) struct Deck(Arc<Mutex<Cards>>);

struct Cards {
    calls: Vec<(HostCall, bool)>,
    unanswered: Vec<Unanswered>,
    /// The first answer that is not one.
    damage: Option<NameError>,
}

impl Deck {
    pub fn new(calls: &[HostCall]) -> Self {
        let calls = calls.iter().map(|call| (call.clone(), false)).collect();
        Self(Arc::new(Mutex::new(Cards { calls, unanswered: Vec::new(), damage: None })))
    }

    /// What was asked and is not in the record, each once; or what is wrong with the record.
    pub fn close(self) -> Result<Vec<Unanswered>, NameError> {
        let mut cards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match cards.damage.take() {
            Some(damage) => Err(damage),
            None => Ok(std::mem::take(&mut cards.unanswered)),
        }
    }

    fn answer<T: DeserializeOwned>(
        &self,
        interface: Interface,
        function: &str,
        arguments: Map<String, Value>,
    ) -> Result<T, SourceError> {
        self.answer_with(interface, function, arguments, names::from_value)
    }

    fn answer_with<T>(
        &self,
        interface: Interface,
        function: &str,
        arguments: Map<String, Value>,
        read: impl FnOnce(Value) -> Result<T, NameError>,
    ) -> Result<T, SourceError> {
        let mut cards = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let question = Unanswered { interface: interface.to_string(), function: function.to_owned(), arguments };
        let read = match cards.draw(&question) {
            None | Some((HostAnswer::Cut(_), _)) => {
                if !cards.unanswered.contains(&question) {
                    cards.unanswered.push(question.clone());
                }
                return Err(SourceError::Internal(format!("the record does not answer {question}")));
            }
            Some((HostAnswer::Ok(value), place)) => read(value).map(Ok).map_err(|error| error.within("ok").within(place)),
            Some((HostAnswer::Error(value), place)) => names::from_value::<types::Error>(value)
                .map(|error| Err(told_error(error)))
                .map_err(|error| error.within("error").within(place)),
        };
        read.unwrap_or_else(|damage| {
            cards.damage.get_or_insert(damage);
            Err(SourceError::Internal("the record is damaged".to_owned()))
        })
    }
}

impl Cards {
    /// The first that was not used yet, else the last; and where it stands.
    fn draw(&mut self, question: &Unanswered) -> Option<(HostAnswer, String)> {
        let mut found = None;
        for (index, (call, used)) in self.calls.iter_mut().enumerate().filter(|(_, (call, _))| question.is(call)) {
            found = Some((call.answer.clone(), format!("host_calls/{index}/answer")));
            if !std::mem::replace(used, true) {
                break;
            }
        }
        found
    }
}

fn told_error(error: types::Error) -> SourceError {
    match error {
        types::Error::Invalid(fields) => {
            let field = |error: types::FieldError| FieldError { field: error.field, message: error.message };
            SourceError::Invalid(fields.into_iter().map(field).collect())
        }
        types::Error::Unsupported(text) => SourceError::Unsupported(text),
        types::Error::NotFound(text) => SourceError::NotFound(text),
        types::Error::Conflict(text) => SourceError::Conflict(text),
        types::Error::Denied(text) => SourceError::Denied(text),
        types::Error::Quota(text) => SourceError::Quota(text),
        types::Error::Unavailable(retry) => {
            SourceError::Unavailable { message: retry.message, after: std::time::Duration::from_millis(retry.after_ms.into()) }
        }
        types::Error::Internal(text) | types::Error::Other(text) => SourceError::Internal(text),
    }
}

macro_rules! recorded {
    ($($source:ident, $field:ident { $($function:literal $method:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+ })+) => {
        impl Deck {
            /// Everything is answered from the record.
            pub fn sources(&self) -> Sources {
                Sources {
                    settings: Arc::new(self.clone()),
                    coe_api: Arc::new(self.clone()),
                    $($field: Arc::new(self.clone()),)+
                    ..Sources::none()
                }
            }
        }

        $(#[async_trait]
        impl $source for Deck {
            $(async fn $method(&self, $($argument: $type),*) -> Result<$answer, SourceError> {
                let arguments = arguments([$((stringify!($argument), &$argument as &(dyn Argument + Sync))),*]);
                self.answer(Interface::$source, $function, arguments)
            })+
        })+
    };
}

functions!(recorded);

/// Settings have no way to fail: what is not in the record is empty, and counts as unanswered.
#[async_trait]
impl Settings for Deck {
    async fn get_platform(&self) -> Platform {
        self.answer(Interface::Settings, "get-platform", Map::new()).unwrap_or_default()
    }

    async fn get(&self, _: &str, name: &str) -> Option<String> {
        let arguments = arguments([("name", &name as &(dyn Argument + Sync))]);
        self.answer(Interface::Settings, "get", arguments).unwrap_or_default()
    }
}

#[async_trait]
impl CoeApi for Deck {
    async fn send(&self, request: Request) -> Result<Response, SourceError> {
        self.answer_with(Interface::CoeApi, "send", told::request(&request), told::response_of)
    }
}
