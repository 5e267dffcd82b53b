//! The labels of slaves, checked as far as mesos-slave would check them: it would not start with wrong flags, and a cluster would fail an hour later.

use jeroboam_driver_sdk::{Error, Pair};
use serde_json::{Map, Value};

use crate::labels;

/// Flags that the driver sets itself.
const OWN_FLAGS: &[&str] = &[
    "containerizers",
    "executor_environment_variables",
    "executor_registration_timeout",
    "hostname",
    "image_providers",
    "ip",
    "isolation",
    "master",
    "work_dir",
];

/// Each as the node's variable of the label's name reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slave {
    pub isolation: String,
    pub image_providers: String,
    pub work_dir: String,
    /// JSON, or empty.
    pub executor_environment: String,
    /// Words `name=value`.
    pub flags: String,
}

impl Slave {
    pub fn of(labels: &[Pair]) -> Result<Self, Error> {
        let isolation = labels::MESOS_SLAVE_ISOLATION.get(labels)?;
        let image_providers = labels::MESOS_SLAVE_IMAGE_PROVIDERS.get(labels)?;
        if image_providers.contains(&"docker") && !isolation.contains(&"docker/runtime") {
            let rule = "has docker, which needs the isolator docker/runtime in mesos_slave_isolation";
            return Err(labels::MESOS_SLAVE_IMAGE_PROVIDERS.invalid(rule));
        }
        Ok(Self {
            isolation: isolation.join(","),
            image_providers: image_providers.join(","),
            work_dir: work_dir(labels)?,
            executor_environment: executor_environment(labels)?,
            flags: flags(labels)?,
        })
    }
}

fn work_dir(labels: &[Pair]) -> Result<String, Error> {
    let path = labels::MESOS_SLAVE_WORK_DIR.get(labels)?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte);
    let sound = path.starts_with('/') && path.bytes().all(plain) && !path.split('/').any(|part| part == "..");
    if path.is_empty() || (sound && path.len() > 1) {
        Ok(path.to_owned())
    } else {
        Err(labels::MESOS_SLAVE_WORK_DIR.invalid("has to be an absolute path of letters, digits and ._-/"))
    }
}

fn executor_environment(labels: &[Pair]) -> Result<String, Error> {
    let text = labels::MESOS_SLAVE_EXECUTOR_ENV_VARIABLES.get(labels)?;
    if text.is_empty() {
        return Ok(String::new());
    }
    match serde_json::from_str::<Map<String, Value>>(text) {
        Ok(variables) if variables.values().all(Value::is_string) => Ok(Value::Object(variables).to_string()),
        _ => Err(labels::MESOS_SLAVE_EXECUTOR_ENV_VARIABLES.invalid("has to be a JSON object whose values are texts")),
    }
}

fn flags(labels: &[Pair]) -> Result<String, Error> {
    let words: Vec<&str> = labels::MESOS_SLAVE_FLAGS.get(labels)?.split_whitespace().collect();
    for word in &words {
        let name = word.split_once('=').map(|(name, _)| name).unwrap_or_default();
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            return Err(labels::MESOS_SLAVE_FLAGS.invalid(&format!("has {word}, which is not of the form name=value")));
        }
        if OWN_FLAGS.contains(&name) {
            return Err(labels::MESOS_SLAVE_FLAGS.invalid(&format!("has {name}, which the driver or another label sets")));
        }
    }
    Ok(words.join(" "))
}
