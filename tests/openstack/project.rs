//! A project of its own for each case, so that what a cluster made can be told apart while many live side by side.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use reqwest::Method;
use serde_json::{Value, json};

use crate::rig::{Login, Rig, Session, list, text};

/// What members of a project may do in a cloud with Heat, Octavia and Barbican.
const ROLES: [&str; 4] = ["member", "heat_stack_owner", "load-balancer_member", "creator"];
/// A key that nobody has the other half of.
const PUBLIC_KEY: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA nobody";

/// Kind, service, path of the list, name of the list in the answer, name of an item's name.
const KINDS: &[(&str, &str, &str, &str, &str)] = &[
    ("stack", "orchestration", "/stacks?show_nested=true", "stacks", "stack_name"),
    ("server", "compute", "/servers", "servers", "name"),
    ("server group", "compute", "/os-server-groups", "server_groups", "name"),
    ("volume", "block-storage", "/PROJECT/volumes", "volumes", "id"),
    ("network", "network", "/v2.0/networks?project_id=PROJECT", "networks", "name"),
    ("subnet", "network", "/v2.0/subnets?project_id=PROJECT", "subnets", "name"),
    ("port", "network", "/v2.0/ports?project_id=PROJECT", "ports", "name"),
    ("router", "network", "/v2.0/routers?project_id=PROJECT", "routers", "name"),
    ("security group", "network", "/v2.0/security-groups?project_id=PROJECT", "security_groups", "name"),
    ("floating IP", "network", "/v2.0/floatingips?project_id=PROJECT", "floatingips", "floating_ip_address"),
    ("load balancer", "load-balancer", "/v2/lbaas/loadbalancers?project_id=PROJECT", "loadbalancers", "name"),
    ("secret", "key-manager", "/v1/secrets?limit=1000", "secrets", "name"),
    ("secret container", "key-manager", "/v1/containers?limit=1000", "containers", "name"),
];

pub struct Project {
    pub user: Session,
    admin: Session,
    /// The daemons' own user, in whose project private keys are kept if they are in Barbican.
    keeper: Session,
}

/// Names of what there is, by kind.
pub type Inventory = BTreeMap<&'static str, Vec<String>>;

impl Project {
    /// `region` is that of the `container-infra` to use.
    pub async fn make(rig: &Rig, admin: &Session, name: &str, region: &str) -> Result<Self> {
        // Run again on the same services, the suite must not meet what it left.
        let name = &format!("{name}-{}", std::process::id());
        let project = admin.post("identity", "/projects", &json!({"project": {"name": name, "domain_id": "default"}})).await?;
        let user = json!({"user": {"name": name, "password": rig.setting("PASSWORD")?, "domain_id": "default"}});
        let user = admin.post("identity", "/users", &user).await?;
        let (project, user) = (text(&project["project"], "id"), text(&user["user"], "id"));
        let roles = admin.get("identity", "/roles").await?;
        for role in list(&roles["roles"]).iter().filter(|role| ROLES.contains(&text(role, "name").as_str())) {
            let path = format!("/projects/{project}/users/{user}/roles/{}", text(role, "id"));
            admin.done("identity", Method::PUT, &path, None).await?;
        }
        let user = rig.log_in(Login::Password { user: name, project: name }, region).await?;
        let keypair = json!({"keypair": {"name": "key", "public_key": PUBLIC_KEY}});
        user.post("compute", "/os-keypairs", &keypair).await?;
        let keeper = rig.log_in(Login::Password { user: "magnum", project: "service" }, region).await?;
        Ok(Self { user, admin: admin.clone(), keeper })
    }

    /// A network behind a router, for clusters that are to use one that is there; answers network and subnet.
    pub async fn network(&self) -> Result<(String, String)> {
        let network = self.user.post("network", "/v2.0/networks", &json!({"network": {"name": "own"}})).await?;
        let network = text(&network["network"], "id");
        let subnet = json!({"subnet": {"network_id": network, "name": "own", "ip_version": 4, "cidr": "10.0.20.0/24"}});
        let subnet = self.user.post("network", "/v2.0/subnets", &subnet).await?;
        let subnet = text(&subnet["subnet"], "id");
        let external = self.user.get("network", "/v2.0/networks?name=public").await?;
        let external = text(list(&external["networks"]).first().context("the network `public`")?, "id");
        let router = json!({"router": {"name": "own", "external_gateway_info": {"network_id": external}}});
        let router = self.user.post("network", "/v2.0/routers", &router).await?;
        let path = format!("/v2.0/routers/{}/add_router_interface", text(&router["router"], "id"));
        self.user.done("network", Method::PUT, &path, Some(&json!({"subnet_id": subnet}))).await?;
        Ok((network, subnet))
    }

    /// What is in the project in every service, the trusts that its user gave, and the users that Heat made for its stacks.
    pub async fn inventory(&self) -> Result<Inventory> {
        let mut inventory = Inventory::new();
        for (kind, service, path, items, name) in KINDS {
            let answer = self.user.get(service, &path.replace("PROJECT", &self.user.project_id)).await?;
            let names = list(&answer[items]).iter().map(|item| text(item, name)).filter(|name| name != "default");
            inventory.insert(kind, names.collect());
        }
        let trusts = self.admin.get("identity", &format!("/OS-TRUST/trusts?trustor_user_id={}", self.user.user_id)).await?;
        inventory.insert("trust", list(&trusts["trusts"]).iter().map(|trust| text(trust, "id")).collect());
        // Heat keeps the users of a stack in a project that it names after ours.
        let projects = self.admin.get("identity", &format!("/projects?domain_id={}", self.domain("heat").await?)).await?;
        let projects = list(&projects["projects"]).iter().map(|project| text(project, "name"));
        inventory.insert("stack user project", projects.filter(|name| name.starts_with(&self.user.project_id)).collect());
        Ok(inventory)
    }

    /// Names of the secrets that the daemons keep for a cluster.
    pub async fn kept(&self, cluster: &str) -> Result<Vec<String>> {
        let secrets = self.keeper.get("key-manager", "/v1/secrets?limit=1000").await?;
        Ok(list(&secrets["secrets"]).iter().map(|secret| text(secret, "name")).filter(|name| name.contains(cluster)).collect())
    }

    /// Users that were made for a cluster.
    pub async fn trustees(&self, cluster: &str) -> Result<Vec<String>> {
        let users = self.admin.get("identity", &format!("/users?domain_id={}", self.domain("magnum").await?)).await?;
        Ok(list(&users["users"]).iter().map(|user| text(user, "name")).filter(|name| name.contains(cluster)).collect())
    }

    async fn domain(&self, name: &str) -> Result<String> {
        let domains = self.admin.get("identity", &format!("/domains?name={name}")).await?;
        Ok(text(list(&domains["domains"]).first().with_context(|| format!("the domain {name}"))?, "id"))
    }
}

/// What is in the second and not in the first.
pub fn more(before: &Inventory, after: &Inventory) -> Vec<String> {
    let mut found = Vec::new();
    for (kind, names) in after {
        let known = before.get(kind).map_or(&[][..], Vec::as_slice);
        found.extend(names.iter().filter(|name| !known.contains(name)).map(|name| format!("{kind} {name}")));
    }
    found
}

/// How many of a kind there are.
pub fn count(inventory: &Inventory, kind: &str) -> usize {
    inventory.get(kind).map_or(0, Vec::len)
}

/// The names of a list of a service.
pub async fn names(session: &Session, service: &str, path: &str, items: &str) -> Result<Vec<(String, String)>> {
    let answer: Value = session.get(service, path).await?;
    Ok(list(&answer[items]).iter().map(|item| (text(item, "name"), text(item, "id"))).collect())
}
