//! Every live object, for "nothing is left" checks.

use serde_json::{Value, json};

use crate::{cloud::Cloud, collections};

/// What there is, as a list of `{service, type, id, name, project_id}`, of one project or of all.
///
/// Objects that the cloud makes on its own (default security groups, and what Keystone was seeded with) are not listed;
/// trusts, application credentials and users of other domains are.
pub fn list(cloud: &Cloud, project: Option<&str>) -> Value {
    let mut objects = cloud.read(|state| {
        let mut objects = state.keystone.inventory();
        for kind in collections::ALL {
            let shape = collections::resource(kind).shape();
            for record in state.all(kind) {
                if record.private.contains_key("implicit") {
                    continue;
                }
                objects.push(json!({
                    "service": shape.service, "type": shape.singular, "id": record.id, "name": record.name(),
                    "project_id": record.project_id, "seeded": record.private.contains_key("seeded"),
                }));
            }
        }
        objects
    });
    objects.extend(cloud.heat().into_iter().flat_map(|engine| engine.inventory()));
    if let Some(project) = project {
        objects.retain(|object| object.get("project_id").and_then(Value::as_str) == Some(project));
    }
    json!({ "objects": objects })
}
