//! `coe-resources`: what a driver may offer since 0.2.0 of the contract. It speaks for what runs on a cluster; whoever asks waits for the cluster's own API.

use futures::future::BoxFuture;
use jeroboam_model::{
    ClusterView,
    driver::{CoeResource, ContainerAction, Manifest, ResourceKind},
};
use serde::Serialize;
use wasmtime::{Store, component::InstancePre};

use crate::{
    CallContext, CallError, Driver, Phase, StopReason,
    bindings::v0_2::exports::jeroboam::coe0_2_0::coe_resources::{self as wit, Guest, GuestIndices},
    call::{Call, Ended, Prepared},
    convert::resource::{self, brief},
    driver::{Said, Subject, taped},
    notices::About,
    recorder::Input,
    state::CallState,
};

/// Why there is no answer about what runs on a cluster.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError {
    /// The cluster's own API said no, with this status of HTTP: 400 to 599.
    #[error("the cluster's API answered {status}: {message}")]
    Refused { status: u16, message: String },
    /// The driver offers no `coe-resources`.
    #[error("driver {driver} does not speak for what runs on its clusters")]
    NotOffered { driver: String },
    #[error(transparent)]
    Call(#[from] CallError),
}

/// Where a component exports the interface.
#[derive(Clone)]
pub(crate) struct Export(GuestIndices);

impl Export {
    /// Nothing if the component does not export it.
    pub(crate) fn of(pre: &InstancePre<CallState>) -> wasmtime::Result<Option<Self>> {
        let exported = pre.component().get_export_index(None, "jeroboam:coe/coe-resources@0.2.0");
        exported.map(|_| GuestIndices::new(pre).map(Self)).transpose()
    }
}

/// An answer, or the refusal of the cluster's API. That is an answer, too: the driver did what it was asked.
#[derive(Serialize)]
pub(crate) enum Outcome<T> {
    Done(T),
    Refused(wit::Refusal),
}

/// Calls one export.
pub(crate) trait Asked<T>:
    for<'a> FnOnce(&'a Guest, &'a mut Store<CallState>) -> BoxFuture<'a, wasmtime::Result<Result<T, wit::Failure>>> + Send + 'static
{
}

impl<T, F> Asked<T> for F where
    F: for<'a> FnOnce(&'a Guest, &'a mut Store<CallState>) -> BoxFuture<'a, wasmtime::Result<Result<T, wit::Failure>>>
        + Send
        + 'static
{
}

impl Prepared {
    /// Makes one instance, to see that what is exported under the name is what the contract says.
    pub(crate) async fn probe_resources(&self) -> Result<(), String> {
        if self.resources.is_none() {
            return Ok(());
        }
        let call = Call::describe(&self.engine.limits);
        let probed = self.work(call, |this, store| Box::pin(async move { this.resources(store).await.map(drop) })).await;
        probed.map(drop).map_err(|reason| format!("coe-resources: {reason}"))
    }

    async fn resources(&self, store: &mut Store<CallState>) -> wasmtime::Result<Guest> {
        let instance = self.pre.instance_pre().instantiate_async(&mut *store).await?;
        let export = self.resources.as_ref().ok_or_else(|| wasmtime::Error::msg("the driver does not export it"))?;
        export.0.load(store, &instance)
    }
}

impl Driver {
    /// Whether the driver offers `coe-resources`.
    pub fn offers_resources(&self) -> bool {
        self.0.prepared.resources.is_some()
    }

    /// All of a kind, in an order that stays.
    pub async fn list_resources(
        &self,
        view: &ClusterView,
        kind: ResourceKind,
        context: CallContext,
    ) -> Result<Vec<CoeResource>, ResourceError> {
        let (of, asked) = (brief(view), resource::kind(kind));
        let call = self.begin(Phase::ListResources, context, Subject::of(view), &[("cluster", &of), ("kind", &asked)]);
        let said = self
            .ask_resources(call, move |guest, store| Box::pin(async move { guest.call_list_resources(store, &of, asked).await }));
        let (answer, about) = said.await?;
        resource::list(answer, kind, &about.redactor).map_err(|bad| self.bad(&about, bad).into())
    }

    /// One, by the COE's id or by name.
    pub async fn show_resource(
        &self,
        view: &ClusterView,
        kind: ResourceKind,
        ident: &str,
        context: CallContext,
    ) -> Result<CoeResource, ResourceError> {
        let (of, asked, ident) = (brief(view), resource::kind(kind), ident.to_owned());
        let input: Input<'_> = &[("cluster", &of), ("kind", &asked), ("ident", &ident)];
        let call = self.begin(Phase::ShowResource, context, Subject::of(view), input);
        let said = self.ask_resources(call, move |guest, store| {
            Box::pin(async move { guest.call_show_resource(store, &of, asked, &ident).await })
        });
        let (answer, about) = said.await?;
        resource::one(answer, kind, &about.redactor).map_err(|bad| self.bad(&about, bad).into())
    }

    /// Makes one, and answers how it is then.
    pub async fn create_resource(
        &self,
        view: &ClusterView,
        manifest: &Manifest,
        context: CallContext,
    ) -> Result<CoeResource, ResourceError> {
        let (of, kind, manifest) = (brief(view), manifest.kind(), resource::manifest(manifest));
        let input: Input<'_> = &[("cluster", &of), ("manifest", &manifest)];
        let call = self.begin(Phase::CreateResource, context, Subject::of(view), input);
        let said = self.ask_resources(call, move |guest, store| {
            Box::pin(async move { guest.call_create_resource(store, &of, &manifest).await })
        });
        let (answer, about) = said.await?;
        resource::one(answer, kind, &about.redactor).map_err(|bad| self.bad(&about, bad).into())
    }

    /// Puts the manifest in the place of one.
    pub async fn replace_resource(
        &self,
        view: &ClusterView,
        ident: &str,
        manifest: &Manifest,
        context: CallContext,
    ) -> Result<CoeResource, ResourceError> {
        let (of, kind, manifest) = (brief(view), manifest.kind(), resource::manifest(manifest));
        let ident = ident.to_owned();
        let input: Input<'_> = &[("cluster", &of), ("ident", &ident), ("manifest", &manifest)];
        let call = self.begin(Phase::ReplaceResource, context, Subject::of(view), input);
        let said = self.ask_resources(call, move |guest, store| {
            Box::pin(async move { guest.call_replace_resource(store, &of, &ident, &manifest).await })
        });
        let (answer, about) = said.await?;
        resource::one(answer, kind, &about.redactor).map_err(|bad| self.bad(&about, bad).into())
    }

    pub async fn delete_resource(
        &self,
        view: &ClusterView,
        kind: ResourceKind,
        ident: &str,
        context: CallContext,
    ) -> Result<(), ResourceError> {
        let (of, asked, ident) = (brief(view), resource::kind(kind), ident.to_owned());
        let input: Input<'_> = &[("cluster", &of), ("kind", &asked), ("ident", &ident)];
        let call = self.begin(Phase::DeleteResource, context, Subject::of(view), input);
        let said = self.ask_resources(call, move |guest, store| {
            Box::pin(async move { guest.call_delete_resource(store, &of, asked, &ident).await })
        });
        said.await.map(drop)
    }

    /// What a container said to an action: nothing but for logs and what was run in it.
    pub async fn act_on_container(
        &self,
        view: &ClusterView,
        ident: &str,
        action: &ContainerAction,
        context: CallContext,
    ) -> Result<String, ResourceError> {
        let (of, ident, action) = (brief(view), ident.to_owned(), resource::action(action));
        let input: Input<'_> = &[("cluster", &of), ("ident", &ident), ("action", &action)];
        let call = self.begin(Phase::ActOnContainer, context, Subject::of(view), input);
        let said = self.ask_resources(call, move |guest, store| {
            Box::pin(async move { guest.call_act_on_container(store, &of, &ident, &action).await })
        });
        let (answer, about) = said.await?;
        Ok(about.redactor.redact(&answer))
    }

    /// Makes a call of the interface.
    pub(crate) async fn make_resources<T: Send + Serialize>(
        &self,
        call: Call,
        asked: impl Asked<T>,
    ) -> Result<Ended<Said<Outcome<T>>>, StopReason> {
        let tape = call.sources.tape.clone();
        let made = self.0.prepared.work(call, move |this, store| {
            Box::pin(async move {
                let guest = this.resources(store).await?;
                Ok(match asked(&guest, store).await? {
                    Ok(answer) => Ok(Outcome::Done(answer)),
                    Err(wit::Failure::Refused(refusal)) => Ok(Outcome::Refused(refusal)),
                    Err(wit::Failure::Error(error)) => Err(error),
                })
            })
        });
        taped(tape, made).await
    }

    async fn ask_resources<T: Send + Serialize>(&self, call: Call, asked: impl Asked<T>) -> Result<(T, About), ResourceError> {
        if !self.offers_resources() {
            return Err(ResourceError::NotOffered { driver: self.name().to_owned() });
        }
        let Ended { answer, about, .. } = self.counted(call.phase, self.make_resources(call, asked)).await?;
        match answer {
            Outcome::Done(answer) => Ok((answer, about)),
            Outcome::Refused(said) if (400..600).contains(&said.status) => {
                Err(ResourceError::Refused { status: said.status, message: about.redactor.message(&said.message) })
            }
            Outcome::Refused(said) => Err(self.bad(&about, resource::no_refusal(said.status)).into()),
        }
    }
}
