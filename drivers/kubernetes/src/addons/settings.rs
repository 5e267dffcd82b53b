//! What masters read for the add-ons, besides what every node reads.

use jeroboam_driver_common::Request;
use jeroboam_driver_sdk::{Cluster, Error, Pair};
use serde_json::{Map, Value};

use super::{Addon, images, labels as own};
use crate::labels;

/// The parameter `addon_settings`. `kube_tag`: that of the masters.
pub fn settings(cluster: &Cluster, addons: &[Addon], kube_tag: &str) -> Result<Value, Error> {
    let request = Request::from(cluster);
    let mut variables = Map::new();
    let mut set = |name: &str, value: &str| variables.insert(name.to_owned(), value.into());
    // kube-proxy is made for all nodes at once, and is never newer than the API server.
    let mut tagged: Vec<Pair> = request.labels.to_vec();
    tagged.retain(|(name, _)| *name != labels::KUBE_TAG.0.name);
    tagged.push((labels::KUBE_TAG.0.name.to_owned(), kube_tag.to_owned()));
    for image in addons.iter().flat_map(|addon| images::of(*addon)) {
        set(image.variable, &image.reference(&tagged)?);
    }
    set("KEYSTONE_AUTH_ENABLED", if addons.contains(&Addon::KeystoneAuth) { "true" } else { "false" });
    set("PROJECT_ID", &cluster.project_id);
    set("AUTOSCALER_ROLES", &own::AUTO_SCALING_ROLES.get(request.labels)?.join(","));
    set("INGRESS_CONTROLLER_ROLE", own::INGRESS_CONTROLLER_ROLE.get(request.labels)?);
    Ok(Value::Object(variables))
}
