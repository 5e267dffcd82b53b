//! Requests to the operator API, and its answers.

use std::{io, os::unix::net::UnixStream, path::Path, time::Duration};

use jeroboam_cloud::{Cloud, Service};
use reqwest::{Method, RequestBuilder, Response};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use url::Url;

use super::{ClientError, login::Login};

/// The most that is read of an answer, and the longest line of a stream.
const MAX_ANSWER: usize = 64 << 20;
/// A plan of a large fleet with Heat's previews takes minutes.
const PATIENCE: Duration = Duration::from_secs(3600);

/// A daemon that can be asked.
pub struct Client {
    http: reqwest::Client,
    /// Ends in `/v1`.
    base: Url,
    token: Option<jeroboam_cloud::Secret>,
    /// As people know it.
    place: String,
}

/// An error in Magnum's shape, or in that of Keystone's middleware.
#[derive(Default, Deserialize)]
struct Complaint {
    #[serde(default)]
    errors: Vec<Error>,
    error: Option<Unauthorized>,
}

#[derive(Deserialize)]
struct Error {
    #[serde(default)]
    detail: String,
}

#[derive(Deserialize)]
struct Unauthorized {
    message: String,
}

impl Client {
    pub fn over_socket(path: &Path) -> Result<Self, ClientError> {
        // reqwest would only say that it cannot connect.
        UnixStream::connect(path).map_err(|error| match error.kind() {
            io::ErrorKind::PermissionDenied => ClientError::NotYours(path.to_owned()),
            io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => ClientError::NoSocket(path.to_owned()),
            _ => ClientError::File(path.to_owned(), error),
        })?;
        let place = path.display().to_string();
        let http = reqwest::Client::builder().unix_socket(path).no_proxy().timeout(PATIENCE).build();
        let http = http.map_err(|source| ClientError::Unreachable { place: place.clone(), source })?;
        let base = Url::parse("http://localhost/v1").map_err(|error| ClientError::Login(error.to_string()))?;
        Ok(Self { http, base, token: None, place })
    }

    pub async fn over_http(login: Login) -> Result<Self, ClientError> {
        let mut config = login.config;
        let cloud = Cloud::new(config.clone())?;
        let session = cloud.session(login.identity);
        let token = session.token().await?;
        let mut base = match login.endpoint {
            Some(endpoint) => endpoint,
            None => session.endpoint(Service::Magnum, login.interface).await?,
        };
        // Deployments register this service with its version or without it.
        let root = base.path().trim_end_matches('/').trim_end_matches("/v1").to_owned();
        base.set_path(&format!("{root}/v1"));
        config.timeouts.request = PATIENCE;
        let http = Cloud::new(config)?.http_client()?;
        Ok(Self { http, place: base.to_string(), base, token: Some(token) })
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &[&str], query: &[(&str, &str)]) -> Result<T, ClientError> {
        self.send(self.request(Method::GET, path, query)).await
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Result<T, ClientError> {
        self.send(self.request(Method::POST, path, &[]).json(body)).await
    }

    pub async fn put<T: DeserializeOwned>(&self, path: &[&str], body: &impl Serialize) -> Result<T, ClientError> {
        self.send(self.request(Method::PUT, path, &[]).json(body)).await
    }

    pub async fn delete(&self, path: &[&str], query: &[(&str, &str)]) -> Result<(), ClientError> {
        self.answer(self.request(Method::DELETE, path, query)).await.map(drop)
    }

    pub async fn upload<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        component: Vec<u8>,
    ) -> Result<T, ClientError> {
        let request = self.request(Method::POST, path, query).header("content-type", "application/wasm");
        self.send(request.body(component)).await
    }

    /// Tells of each line of a stream, until it ends.
    pub async fn lines<T: DeserializeOwned>(&self, path: &[&str], mut tell: impl FnMut(T)) -> Result<(), ClientError> {
        let request = self.request(Method::GET, path, &[]).header("accept", "application/x-ndjson");
        let mut response = self.answer(request).await?;
        let mut rest = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(error))? {
            rest.extend_from_slice(&chunk);
            while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = rest.drain(..=end).collect();
                tell(self.read(&line)?);
            }
            if rest.len() > MAX_ANSWER {
                return Err(self.unusable("a line does not end"));
            }
        }
        Ok(())
    }

    fn request(&self, method: Method, path: &[&str], query: &[(&str, &str)]) -> RequestBuilder {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.extend(path);
        }
        let request = self.http.request(method, url).query(query);
        match &self.token {
            Some(token) => request.header("x-auth-token", token.expose()),
            None => request,
        }
    }

    async fn send<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, ClientError> {
        let mut response = self.answer(request).await?;
        self.read(&self.body(&mut response).await?)
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Response, ClientError> {
        let mut response = request.send().await.map_err(|error| self.unreachable(error))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let complaint: Complaint = serde_json::from_slice(&self.body(&mut response).await?).unwrap_or_default();
        let status = status.as_u16();
        let unauthorized = complaint.error.map(|error| Error { detail: error.message });
        match complaint.errors.into_iter().next().or(unauthorized) {
            Some(Error { detail }) => Err(ClientError::Refused { status, detail }),
            None => Err(self.unusable(&format!("it answered with status {status}"))),
        }
    }

    async fn body(&self, response: &mut Response) -> Result<Vec<u8>, ClientError> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.unreachable(error))? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(self.unusable("its answer is too long"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn read<T: DeserializeOwned>(&self, text: &[u8]) -> Result<T, ClientError> {
        serde_json::from_slice(text).map_err(|error| self.unusable(&error.to_string()))
    }

    fn unreachable(&self, source: reqwest::Error) -> ClientError {
        ClientError::Unreachable { place: self.place.clone(), source: source.without_url() }
    }

    fn unusable(&self, reason: &str) -> ClientError {
        ClientError::Unusable { place: self.place.clone(), reason: reason.to_owned() }
    }
}
