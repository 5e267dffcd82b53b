//! Sources that write down what they answer.

use std::sync::Arc;

use async_trait::async_trait;
use jeroboam_model::{
    Authority,
    driver::{Platform, StackScope},
};
use serde_json::{Map, Value};

use super::{
    functions::functions,
    tape::{Argument, Tape},
    told::{self, Told},
};
use crate::{
    Certificates, CoeApi, Flavor, FloatingIp, FloatingIps, Image, Interface, Keypair, LoadBalancer, LoadBalancers, Lookup,
    Network, Settings, SourceError, Sources, StackResource, Stacks, Subnet, Volume, VolumeType, Volumes,
    interfaces::coe_api::{Request, Response},
};

/// A source, and where its answers are written down.
struct Taped<S: ?Sized> {
    source: Arc<S>,
    tape: Arc<Tape>,
}

/// Arguments of a host function, by the contract's names.
pub(super) fn arguments<'a>(named: impl IntoIterator<Item = (&'a str, &'a (dyn Argument + Sync))>) -> Map<String, Value> {
    named.into_iter().map(|(name, value)| (name.replace('_', "-"), value.value().unwrap_or_default())).collect()
}

macro_rules! taped {
    ($($source:ident, $field:ident { $($function:literal $method:ident($($argument:ident: $type:ty),*) -> $answer:ty;)+ })+) => {
        impl Sources {
            /// The same, with everything that is answered written down.
            pub(crate) fn taped(self, tape: &Arc<Tape>) -> Self {
                Self {
                    settings: Arc::new(Taped { source: self.settings, tape: Arc::clone(tape) }),
                    coe_api: Arc::new(Taped { source: self.coe_api, tape: Arc::clone(tape) }),
                    $($field: Arc::new(Taped { source: self.$field, tape: Arc::clone(tape) }),)+
                    redactor: self.redactor,
                    recorder: self.recorder,
                    audit: self.audit,
                    tape: Some(Arc::clone(tape)),
                }
            }
        }

        $(#[async_trait]
        impl $source for Taped<dyn $source> {
            $(async fn $method(&self, $($argument: $type),*) -> Result<$answer, SourceError> {
                let answer = self.source.$method($($argument),*).await;
                let arguments = arguments([$((stringify!($argument), &$argument as &(dyn Argument + Sync))),*]);
                self.tape.answered(Interface::$source, $function, arguments, &answer);
                answer
            })+
        })+
    };
}

functions!(taped);

#[async_trait]
impl Settings for Taped<dyn Settings> {
    async fn get_platform(&self) -> Platform {
        let platform = self.source.get_platform().await;
        self.tape.answered(Interface::Settings, "get-platform", Map::new(), &Ok(told::platform(&platform)));
        platform
    }

    async fn get(&self, driver: &str, name: &str) -> Option<String> {
        let answer = self.source.get(driver, name).await;
        self.tape.answered(Interface::Settings, "get", arguments([("name", &name as &(dyn Argument + Sync))]), &Ok(&answer));
        answer
    }
}

#[async_trait]
impl CoeApi for Taped<dyn CoeApi> {
    async fn send(&self, request: Request) -> Result<Response, SourceError> {
        let arguments = told::request(&request);
        let answer = self.source.send(request).await;
        match answer.as_ref().map(told::response) {
            Ok(Told::TooLarge(bytes)) => self.tape.not_kept(Interface::CoeApi, "send", arguments, bytes),
            Ok(Told::Whole(told)) => self.tape.answered(Interface::CoeApi, "send", arguments, &Ok(told)),
            Err(error) => self.tape.answered(Interface::CoeApi, "send", arguments, &Err::<Value, _>(error.clone())),
        }
        answer
    }
}
