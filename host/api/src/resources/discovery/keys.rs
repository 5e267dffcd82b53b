//! The keys of a discovery: read, written, removed.

use std::time::Duration;

use axum::extract::{Path, RawQuery, Request, State};
use jeroboam_model::discovery::{Condition, Discovery, DiscoveryError, DiscoveryToken, Event};
use jeroboam_store::{CommitError, Stored};
use time::OffsetDateTime;
use url::form_urlencoded;

use super::answer::{Answer, KeyError, Refused, key};
use super::wait::wait;
use crate::app::App;

/// The longest form: a value with each of its bytes escaped, and some.
const MAX_FORM: usize = 8 * 1024;
const FORM_TIME: Duration = Duration::from_secs(30);
/// Members come all at once, and each writes the same record.
const TRIES: usize = 200;
const SIZE: &str = "_config/size";

/// What a query or a form asks for; what etcd knows besides makes no difference here.
#[derive(Debug, Default)]
struct Asked {
    wait: bool,
    wait_index: Option<u64>,
    condition: Option<Condition>,
    value: Option<String>,
}

pub async fn list(State(app): State<App>, Path(token): Path<String>, RawQuery(query): RawQuery) -> Result<Answer, Refused> {
    let asked = Asked::default().and(query.as_deref().unwrap_or_default().as_bytes())?;
    let token = parse(&token)?;
    if asked.wait {
        return wait(&app, token, None, asked.wait_index).await;
    }
    Ok(Answer::directory(&*read(&app, token).await?))
}

pub async fn show(
    State(app): State<App>,
    Path((token, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Answer, Refused> {
    let asked = Asked::default().and(query.as_deref().unwrap_or_default().as_bytes())?;
    let token = parse(&token)?;
    if asked.wait {
        return wait(&app, token, Some(&id), asked.wait_index).await;
    }
    let discovery = read(&app, token).await?;
    if id == SIZE {
        return Ok(Answer::size(&discovery));
    }
    let member = discovery.member(&id).ok_or_else(|| refuse(&discovery, &id, KeyError::Missing))?;
    Ok(Answer::member(&discovery, member))
}

pub async fn put(
    State(app): State<App>,
    Path((token, id)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Answer, Refused> {
    let asked = Asked::default().and(query.as_deref().unwrap_or_default().as_bytes())?;
    let token = parse(&token)?;
    let form = tokio::time::timeout(FORM_TIME, axum::body::to_bytes(request.into_body(), MAX_FORM)).await;
    let form = form.ok().and_then(Result::ok).ok_or_else(|| KeyError::Field.of("the form is too long, or did not arrive", 0))?;
    let asked = asked.and(&form)?;
    let value = asked.value.ok_or_else(|| KeyError::Value.of("PUT", 0))?;
    let condition = asked.condition.unwrap_or(Condition::None);
    change(&app, token, &id, |discovery| discovery.put(&id, &value, condition)).await
}

pub async fn delete(State(app): State<App>, Path((token, id)): Path<(String, String)>) -> Result<Answer, Refused> {
    let token = parse(&token)?;
    change(&app, token, &id, |discovery| discovery.remove(&id)).await
}

async fn change(
    app: &App,
    token: DiscoveryToken,
    id: &str,
    mut apply: impl FnMut(&mut Discovery) -> Result<Event<'_>, DiscoveryError>,
) -> Result<Answer, Refused> {
    for _ in 0..TRIES {
        let mut discovery = read(app, token).await?;
        if id.starts_with("_config") {
            return Err(refuse(&discovery, id, KeyError::ReadOnly));
        }
        if let Err(error) = apply(&mut discovery.value) {
            return Err(refuse(&discovery, id, of(error)));
        }
        let mut tx = app.store.begin();
        tx.update(&discovery);
        match tx.commit().await {
            Ok(()) => {
                app.waiting.announce();
                let event = discovery.next(None, discovery.index()).ok_or_else(|| refuse(&discovery, id, KeyError::Internal))?;
                return Ok(Answer::event(&discovery, event));
            }
            Err(CommitError::Conflict { .. }) => {}
            Err(error) => {
                tracing::error!(%error, "a discovery cannot be written");
                return Err(refuse(&discovery, id, KeyError::Internal));
            }
        }
    }
    Err(KeyError::Busy.of("others keep writing", 0))
}

/// The discovery as it is now.
pub async fn read(app: &App, token: DiscoveryToken) -> Result<Stored<Discovery>, Refused> {
    let found = app.store.discoveries().get(token).await.map_err(|error| {
        tracing::error!(%error, "a discovery cannot be read");
        KeyError::Internal.of("the store", 0)
    })?;
    found.filter(|discovery| !discovery.is_over(OffsetDateTime::now_utc())).ok_or_else(missing)
}

fn parse(token: &str) -> Result<DiscoveryToken, Refused> {
    token.parse().map_err(|_| missing())
}

fn missing() -> Refused {
    KeyError::Missing.of("/discovery", 0)
}

fn refuse(discovery: &Discovery, id: &str, error: KeyError) -> Refused {
    error.of(key(discovery, &crate::error::echo(id)), discovery.index())
}

const fn of(error: DiscoveryError) -> KeyError {
    match error {
        DiscoveryError::Missing => KeyError::Missing,
        DiscoveryError::Exists => KeyError::Exists,
        DiscoveryError::Id | DiscoveryError::TooLong => KeyError::Field,
        DiscoveryError::Full => KeyError::ReadOnly,
    }
}

impl Asked {
    /// With what a query or a form says in addition.
    fn and(mut self, encoded: &[u8]) -> Result<Self, Refused> {
        let wrong = |name: &str| KeyError::Field.of(format!("invalid value for \"{name}\""), 0);
        let flag = |name: &str, value: &str| match value {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(wrong(name)),
        };
        for (name, value) in form_urlencoded::parse(encoded) {
            match &*name {
                "wait" => self.wait = flag("wait", &value)?,
                "waitIndex" => self.wait_index = Some(value.parse().map_err(|_| wrong("waitIndex"))?),
                "prevExist" => {
                    self.condition = Some(if flag("prevExist", &value)? { Condition::Present } else { Condition::Absent });
                }
                "value" => self.value = Some(value.into_owned()),
                _ => {}
            }
        }
        Ok(self)
    }
}
