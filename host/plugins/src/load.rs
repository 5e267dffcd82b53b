//! From bytes to a driver that can be called.

use std::{
    borrow::Cow,
    collections::BTreeSet,
    fs::File,
    io::{self, Read},
    path::PathBuf,
    sync::Arc,
    time::Instant,
};

use jeroboam_model::driver::{Description, DriverOrigin};
use wasmtime::component::{Component, Linker};

use crate::{
    Bundled, Grant, Interface, PluginsConfig, StopReason,
    bindings::CoeDriverPre,
    cache::{Cache, digest_of},
    call::{Call, Prepared},
    check::Checked,
    component::{self, ComponentError},
    convert::{Bad, description::description},
    driver::{Driver, Loaded},
    engine::Engine,
    metrics::Counted,
    state::Identity,
};

/// A component before it is looked at.
pub(crate) struct Candidate {
    pub(crate) file_name: String,
    pub(crate) origin: DriverOrigin,
    pub(crate) granted: BTreeSet<Grant>,
    content: Content,
}

enum Content {
    Bundled(Bundled),
    File(PathBuf),
}

/// What became of a candidate.
pub(crate) struct Outcome {
    pub(crate) file_name: String,
    pub(crate) origin: DriverOrigin,
    /// Empty if the file could not be read.
    pub(crate) digest: String,
    pub(crate) result: Result<Driver, LoadError>,
}

/// Why a component does not serve. Each names what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
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
    #[error("it does not fit the contract: {0}; build it against jeroboam:coe@0.1.0")]
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
    const fn kind(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "unreadable",
            Self::TooLarge(_) => "too_large",
            Self::Component(_) => "component",
            Self::NotGranted { .. } | Self::NotGrantedCapability { .. } => "not_granted",
            Self::Compile(_) => "compile",
            Self::Link(_) => "link",
            Self::Describe(_) => "describe",
            Self::Description(_) => "description",
            Self::Disabled => "disabled",
            Self::NameTaken { .. } | Self::TypeTaken { .. } | Self::Host => "host",
        }
    }
}

/// All candidates in their order: bundled ones, then the directory's files by name.
pub(crate) fn candidates(config: &PluginsConfig) -> Vec<Candidate> {
    let mut all: Vec<Candidate> = config
        .bundled
        .iter()
        .map(|bundled| Candidate {
            granted: config.grants.of(&bundled.file_name, true),
            file_name: bundled.file_name.clone(),
            origin: DriverOrigin::Bundled,
            content: Content::Bundled(bundled.clone()),
        })
        .collect();
    all.extend(files(config).into_iter().map(|(file_name, path)| Candidate {
        granted: config.grants.of(&file_name, false),
        origin: DriverOrigin::Directory(file_name.clone()),
        file_name,
        content: Content::File(path),
    }));
    all
}

fn files(config: &PluginsConfig) -> Vec<(String, PathBuf)> {
    let Some(dir) = &config.drivers_dir else { return Vec::new() };
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            tracing::warn!(dir = %dir.display(), "the drivers directory is not read: {error}");
            return Vec::new();
        }
    };
    let mut files: Vec<(String, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let name = crate::text::line(&entry.file_name().to_string_lossy(), 255);
            (name.ends_with(".wasm") && !name.starts_with('.')).then(|| (name, entry.path()))
        })
        .collect();
    files.sort();
    files
}

impl Candidate {
    /// Blocking parts run on threads of their own, so that no request waits for them.
    pub(crate) async fn load(self, engine: Arc<Engine>, cache: Option<Arc<Cache>>, disabled: Arc<[String]>) -> Outcome {
        let Self { file_name, origin, granted, content } = self;
        let mut digest = String::new();
        let (began, metrics) = (Instant::now(), engine.metrics.clone());
        let result: Result<Driver, LoadError> = async {
            let limit = engine.limits.component_bytes;
            let bytes = blocking(move || content.read(limit)).await??;
            let bytes = Arc::new(bytes);
            let own = Arc::clone(&bytes);
            digest = blocking(move || digest_of(&own)).await?;
            if disabled.contains(&digest) {
                return Err(LoadError::Disabled);
            }
            check_grants(&component::imports(&bytes)?, &granted, &file_name)?;
            let (own, key) = (Arc::clone(&engine), digest.clone());
            let compiling = Instant::now();
            let component = blocking(move || compile(&own, cache.as_deref(), &key, &bytes)).await??;
            let compiling = compiling.elapsed();
            let stem: Arc<str> = file_name.strip_suffix(".wasm").unwrap_or(&file_name).into();
            let prepared = prepare(&engine, &component, &granted, Identity { name: stem, version: "unknown".into() })?;
            let description = describe(&prepared).await?;
            if disabled.contains(&description.name) {
                return Err(LoadError::Disabled);
            }
            check_capabilities(&description, &granted, &file_name)?;
            let identity = Identity { name: description.name.as_str().into(), version: description.version.as_str().into() };
            let series = engine.metrics.series(&identity.name, &identity.version);
            let counted = Arc::new(Counted::loaded(series, &digest, compiling, began.elapsed()));
            let prepared = Prepared { identity, counted, ..prepared };
            let (origin, digest) = (origin.clone(), digest.clone());
            Ok(Driver(Arc::new(Loaded { prepared, description, digest, origin, granted, checked: Checked::default() })))
        }
        .await;
        if let Err(error) = &result {
            metrics.table().load_failures.of([error.kind()]).inc();
        }
        Outcome { file_name, origin, digest, result }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, LoadError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| LoadError::Host)
}

impl Content {
    fn read(self, limit: u64) -> Result<Cow<'static, [u8]>, LoadError> {
        match self {
            Self::Bundled(bundled) => Ok(bundled.bytes),
            Self::File(path) => {
                let file = File::open(path).map_err(LoadError::Unreadable)?;
                if !file.metadata().map_err(LoadError::Unreadable)?.is_file() {
                    return Err(LoadError::Unreadable(io::Error::from(io::ErrorKind::InvalidInput)));
                }
                let mut bytes = Vec::new();
                file.take(limit + 1).read_to_end(&mut bytes).map_err(LoadError::Unreadable)?;
                if bytes.len() as u64 > limit { Err(LoadError::TooLarge(limit)) } else { Ok(Cow::Owned(bytes)) }
            }
        }
    }
}

fn check_grants(wanted: &BTreeSet<Interface>, granted: &BTreeSet<Grant>, file: &str) -> Result<(), LoadError> {
    match wanted.iter().find(|interface| !granted.contains(&Grant::Interface(**interface))) {
        Some(interface) => Err(LoadError::NotGranted { interface: *interface, file: file.to_owned() }),
        None => Ok(()),
    }
}

/// What it says it cannot do without. A name that this host does not know is one that it cannot grant.
fn check_capabilities(description: &Description, granted: &BTreeSet<Grant>, file: &str) -> Result<(), LoadError> {
    let missing = |name: &str| Grant::parse(name).is_none_or(|grant| !granted.contains(&grant));
    match description.capabilities.iter().find(|capability| missing(&capability.name)) {
        Some(capability) => Err(LoadError::NotGrantedCapability {
            name: capability.name.clone(),
            reason: capability.reason.clone(),
            file: file.to_owned(),
        }),
        None => Ok(()),
    }
}

fn compile(engine: &Engine, cache: Option<&Cache>, digest: &str, bytes: &[u8]) -> Result<Component, LoadError> {
    if let Some(component) = cache.and_then(|cache| cache.load(&engine.wasm, digest)) {
        return Ok(component);
    }
    let component =
        Component::new(&engine.wasm, bytes).map_err(|error| LoadError::Compile(crate::text::message(&format!("{error:#}"))))?;
    if let Some(cache) = cache {
        cache.keep(digest, &component);
    }
    Ok(component)
}

/// Links what was granted, and nothing else.
fn prepare(
    engine: &Arc<Engine>,
    component: &Component,
    granted: &BTreeSet<Grant>,
    identity: Identity,
) -> Result<Prepared, LoadError> {
    let failed = |error: wasmtime::Error| LoadError::Link(crate::text::message(&format!("{error:#}")));
    let mut linker = Linker::new(&engine.wasm);
    for grant in granted {
        if let Grant::Interface(interface) = grant {
            interface.link(&mut linker).map_err(failed)?;
        }
    }
    let pre = CoeDriverPre::new(linker.instantiate_pre(component).map_err(failed)?).map_err(failed)?;
    let counted = Arc::new(Counted::unidentified(&engine.unidentified));
    Ok(Prepared { engine: Arc::clone(engine), pre, identity, counted })
}

async fn describe(prepared: &Prepared) -> Result<Description, LoadError> {
    let call = Call::describe(&prepared.engine.limits);
    let said = prepared.call(call, |guest, store| Box::pin(guest.call_describe(store))).await.map_err(LoadError::Describe)?;
    description(said.answer).map_err(|Bad(what)| LoadError::Description(what))
}
