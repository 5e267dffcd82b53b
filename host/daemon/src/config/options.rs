//! Every option there is: the one table that the reader, the sample and the check are made from.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use axum::http::{HeaderName, Method};
use ipnet::IpNet;
use jeroboam_api::HealthPath;

use super::{Ini, ini::Place};

/// An option: where it stands, what it is, and what holds if it is absent.
#[derive(Debug)]
pub struct Opt<T: 'static> {
    pub about: About,
    parse: fn(&str) -> Result<T, &'static str>,
}

/// What is said about an option in the sample.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub section: &'static str,
    pub name: &'static str,
    /// Read like a given value. Empty: none.
    pub default: &'static str,
    pub help: &'static str,
}

/// A value that is not what the option takes.
#[derive(Debug, thiserror::Error)]
#[error("{}[{section}] {name}: {reason}", place.as_ref().map(|p| format!("{}:{}: ", p.file, p.line)).unwrap_or_default())]
pub struct OptionError {
    pub section: String,
    pub name: &'static str,
    pub place: Option<Place>,
    pub reason: &'static str,
}

impl<T> Opt<T> {
    /// The value given, else the default; `None` if both are empty.
    pub fn find(&self, ini: &Ini) -> Result<Option<T>, OptionError> {
        let About { section, default, .. } = self.about;
        match self.find_in(ini, section)? {
            Some(found) => Ok(found),
            None => self.read(default, section, None),
        }
    }

    /// The value given in another section, which is like the option's own: nothing, if none is; `None`, if it is empty.
    pub fn find_in(&self, ini: &Ini, section: &str) -> Result<Option<Option<T>>, OptionError> {
        let name = self.about.name;
        ini.get(section, name).map(|text| self.read(&text, section, ini.place(section, name))).transpose()
    }

    fn read(&self, text: &str, section: &str, place: Option<&Place>) -> Result<Option<T>, OptionError> {
        let (text, name) = (text.trim(), self.about.name);
        let wrong = |reason| OptionError { section: section.to_owned(), name, place: place.cloned(), reason };
        if text.is_empty() { Ok(None) } else { (self.parse)(text).map(Some).map_err(wrong) }
    }

    /// As [`Self::find`]; to be without one is an error.
    pub fn get(&self, ini: &Ini) -> Result<T, OptionError> {
        let About { section, name, .. } = self.about;
        self.find(ini)?.ok_or_else(|| OptionError {
            section: section.to_owned(),
            name,
            place: ini.place(section, name).cloned(),
            reason: "a value is needed",
        })
    }
}

fn text(value: &str) -> Result<String, &'static str> {
    Ok(value.to_owned())
}

fn path(value: &str) -> Result<PathBuf, &'static str> {
    Ok(value.into())
}

fn number<T: std::str::FromStr>(value: &str) -> Result<T, &'static str> {
    value.parse().map_err(|_| "not a number in this option's range")
}

fn percent(value: &str) -> Result<u8, &'static str> {
    value.parse().ok().filter(|percent| *percent <= 100).ok_or("expected a number from 0 to 100")
}

fn address(value: &str) -> Result<IpAddr, &'static str> {
    value.parse().map_err(|_| "not an IP address")
}

fn listener(value: &str) -> Result<SocketAddr, &'static str> {
    value.parse().map_err(|_| "not an address with a port, such as 127.0.0.1:9512")
}

fn flag(value: &str) -> Result<bool, &'static str> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "on" | "yes" => Ok(true),
        "false" | "0" | "off" | "no" => Ok(false),
        _ => Err("neither true nor false"),
    }
}

fn method(value: &str) -> Result<Method, &'static str> {
    value.to_ascii_uppercase().parse().map_err(|_| "not a list of HTTP methods")
}

fn methods(value: &str) -> Result<Vec<Method>, &'static str> {
    list(value)?.iter().map(|name| method(name)).collect()
}

fn header_names(value: &str) -> Result<Vec<HeaderName>, &'static str> {
    list(value)?.iter().map(|name| name.parse().map_err(|_| "not a list of names of headers")).collect()
}

/// Networks, or single addresses.
fn networks(value: &str) -> Result<Vec<IpNet>, &'static str> {
    let network = |text: &String| text.parse().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
    list(value)?.iter().map(|text| network(text).map_err(|_| "not a list of networks, such as 10.0.0.0/8")).collect()
}

/// `9511:/path/of/a/file`
fn files_by_port(value: &str) -> Result<BTreeMap<u16, PathBuf>, &'static str> {
    let pair = |text: &String| Some(text.split_once(':').map(|(port, path)| Some((port.trim().parse().ok()?, path.into())))??);
    list(value)?.iter().map(|text| pair(text).ok_or("not a list of ports and files, such as 9511:/etc/magnum/disabled")).collect()
}

fn health_path(value: &str) -> Result<HealthPath, &'static str> {
    HealthPath::parse(value).map_err(|_| "not a path such as /healthcheck, outside of /v1 and /discovery")
}

/// A number, not negative, with or without a fraction.
fn rate(value: &str) -> Result<f64, &'static str> {
    value.parse().ok().filter(|rate| (0.0..=1e9).contains(rate)).ok_or("not a number of requests a second")
}

fn list(value: &str) -> Result<Vec<String>, &'static str> {
    Ok(value.split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect())
}

macro_rules! options {
    ($($section:literal { $($constant:ident: $type:ty = $parse:path, $name:literal, $default:literal, $help:literal;)+ })+) => {
        $($(pub const $constant: Opt<$type> = Opt {
            about: About { section: $section, name: $name, default: $default, help: $help },
            parse: $parse,
        };)+)+

        /// All of them, in the order of the sample.
        pub const ALL: &[About] = &[$($($constant.about),+),+];
    };
}

options! {
    "DEFAULT" {
        DEBUG: bool = flag, "debug", "false", "Log more.";
        HOST: String = text, "host", "", "The name of this host in the service list. The system's, if absent.";
        STATE_PATH: PathBuf = path, "state_path", "/var/lib/jeroboam", "Where everything is kept that has to last.";
        LOG_FILE: String = text, "log_file", "", "Log to this file. Standard error, if absent.";
        LOG_DIR: PathBuf = path, "log_dir", "", "The folder of a log_file without one.";
        SERVICE_DOWN_TIME: u32 = number, "service_down_time", "180", "Seconds without a heartbeat after which a service is shown as down.";
        GRACEFUL_SHUTDOWN_TIMEOUT: u32 = number, "graceful_shutdown_timeout", "60", "Seconds that requests and steps in flight have to end in after SIGTERM.";
    }
    "api" {
        API_HOST: IpAddr = address, "host", "127.0.0.1", "The address to listen on.";
        API_PORT: u16 = number, "port", "9511", "The port to listen on; 0 takes a free one.";
        MAX_LIMIT: usize = number, "max_limit", "1000", "The most items in one answer to a list.";
    }
    "jeroboam" {
        LOG_FORMAT: String = text, "log_format", "oslo", "oslo: lines as oslo.log writes them; json: an object a line.";
        WORKERS: usize = number, "workers", "16", "Clusters that are worked on at the same time.";
        POLL_MIN: f64 = number, "poll_min", "2", "Seconds between the first looks at a stack in progress.";
        OPERATOR_SOCKET: PathBuf = path, "socket", "$state_path/operator.sock", "The socket on which root and this service's own user are administrators: `jeroboam driver` asks there. Empty: none.";
        OPERATIONS_KEPT: usize = number, "operations_kept", "50", "How many operations of a cluster are kept once they are over.";
        OPERATIONS_KEPT_DAYS: u64 = number, "operations_kept_after_deletion", "7", "Days for which the operations of a cluster that was deleted are kept.";
        LOOKUP_CACHE_TIME: u64 = number, "lookup_cache_time", "2", "Seconds for which an image, a flavor, a network or a keypair that a user's token has found counts as found, so that requests which come together ask OpenStack once. 0: each request asks.";
        POLL_MAX: f64 = number, "poll_max", "20", "Seconds between looks at a stack that takes long.";
        METRICS_LISTEN: SocketAddr = listener, "metrics_listen", "", "The address and port of /metrics, for Prometheus and the like; such as 127.0.0.1:9512. Nobody is asked for a token there. No metrics are served, if absent.";
        OTLP_ENDPOINT: String = text, "otlp_endpoint", "", "The collector that traces are sent to, by OTLP over HTTP; such as http://127.0.0.1:4318. No traces are made, if absent.";
        OTLP_SAMPLING: f64 = number, "otlp_sampling", "1.0", "The share of traces that are kept, 0 to 1, of those that begin here. A trace that a caller has begun is kept if the caller keeps it.";
        ACCESS_LOG: bool = flag, "access_log", "true", "A line for each request in the log: who asked for what, what was answered, and how long it took. Its target is jeroboam_api::access.";
        REQUESTS_IN_FLIGHT: u32 = number, "requests_in_flight", "1000", "Requests that are worked on at the same time; more get a 503 that says when to come again. 0: any number. This and the next five leave out /healthcheck, /discovery and the operator's socket.";
        REQUEST_RATE: f64 = rate, "request_rate", "0", "Requests a second, in the long run; more get a 503. 0: any number.";
        REQUEST_BURST: u32 = number, "request_burst", "200", "How many may come at once before request_rate holds.";
        PROJECT_REQUESTS_IN_FLIGHT: u32 = number, "project_requests_in_flight", "500", "Requests of one project that are worked on at the same time; more get a 429. Users whose tokens are for no project count by themselves. 0: any number.";
        PROJECT_REQUEST_RATE: f64 = rate, "project_request_rate", "0", "Requests of one project a second, in the long run; more get a 429. 0: any number.";
        PROJECT_REQUEST_BURST: u32 = number, "project_request_burst", "100", "How many of one project may come at once before project_request_rate holds.";
        AUDIT_KEPT_DAYS: u64 = number, "audit_kept", "90", "Days for which it is kept what drivers did outside: deletions of load balancers, volumes and floating IPs, certificates, changes through clusters' own APIs.";
        AUDIT_RECORDS_KEPT: usize = number, "audit_records_kept", "50000", "How many records of that are kept at most.";
    }
    "oslo_policy" {
        POLICY_FILE: PathBuf = path, "policy_file", "policy.yaml", "Who may do what, where it is not the default: YAML, or JSON if it is named so. Looked for in the folders given with --config-dir, beside the configuration files, then in /etc/magnum. Need not be there. What is changed holds within seconds; see `jeroboam policy`.";
        POLICY_DIRS: PathBuf = path, "policy_dirs", "policy.d", "A folder whose files are read after it, by name; may be given several times. Looked for in the same places, and need not be there.";
        POLICY_DEFAULT_RULE: String = text, "policy_default_rule", "default", "The rule that stands for references to rules that are not defined, if it is itself. Otherwise nobody passes them.";
        ENFORCE_SCOPE: bool = flag, "enforce_scope", "true", "Whether tokens for the system or a domain are kept from what is about projects.";
        ENFORCE_NEW_DEFAULTS: bool = flag, "enforce_new_defaults", "true", "false: who would have passed the defaults of Magnum before 17 (2023.2) passes still, without the roles member and reader.";
    }
    "oslo_middleware" {
        MAX_BODY: usize = number, "max_request_body_size", "114688", "Bytes. A longer request body is refused.";
        PROXY_HEADERS: bool = flag, "enable_proxy_headers_parsing", "false", "Make links from Forwarded, or X-Forwarded-Proto and -Host, and from X-Forwarded-Prefix; and log the client that they name. Only behind a proxy that sets them.";
    }
    "healthcheck" {
        HEALTHCHECK_PATH: HealthPath = health_path, "path", "/healthcheck", "Where load balancers ask whether this service is well.";
        HEALTHCHECK_DETAILED: bool = flag, "detailed", "false", "Say in the answer which files were looked for, and what this host is. Anybody can read it.";
        HEALTHCHECK_BACKENDS: Vec<String> = list, "backends", "disable_by_file", "Who is asked, of disable_by_file, disable_by_files_ports and enable_by_files. The service is well if all of them say so.";
        HEALTHCHECK_DISABLE_FILE: PathBuf = path, "disable_by_file_path", "/etc/magnum/healthcheck_disable", "disable_by_file: while this file exists, the answer is 503 DISABLED BY FILE.";
        HEALTHCHECK_DISABLE_FILES: BTreeMap<u16, PathBuf> = files_by_port, "disable_by_file_paths", "", "disable_by_files_ports: the same with a file for each port, such as 9511:/etc/magnum/disabled. The one for [api] port counts.";
        HEALTHCHECK_ENABLE_FILES: Vec<String> = list, "enable_by_file_paths", "", "enable_by_files: unless all these files exist, the answer is 503 FILE PATH MISSING.";
        HEALTHCHECK_SOURCES: Vec<IpNet> = networks, "allowed_source_ranges", "", "Networks that may ask; others get a 404. Any, if absent.";
        HEALTHCHECK_IGNORE_PROXIED: bool = flag, "ignore_proxied_requests", "false", "Answer requests that came through a proxy with 404.";
    }
    "cors" {
        CORS_ORIGINS: Vec<String> = list, "allowed_origin", "", "Origins whose pages may call the API from a browser, such as https://horizon.example.com; * for any. None, if absent. Sections named [cors.NAME] are for other origins with rules of their own; what they leave out is as here.";
        CORS_CREDENTIALS: bool = flag, "allow_credentials", "true", "Whether browsers may send cookies and the like along. This service reads none.";
        CORS_EXPOSE: Vec<HeaderName> = header_names, "expose_headers", "X-Auth-Token,X-Subject-Token,X-Service-Token,X-OpenStack-Request-ID,X-Server-Management-Url", "Headers of answers that pages may read.";
        CORS_MAX_AGE: u32 = number, "max_age", "3600", "Seconds that a browser may remember what it was allowed. 0: it decides itself.";
        CORS_METHODS: Vec<Method> = methods, "allow_methods", "GET,PUT,POST,DELETE,PATCH", "Methods that pages may use.";
        CORS_HEADERS: Vec<HeaderName> = header_names, "allow_headers", "X-Auth-Token,X-Identity-Status,X-Roles,X-Service-Catalog,X-User-Id,X-Tenant-Id,X-OpenStack-Request-ID,X-Server-Management-Url", "Headers that pages may send. OpenStack-API-Version is not among Magnum's.";
    }
    "store" {
        STORE_PATH: PathBuf = path, "path", "$state_path/store", "The folder of the sled store.";
        STORE_KEY_FILE: PathBuf = path, "key_file", "$state_path/store.key", "The key that secrets in the store are sealed with; made if absent. Keep a copy elsewhere than the store's.";
    }
    "drivers" {
        DRIVERS_DIRECTORY: PathBuf = path, "directory", "$state_path/drivers", "Components (*.wasm) in this folder are versions of the drivers that their files are named after: NAME.wasm, NAME-….wasm or NAME@….wasm. It is watched: write a file elsewhere on the same file system, and rename it into place.";
        NEW_VERSIONS: String = text, "new_versions", "check", "How far a new component of the directory, or of a new release of this service, goes by itself: check (it waits for `driver activate`) or activate. A bundled driver without an active version is activated in any case.";
        DRIVERS_CACHE: PathBuf = path, "cache_directory", "$state_path/cache", "Compiled drivers. Must belong to the daemon's user and be closed to others.";
        DEFAULT_DRIVER: String = text, "default_driver", "", "The driver of templates that name none. The one that serves their cluster type, if absent.";
        DISABLED_DRIVERS: Vec<String> = list, "disabled_drivers", "", "Names of drivers, or digests of components, that are not to serve.";
        PREFERRED_DRIVERS: Vec<String> = list, "preferred_drivers", "", "Where two drivers claim one cluster type, the one named first here serves it.";
        DRIVER_GRANTS: Vec<String> = list, "grants", "", "What drivers that are not bundled may use beyond log, settings, lookup and stacks, without `driver approve`: name, a colon, interfaces separated by spaces (load-balancers, volumes, floating-ips, certificates, coe-api) or ca-key, or all.";
        UNKNOWN_LABELS: String = text, "unknown_labels", "warn", "Labels that the driver does not read: warn (accepted; the answer's Warning header names them and what was likely meant) or refuse (400).";
        VERIFY_CA: bool = flag, "verify_ca", "true", "Whether nodes check the certificates of OpenStack's services.";
        OPENSTACK_CA_FILE: PathBuf = path, "openstack_ca_file", "", "PEM of the CA of OpenStack's services, given to nodes.";
        CPU_LIMIT: u64 = number, "cpu_limit", "500", "Milliseconds of CPU time that one call of a driver may take.";
        WALL_LIMIT: u64 = number, "wall_limit", "30000", "Milliseconds that one call may take in all.";
        SELF_TEST: String = text, "self_test", "enforce", "Whether a version that fails its self-test can be activated: enforce (it cannot) or report (it can; `driver show` tells what it fails). Bundled drivers have passed it when they were built.";
        ERROR_BUDGET_PERCENT: u8 = percent, "error_budget_percent", "10", "A version that is not confirmed is rolled back if more of its calls than this fail by its own fault: traps, limits, timeouts, internal errors, wrong answers. 100: never.";
        ERROR_BUDGET_WINDOW: u64 = number, "error_budget_window", "300", "Seconds back that calls count for.";
        ERROR_BUDGET_CALLS: u32 = number, "error_budget_calls", "10", "With fewer calls than this nothing is rolled back.";
        MEMORY_LIMIT: u64 = number, "memory_limit", "64", "MiB that one call may use.";
        RECORD_SIZE: usize = number, "record_size", "1024", "KiB that the record of one call may have, where calls are recorded. What is larger is left out, and the record says so.";
        RECORDS_KEPT: usize = number, "records_kept", "500", "How many recorded calls are kept, of all drivers together.";
        RECORDS_KEPT_DAYS: u64 = number, "records_kept_days", "7", "Days for which a recorded call is kept.";
        REPORT_ONLY: Vec<String> = list, "report_only", "", "Limits that end no call: going over one is logged and counted, once a call, and the call goes on until it has used ten times as much. Of cpu-time, wall-time, memory, tables, host-calls, host-bytes and log-lines. The others (stack, result-size, log-line-size, concurrent-calls, parts, component-size) hold the service itself up and cannot be only reported.";
    }
    "keystone_auth" {
        AUTH_URL: String = text, "auth_url", "", "Keystone, for this service itself. [keystone_authtoken] auth_url, else www_authenticate_uri, if absent.";
        AUTH_USERNAME: String = text, "username", "", "This service's user. That of [keystone_authtoken], if absent; so with the next four.";
        AUTH_PASSWORD: String = text, "password", "", "Its password.";
        AUTH_PROJECT_NAME: String = text, "project_name", "", "Its project.";
        AUTH_USER_DOMAIN_NAME: String = text, "user_domain_name", "", "The domain of the user, by name.";
        AUTH_USER_DOMAIN_ID: String = text, "user_domain_id", "", "The domain of the user, by id.";
        AUTH_PROJECT_DOMAIN_NAME: String = text, "project_domain_name", "", "The domain of the project, by name.";
        AUTH_PROJECT_DOMAIN_ID: String = text, "project_domain_id", "", "The domain of the project, by id.";
        AUTH_CAFILE: PathBuf = path, "cafile", "", "PEM of the CA of OpenStack's services, for this service itself.";
        AUTH_INSECURE: bool = flag, "insecure", "false", "Do not check the certificates of OpenStack's services.";
    }
    "keystone_authtoken" {
        WWW_AUTHENTICATE_URI: String = text, "www_authenticate_uri", "", "Keystone as users reach it: told to whoever comes without a token.";
        TOKEN_AUTH_URL: String = text, "auth_url", "", "Keystone, where tokens are validated.";
        TOKEN_USERNAME: String = text, "username", "", "The user to validate tokens as.";
        TOKEN_PASSWORD: String = text, "password", "", "Its password.";
        TOKEN_PROJECT_NAME: String = text, "project_name", "service", "Its project.";
        TOKEN_USER_DOMAIN_NAME: String = text, "user_domain_name", "", "The domain of the user, by name.";
        TOKEN_USER_DOMAIN_ID: String = text, "user_domain_id", "default", "The domain of the user, by id.";
        TOKEN_PROJECT_DOMAIN_NAME: String = text, "project_domain_name", "", "The domain of the project, by name.";
        TOKEN_PROJECT_DOMAIN_ID: String = text, "project_domain_id", "default", "The domain of the project, by id.";
        TOKEN_CAFILE: PathBuf = path, "cafile", "", "As [keystone_auth] cafile.";
        TOKEN_INSECURE: bool = flag, "insecure", "false", "As [keystone_auth] insecure.";
        TOKEN_REGION: String = text, "region_name", "", "The region whose endpoints this service uses. Any, if absent.";
        TOKEN_INTERFACE: String = text, "interface", "internal", "The interface of OpenStack's services that this service uses: public, internal or admin. [<service>_client] endpoint_type wins for one of them.";
        TOKEN_CACHE_TIME: u64 = number, "token_cache_time", "300", "Seconds that a validated token is believed without asking again.";
    }
    "trust" {
        CLUSTER_USER_TRUST: bool = flag, "cluster_user_trust", "false", "Whether nodes get to act for the cluster's owner: the cloud provider and storage need it.";
        TRUSTEE_DOMAIN_ID: String = text, "trustee_domain_id", "", "The domain of clusters' own users, by id.";
        TRUSTEE_DOMAIN_NAME: String = text, "trustee_domain_name", "", "The same by name.";
        TRUSTEE_ADMIN_ID: String = text, "trustee_domain_admin_id", "", "The administrator of that domain, by id.";
        TRUSTEE_ADMIN_NAME: String = text, "trustee_domain_admin_name", "", "The same by name.";
        TRUSTEE_ADMIN_DOMAIN_ID: String = text, "trustee_domain_admin_domain_id", "", "The domain the administrator is in, by id. The trustee domain, if absent.";
        TRUSTEE_ADMIN_DOMAIN_NAME: String = text, "trustee_domain_admin_domain_name", "", "The same by name.";
        TRUSTEE_ADMIN_PASSWORD: String = text, "trustee_domain_admin_password", "", "Its password.";
        TRUST_ROLES: Vec<String> = list, "roles", "", "Roles that trusts hand on. All those of the requester, if absent.";
        TRUSTEE_INTERFACE: String = text, "trustee_keystone_interface", "public", "The interface of Keystone that nodes use.";
        TRUSTEE_REGION: String = text, "trustee_keystone_region_name", "", "The region of the Keystone that nodes use.";
    }
    "certificates" {
        CERT_MANAGER_TYPE: String = text, "cert_manager_type", "x509keypair", "Where clusters' private keys are kept: barbican, as secrets of this service's project; x509keypair or local, both sealed in the store. Those of existing clusters stay where they are.";
        KEY_KIND: String = text, "key_kind", "ecdsa-p256", "Keys of new clusters: ecdsa-p256 or rsa-2048.";
    }
    "x509" {
        TERM_OF_VALIDITY: u32 = number, "term_of_validity", "1825", "Days that certificates are valid.";
    }
    "cluster" {
        DISCOVERY_ENDPOINT: String = text, "etcd_discovery_service_endpoint_format", "", "Where discoveries are made for clusters whose etcd needs one, such as https://discovery.etcd.io/new?size=%(size)d. This service keeps them itself, at /discovery beside /v1, if absent.";
        AFFINITY_POLICY: String = text, "nodes_affinity_policy", "soft-anti-affinity", "The policy of server groups.";
        PRE_DELETE_LB_TIMEOUT: u64 = number, "pre_delete_lb_timeout", "60", "Seconds that a deletion waits for what the cluster made for itself to go.";
    }
    "cluster_heat" {
        CREATE_TIMEOUT: u32 = number, "create_timeout", "60", "Minutes that a stack may take, where the request does not say.";
    }
    "cluster_template" {
        ALLOWED_NETWORK_DRIVERS: Vec<String> = list, "kubernetes_allowed_network_drivers", "flannel,calico,cilium", "Network drivers of Kubernetes templates; all: no limit.";
        DEFAULT_NETWORK_DRIVER: String = text, "kubernetes_default_network_driver", "flannel", "What a template gets that names none.";
    }
    "cinder" {
        DOCKER_VOLUME_TYPE: String = text, "default_docker_volume_type", "", "The type of docker volumes. Cinder's first, if absent.";
        ETCD_VOLUME_TYPE: String = text, "default_etcd_volume_type", "", "The type of etcd volumes. Cinder's first, if absent.";
        BOOT_VOLUME_TYPE: String = text, "default_boot_volume_type", "", "The type of boot volumes. Cinder's first, if absent.";
        BOOT_VOLUME_SIZE: u32 = number, "default_boot_volume_size", "0", "GB. More than 0: nodes boot from volumes.";
        CINDER_REGION: String = text, "region_name", "", "The region that nodes' cloud provider uses. That of [keystone_authtoken], if absent.";
    }
    "quotas" {
        MAX_CLUSTERS: u32 = number, "max_clusters_per_project", "20", "Clusters that a project may have.";
    }
    "kubernetes" {
        HEALTH_INTERVAL: i64 = number, "health_polling_interval", "60", "Seconds between looks at a cluster's health; negative: never.";
    }
    "magnum_client" {
        MAGNUM_INTERFACE: String = text, "endpoint_type", "publicURL", "The interface of this service that nodes use.";
        MAGNUM_REGION: String = text, "region_name", "", "The region of this service that nodes use.";
    }
}

/// Options of Magnum's that have nothing to apply to here, by section and name; `*` stands for all of a section's.
pub const WITHOUT_EFFECT: &[(&str, &str, &str)] = &[
    ("DEFAULT", "transport_url", "there is no message bus: one process does all the work"),
    ("DEFAULT", "rpc_response_timeout", "there is no message bus"),
    ("DEFAULT", "control_exchange", "there is no message bus"),
    ("DEFAULT", "executor_thread_pool_size", "there is no message bus"),
    ("DEFAULT", "log_config_append", "see [jeroboam] log_format"),
    ("DEFAULT", "logging_context_format_string", "see [jeroboam] log_format"),
    ("DEFAULT", "periodic_enable", "work is not periodic here"),
    ("DEFAULT", "periodic_interval_max", "work is not periodic here"),
    ("api", "api_paste_config", "the pipeline is fixed"),
    ("api", "workers", "one process serves all connections"),
    ("conductor", "*", "one process does all the work; see [jeroboam] workers"),
    ("database", "*", "see [store]"),
    ("oslo_concurrency", "*", "there are no lock files"),
    ("oslo_messaging_amqp", "*", "there is no message bus"),
    ("oslo_messaging_kafka", "*", "there is no message bus"),
    ("oslo_messaging_notifications", "*", "there is no message bus"),
    ("oslo_messaging_rabbit", "*", "there is no message bus"),
    ("oslo_reports", "*", "there is no such report"),
    ("oslo_middleware", "secure_proxy_ssl_header", "see enable_proxy_headers_parsing"),
    ("oslo_policy", "remote_content_type", "checks by http: and https: are refused"),
    ("oslo_policy", "remote_ssl_verify_server_crt", "checks by http: and https: are refused"),
    ("oslo_policy", "remote_ssl_ca_crt_file", "checks by http: and https: are refused"),
    ("oslo_policy", "remote_ssl_client_crt_file", "checks by http: and https: are refused"),
    ("oslo_policy", "remote_ssl_client_key_file", "checks by http: and https: are refused"),
    ("oslo_policy", "remote_timeout", "checks by http: and https: are refused"),
    ("profiler", "*", "there is no osprofiler"),
    ("docker_registry", "*", "drivers have their own sections, [driver:<name>]"),
    ("certificates", "storage_path", "certificates are kept in the store, sealed"),
    ("cluster", "temp_cache_dir", "certificates are never written to files"),
    ("cluster_heat", "max_attempts", "stacks are waited for until their timeout"),
    ("cluster_heat", "wait_interval", "see [jeroboam] poll_min"),
    ("drivers", "enabled_beta_drivers", "a driver that is there is enabled"),
    ("keystone_auth", "auth_type", "always a password"),
    ("keystone_authtoken", "auth_type", "always a password"),
    ("keystone_authtoken", "auth_version", "always v3"),
    ("keystone_authtoken", "memcached_servers", "tokens are cached in the process"),
    ("keystone_authtoken", "memcache_security_strategy", "tokens are cached in the process"),
    ("keystone_authtoken", "memcache_secret_key", "tokens are cached in the process"),
    ("keystone_authtoken", "service_token_roles", "service tokens are not looked at"),
    ("keystone_authtoken", "service_token_roles_required", "service tokens are not looked at"),
    ("keystone_authtoken", "include_service_catalog", "catalogues are asked for when needed"),
    ("x509", "rsa_key_size", "RSA keys have 2048 bits; see [certificates] key_kind"),
];
