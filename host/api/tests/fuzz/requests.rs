//! Requests, from the tables and from nowhere.

use std::fmt;

use axum::body::Body;
use http::Request;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Map, Value, json};

use super::bytes;
use super::kinds::{self, literal};
use super::support::Answer;
use super::table::{Field, Table, Who, Writing};
use super::wild::{self, pick};
use super::world::World;

/// What is sent.
pub struct Shot {
    pub method: &'static str,
    pub path: String,
    pub headers: Vec<(&'static str, Vec<u8>)>,
    pub body: Vec<u8>,
}

pub struct Requests {
    rng: StdRng,
    tables: Vec<Table>,
    tokens: [String; 2],
    /// Names and ids that paths and bodies take; those of what was made come on top.
    idents: Vec<String>,
    fixed: usize,
    /// Whether the request that is being made shall have nothing wrong with it on purpose.
    is_sane: bool,
}

const METHODS: &[&str] = &["GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS"];
const VERSIONS: &[&str] = &[
    "1.1",
    "1.2",
    "1.3",
    "1.6",
    "1.7",
    "1.8",
    "1.9",
    "1.10",
    "1.11",
    "1.12",
    "1.13",
    "1.14",
    "latest",
    "1.15",
    "1.0",
    "0.1",
    "2.1",
    "1.05",
    "1",
    "1.",
    ".1",
    "1.x",
    "-1.1",
    "1.99999999999999999999",
    "",
    "1.1 1.2",
    "1.1,1.2",
];
const SERVICES: &[&str] =
    &["container-infra", "container-infrastructure", "container-infrastructure-management", "compute", "", "Container-Infra"];
const TYPES: &[&str] = &[
    "application/json",
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/json-patch+json",
    ";",
    "application/octet-stream",
    "",
];
const ACCEPTS: &[&str] =
    &["*/*", "application/json", "text/html", "application/*;q=0.1", "application/json;q=0", ",,;", "application/wasm"];
const OPERATIONS: &[&str] = &["add", "replace", "remove", "remove", "move", "copy", "test", "ADD", ""];
/// Ways to write a path of a patch, with `{}` for an attribute.
const PATHS: &[&str] = &[
    "/{}",
    "/{}",
    "/{}",
    "/{}",
    "/{}/a",
    "/{}/-",
    "/{}/0",
    "/{}/a/b",
    "{}",
    "//{}",
    "/{}/",
    "/",
    "",
    "/{} ",
    "/{}~1a",
    "/{}.a",
    "/{}\u{0}",
    "/\u{1f37e}",
    "/{}/../name",
];
const QUERIES: &[&str] = &[
    "limit=1",
    "limit=0",
    "limit=-1",
    "limit=99999999999999999999",
    "limit=",
    "limit=1&limit=2",
    "marker={}",
    "marker=x",
    "sort_key=name",
    "sort_key=uuid",
    "sort_key=id",
    "sort_key=created_at",
    "sort_key=status",
    "sort_key=%00",
    "sort_dir=desc",
    "sort_dir=up",
    "fields=name",
    "all_tenants=true",
    "all_tenants=x",
    "rollback=true",
    "rollback=x",
    "role=worker",
    "type=cluster",
    "project_id={}",
    "ca_cert_type=etcd",
    "&&&",
    "=",
    "%ff=%fe",
    "a=b;c=d",
    "_method=DELETE",
];

impl Requests {
    pub fn new(seed: u64, world: &World) -> Self {
        let tokens = [Who::Demo, Who::Admin].map(|who| world.user(who, super::table::LATEST).token());
        let mut requests =
            Self { rng: StdRng::seed_from_u64(seed), tables: Vec::new(), tokens, idents: Vec::new(), fixed: 0, is_sane: false };
        requests.renew(world);
        requests
    }

    /// After everything was removed and made anew.
    pub fn renew(&mut self, world: &World) {
        self.tables = Table::names().iter().map(|name| Table::named(name, &world.names)).collect();
        let words = [
            "no-such",
            "detail",
            "default-worker",
            "default-master",
            "Cluster",
            "old",
            "cluster",
            "%00",
            "%ff",
            "..",
            "%2e%2e",
            "a%2Fb",
            "",
            "{}",
        ];
        self.idents = words.map(str::to_owned).to_vec();
        self.idents.push("x".repeat(3000));
        for name in ["template", "next", "cluster", "other", "failed", "project", "image"] {
            self.idents.extend([world.names[name].clone(), world.names[name].clone()]);
        }
        self.fixed = self.idents.len();
    }

    /// What was made can be asked for; sometimes it is as if all had been done to it.
    pub async fn learn(&mut self, world: &World, answer: &Answer) {
        if answer.status != 201 && answer.status != 202 {
            return;
        }
        let Ok(body) = serde_json::from_str::<Value>(&answer.text) else { return };
        let Some(uuid) = body["uuid"].as_str() else { return };
        if self.idents.len() > self.fixed + 40 {
            self.idents.truncate(self.fixed);
        }
        self.idents.push(uuid.to_owned());
        let id = uuid.parse::<jeroboam_model::ClusterId>().unwrap();
        let is_cluster = world.api.store.clusters().get(id).await.unwrap().is_some();
        if is_cluster && self.rng.random_bool(0.5) {
            world.complete(uuid).await;
        }
    }

    pub fn next(&mut self) -> Shot {
        loop {
            self.is_sane = self.rng.random_bool(0.5);
            let shot = match self.rng.random_range(0..20) {
                0..7 => self.create(),
                7..13 => self.patch(),
                13..16 => self.read(),
                16..18 => self.anywhere(),
                18 => self.delete(),
                _ => self.hollow(),
            };
            if shot.is_http() {
                return shot;
            }
        }
    }

    fn create(&mut self) -> Shot {
        let table = self.table();
        let Some(create) = &table.create else { return self.read() };
        let mut body: Map<String, Value> = if self.often() { create.body.clone() } else { Map::new() };
        let share = pick(&mut self.rng, &[0.02, 0.1, 0.5]);
        for (name, field) in &table.fields {
            let is_taken = matches!(field.create, Writing::Sets | Writing::Required | Writing::Ignored);
            if (is_taken || !self.is_sane) && self.rng.random_bool(share) {
                body.insert(name.clone(), self.value(field));
            }
        }
        if self.seldom() {
            body.insert(wild::text(&mut self.rng), wild::value(&mut self.rng));
        }
        let method = if create.method == "PATCH" { "PATCH" } else { "POST" };
        self.shot(method, create.path.clone(), Value::from(body).to_string().into_bytes(), table.caller)
    }

    fn patch(&mut self) -> Shot {
        let table = self.table();
        let Some(patch) = &table.patch else { return self.create() };
        let elements = self.rng.random_range(0..4);
        let mut body: Value = (0..elements).map(|_| self.element(&table)).collect();
        if self.seldom() {
            body = wild::value(&mut self.rng);
        }
        let path = patch.path.replace("{}", &self.ident());
        self.shot("PATCH", path, body.to_string().into_bytes(), table.caller)
    }

    fn element(&mut self, table: &Table) -> Value {
        let names: Vec<&String> = table.fields.keys().collect();
        let name = *names.choose(&mut self.rng).unwrap();
        let paths = if self.is_sane { &PATHS[..1] } else { PATHS };
        let path = pick(&mut self.rng, paths).replace("{}", name);
        let mut element =
            json!({"op": pick(&mut self.rng, if self.is_sane { &OPERATIONS[..3] } else { OPERATIONS }), "path": path});
        if self.often() {
            let value = self.value(&table.fields[name]);
            let is_literal = (value.is_object() || value.is_array()) && self.often();
            element["value"] = if is_literal { json!(literal(&value)) } else { value };
        }
        if self.seldom() {
            let name = pick(&mut self.rng, &["from", "op", "path", "value", ""]);
            element[name] = wild::value(&mut self.rng);
        }
        element
    }

    /// Mostly something that fits.
    fn value(&mut self, field: &Field) -> Value {
        match self.rng.random_range(0..if self.is_sane { 5 } else { 10 }) {
            0..5 => kinds::accepted(field).choose(&mut self.rng).unwrap().0.clone(),
            5 | 6 => kinds::flawed(field).choose(&mut self.rng).map_or(Value::Null, |(_, value)| value.clone()),
            7 => json!(self.ident()),
            8 => Value::Null,
            _ => wild::value(&mut self.rng),
        }
    }

    fn read(&mut self) -> Shot {
        let table = self.table();
        let path = match table.answers.choose(&mut self.rng) {
            Some(answers) => answers.path.replace("{}", &self.ident()),
            None => "/v1/clusters".to_owned(),
        };
        self.shot("GET", path, Vec::new(), table.caller)
    }

    fn delete(&mut self) -> Shot {
        let collection = pick(&mut self.rng, &["clusters", "clustertemplates", "bays", "baymodels", "federations", "quotas"]);
        let path = format!("/v1/{collection}/{}", self.ident());
        self.shot("DELETE", path, Vec::new(), Who::Demo)
    }

    /// Any route by any method; never as an administrator, who could put drivers out of service.
    fn anywhere(&mut self) -> Shot {
        let routes: Vec<&str> =
            jeroboam_api::routes().map(|(_, path)| path).filter(|path| !path.starts_with("/discovery")).collect();
        let route = pick(&mut self.rng, &routes);
        let mut path = String::new();
        for segment in route.split('/').skip(1) {
            path.push('/');
            path.push_str(&if segment.starts_with('{') { self.ident() } else { segment.to_owned() });
        }
        if self.seldom() {
            path.push_str(pick(&mut self.rng, &["/", "//", "/x", ".json", "/%00", "/..", "/detail/"]));
        }
        let body = wild::value(&mut self.rng).to_string().into_bytes();
        let method = pick(&mut self.rng, METHODS);
        self.shot(method, path, body, Who::Demo)
    }

    fn hollow(&mut self) -> Shot {
        let table = self.table();
        let body = bytes::hollow(&mut self.rng);
        let path = table.create.map_or_else(|| "/v1/clusters".to_owned(), |create| create.path);
        self.shot("POST", path, body, table.caller)
    }

    /// With headers, a query now and then, and a damaged body now and then.
    fn shot(&mut self, method: &'static str, mut path: String, mut body: Vec<u8>, who: Who) -> Shot {
        let asks = if method == "GET" { self.rng.random_bool(0.5) } else { self.seldom() };
        if asks {
            let queries: Vec<String> =
                (0..self.rng.random_range(1..3)).map(|_| pick(&mut self.rng, QUERIES).replace("{}", &self.ident())).collect();
            path = format!("{path}?{}", queries.join("&"));
        }
        if !self.is_sane && self.rng.random_bool(0.15) {
            body = bytes::damage(&mut self.rng, body);
        }
        Shot { method, path, headers: self.headers(who), body }
    }

    fn headers(&mut self, who: Who) -> Vec<(&'static str, Vec<u8>)> {
        let token = match (who, self.rng.random_range(0..100)) {
            (_, 0) if !self.is_sane => String::new(),
            (_, 1) if !self.is_sane => wild::text(&mut self.rng),
            (Who::Demo, _) => self.tokens[0].clone(),
            (Who::Admin, _) => self.tokens[1].clone(),
        };
        let mut headers = vec![("x-auth-token", token.into_bytes())];
        let version = match self.rng.random_range(0..20) {
            0..12 => "latest",
            12..19 => pick(&mut self.rng, &VERSIONS[..13]),
            _ => pick(&mut self.rng, VERSIONS),
        };
        let service = if self.seldom() { pick(&mut self.rng, SERVICES) } else { SERVICES[0] };
        headers.push(("openstack-api-version", format!("{service} {version}").into_bytes()));
        if !self.seldom() {
            headers.push(("content-type", b"application/json".to_vec()));
        } else {
            headers.push(("content-type", pick(&mut self.rng, TYPES).as_bytes().to_vec()));
        }
        if self.seldom() {
            headers.push(("accept", pick(&mut self.rng, ACCEPTS).as_bytes().to_vec()));
        }
        if self.seldom() {
            let name = pick(
                &mut self.rng,
                &[
                    "host",
                    "x-forwarded-for",
                    "x-forwarded-host",
                    "x-openstack-request-id",
                    "origin",
                    "openstack-api-version",
                    "x-roles",
                ],
            );
            headers.push((name, (0..self.rng.random_range(0..40)).map(|_| self.rng.random()).collect()));
        }
        headers
    }

    fn table(&mut self) -> Table {
        self.tables.choose(&mut self.rng).unwrap().clone()
    }

    fn ident(&mut self) -> String {
        self.idents.choose(&mut self.rng).unwrap().clone()
    }

    fn often(&mut self) -> bool {
        self.is_sane || self.rng.random_bool(0.85)
    }

    fn seldom(&mut self) -> bool {
        !self.is_sane && self.rng.random_bool(0.06)
    }
}

impl Shot {
    fn build(&self) -> http::Result<Request<Body>> {
        let builder = Request::builder().method(self.method).uri(&self.path);
        let builder = self.headers.iter().fold(builder, |builder, (name, value)| builder.header(*name, value.as_slice()));
        builder.body(Body::from(self.body.clone()))
    }

    /// Whether any HTTP library would let it through.
    fn is_http(&self) -> bool {
        self.path.starts_with('/') && self.build().is_ok()
    }

    pub fn request(&self) -> Request<Body> {
        self.build().unwrap()
    }

    /// Whether the route answers with other things than JSON.
    pub fn is_plain(&self) -> bool {
        self.path.starts_with("/healthcheck")
    }
}

impl fmt::Display for Shot {
    /// Without the token.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.path)?;
        for (name, value) in self.headers.iter().filter(|(name, _)| *name != "x-auth-token") {
            writeln!(f, "{name}: {}", value.escape_ascii())?;
        }
        let body: String = self.body.iter().take(2000).flat_map(|byte| byte.escape_ascii()).map(char::from).collect();
        write!(f, "{} bytes: {body}", self.body.len())
    }
}
