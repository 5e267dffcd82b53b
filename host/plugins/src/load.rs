//! From bytes to a driver that can be called.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    io,
    sync::Arc,
    time::{Duration, Instant},
};

use jeroboam_model::driver::{Capability, Description, Digest, Origin};
use wasmtime::component::{Component, Linker};

use crate::{
    Grant, Interface, Purpose, StopReason,
    bindings::CoeDriverPre,
    cache::{Cache, digest_of},
    call::{Call, Prepared},
    check::Checked,
    component::{self, ComponentError},
    contract::Served,
    convert::{Bad, description::description},
    driver::{Driver, Loaded},
    engine::Engine,
    flights::Flights,
    metrics::Counted,
    state::Identity,
};

/// A component before it is looked at.
#[derive(Clone)]
pub struct Candidate {
    /// What it is called until it has said so itself, and what its grants are known by.
    pub name: String,
    pub digest: Digest,
    pub origin: Origin,
    pub granted: BTreeSet<Grant>,
    pub bytes: Arc<Cow<'static, [u8]>>,
}

/// How long it took to make a driver of a component.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loading {
    /// `None`: the compiled code was in the cache.
    pub compile: Option<Duration>,
    /// Linking, one instantiation and `describe`.
    pub link: Duration,
}

/// Why a component does not serve. Each names what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("it cannot be read ({0}); check that it is a file and that the service may read it")]
    Unreadable(io::Error),
    #[error("it has more than {0} bytes; strip it, or raise the limit")]
    TooLarge(u64),
    #[error("{0}")]
    Component(#[from] ComponentError),
    #[error("it imports {interface}, which it was not granted; grant it to {file}, or remove the driver")]
    NotGranted { interface: Interface, file: String },
    #[error("it asks for {name} ({reason}), which it was not granted; grant it to {file}, or remove the driver")]
    NotGrantedCapability { name: String, reason: String, file: String },
    #[error("it does not compile: {0}")]
    Compile(String),
    #[error("it does not fit the contract: {0}; build it against jeroboam:coe {Served}")]
    Link(String),
    #[error("describe failed: {0}; nothing can be done here, its author has to mend it")]
    Describe(StopReason),
    #[error("describe answered wrongly: {0}; its author has to mend it")]
    Description(String),
    #[error("it is disabled by the configuration")]
    Disabled,
    #[error("it calls itself {name}, as {other} does; remove one of the two, or disable one by its digest")]
    NameTaken { name: String, other: String },
    #[error("it provides {cluster_type}, as {other} does; say which one is preferred, or remove one of the two")]
    TypeTaken { cluster_type: String, other: String },
    #[error("its loading was cut short by a fault of the host's")]
    Host,
}

impl LoadError {
    /// As metrics call it.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::TooLarge(_) => "too-large",
            Self::Component(_) => "component",
            Self::NotGranted { .. } | Self::NotGrantedCapability { .. } => "not-granted",
            Self::Compile(_) => "compile",
            Self::Link(_) => "link",
            Self::Describe(_) => "describe",
            Self::Description(_) => "description",
            Self::Disabled | Self::NameTaken { .. } | Self::TypeTaken { .. } | Self::Host => "host",
        }
    }
}

impl Candidate {
    pub fn new(name: impl Into<String>, origin: Origin, granted: BTreeSet<Grant>, bytes: impl Into<Cow<'static, [u8]>>) -> Self {
        let bytes = bytes.into();
        Self { name: name.into(), digest: digest_of(&bytes), origin, granted, bytes: Arc::new(bytes) }
    }

    /// The contract that it was built for: `jeroboam:coe@0.1.0`.
    pub fn contract(&self) -> Option<String> {
        component::contract_of(&self.bytes)
    }

    /// What its imports want beyond what it was granted, read from its bytes.
    pub fn wants(&self) -> Result<BTreeSet<Grant>, ComponentError> {
        let wanted = component::imports(&self.bytes)?.into_iter().map(Grant::Interface);
        Ok(wanted.filter(|grant| !self.granted.contains(grant)).collect())
    }

    /// Blocking parts run on threads of their own, so that no request waits for them.
    pub(crate) async fn load(self, engine: Arc<Engine>, cache: Option<Arc<Cache>>) -> Result<Driver, LoadError> {
        if self.bytes.len() as u64 > engine.limits.component_bytes {
            return Err(LoadError::TooLarge(engine.limits.component_bytes));
        }
        if let Some(Grant::Interface(interface)) = self.wants()?.first() {
            return Err(LoadError::NotGranted { interface: *interface, file: self.name });
        }
        let Self { name, digest, origin, granted, bytes } = self;
        let own = Arc::clone(&engine);
        let compiled = blocking(move || compile(&own, cache.as_deref(), &digest, &bytes)).await??;
        let began = Instant::now();
        let identity = Identity { name: name.as_str().into(), version: "unknown".into() };
        let prepared = prepare(&engine, &compiled.component, &granted, identity, digest)?;
        let description = describe(&prepared).await?;
        let identity = Identity { name: description.name.as_str().into(), version: description.version.as_str().into() };
        let loading = Loading { compile: compiled.took, link: began.elapsed() };
        let series = engine.metrics.series(&identity.name, &identity.version, &digest);
        let counted = Arc::new(Counted::loaded(series, digest, loading));
        Ok(Driver::new(Loaded {
            prepared: Prepared { identity, counted, ..prepared },
            description,
            digest,
            origin,
            granted,
            loading,
            checked: Checked::default(),
            flights: Flights::default(),
        }))
    }
}

impl Driver {
    /// What it says it cannot do without, and was not granted. A name that this host does not know is one that it cannot grant.
    pub fn wants(&self) -> Vec<Capability> {
        let granted = &self.0.granted;
        let missing = |wanted: &&Capability| Grant::parse(&wanted.name).is_none_or(|grant| !granted.contains(&grant));
        self.description().capabilities.iter().filter(missing).cloned().collect()
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LoadError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| LoadError::Host)
}

struct Compiled {
    component: Component,
    took: Option<Duration>,
}

fn compile(engine: &Engine, cache: Option<&Cache>, digest: &Digest, bytes: &[u8]) -> Result<Compiled, LoadError> {
    let digest = digest.to_string();
    if let Some(component) = cache.and_then(|cache| cache.load(&engine.wasm, &digest)) {
        return Ok(Compiled { component, took: None });
    }
    let began = Instant::now();
    let component =
        Component::new(&engine.wasm, bytes).map_err(|error| LoadError::Compile(crate::text::message(&format!("{error:#}"))))?;
    if let Some(cache) = cache {
        cache.keep(&digest, &component);
    }
    Ok(Compiled { component, took: Some(began.elapsed()) })
}

impl Prepared {
    /// The same component, linked with other grants and for something else.
    pub(crate) fn granting(&self, granted: &BTreeSet<Grant>, purpose: Purpose) -> Result<Self, LoadError> {
        let component = self.pre.instance_pre().component();
        let prepared = prepare(&self.engine, component, granted, self.identity.clone(), self.counted.digest())?;
        Ok(Self { counted: Arc::new(self.counted.apart(purpose)), ..prepared })
    }
}

/// Links what was granted, and nothing else.
fn prepare(
    engine: &Arc<Engine>,
    component: &Component,
    granted: &BTreeSet<Grant>,
    identity: Identity,
    digest: Digest,
) -> Result<Prepared, LoadError> {
    let failed = |error: wasmtime::Error| LoadError::Link(crate::text::message(&format!("{error:#}")));
    let mut linker = Linker::new(&engine.wasm);
    for grant in granted {
        if let Grant::Interface(interface) = grant {
            interface.link(&mut linker).map_err(failed)?;
        }
    }
    let pre = CoeDriverPre::new(linker.instantiate_pre(component).map_err(failed)?).map_err(failed)?;
    let counted = Arc::new(Counted::unidentified(&engine.unidentified, digest));
    Ok(Prepared {
        engine: Arc::clone(engine),
        share: engine.share(),
        resources: crate::coe_resources::Export::of(pre.instance_pre()).map_err(failed)?,
        #[cfg(feature = "coe-0-3")]
        advice: crate::advice::Export::of(pre.instance_pre()).map_err(failed)?,
        pre,
        identity,
        counted,
    })
}

async fn describe(prepared: &Prepared) -> Result<Description, LoadError> {
    prepared.probe_resources().await.map_err(LoadError::Link)?;
    #[cfg(feature = "coe-0-3")]
    prepared.probe_advice().await.map_err(LoadError::Link)?;
    let call = Call::describe(&prepared.engine.limits);
    let said = prepared.call(call, |guest, store| Box::pin(guest.call_describe(store))).await.map_err(LoadError::Describe)?;
    description(said.answer).map_err(|Bad(what)| LoadError::Description(what))
}
