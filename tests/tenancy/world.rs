//! What the requests are about: a cluster and a template of two projects each, and a public template.

use anyhow::{Context, Result};
use jeroboam_devcloud::Who;
use jeroboam_tests::{cloud::User, cluster, site::Site};
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::callers::{Caller, Of};

pub struct World {
    site: Site,
    http: Client,
    /// For members, who make things.
    member: User,
    stranger: User,
    admin: User,
    tokens: Vec<(Caller, Option<String>)>,
    clusters: [String; 2],
    /// Those that made the clusters.
    operations: [String; 2],
    templates: [String; 3],
    made: usize,
}

impl World {
    pub async fn make() -> Result<Self> {
        let site = Site::with("[quotas]\nmax_clusters_per_project = 1000\n").await?;
        let url = site.place.url()?;
        let (member, admin) = (site.user.clone(), site.cloud.user(Who::Admin, &url).await?);
        let stranger = site.cloud.user_named("alt_demo", "alt_demo", &url).await?;
        let reader = site.cloud.user_named("demo_reader", "demo", &url).await?;
        let service = site.cloud.user(Who::Service, &url).await?;
        // Keypairs are a user's own; whoever may make clusters is not to fail for the lack of one.
        for user in [&admin, &stranger, &service] {
            let keypairs = format!("http://{}/compute/v2.1/os-keypairs", site.cloud.devcloud.address());
            user.post_json(&keypairs, &json!({"keypair": {"name": "testkey"}})).await?;
        }
        let token = |user: &User| Some(user.token().to_owned());
        let tokens = vec![
            (Caller::Admin, token(&admin)),
            (Caller::Member, token(&member)),
            (Caller::Reader, token(&reader)),
            (Caller::Stranger, token(&stranger)),
            (Caller::Service, token(&service)),
            (Caller::Nobody, None),
        ];
        let (clusters, operations, templates) = Default::default();
        let http = Client::new();
        let mut world = Self { site, http, member, stranger, admin, tokens, clusters, operations, templates, made: 0 };
        for of in [Of::Own, Of::Others] {
            world.renew_cluster(of).await?;
        }
        for of in [Of::Own, Of::Others, Of::Public] {
            world.renew_template(of).await?;
        }
        Ok(world)
    }

    pub fn cluster(&self, of: Of) -> &str {
        &self.clusters[of as usize - Of::Own as usize]
    }

    pub fn operation(&self, of: Of) -> &str {
        &self.operations[of as usize - Of::Own as usize]
    }

    pub fn template(&self, of: Of) -> &str {
        &self.templates[of as usize - Of::Own as usize]
    }

    /// What a request for another template sends.
    pub fn new_template(&self) -> Value {
        json!({"name": "another", "coe": "kubernetes", "image_id": "fedora-coreos-latest", "keypair_id": "testkey",
            "external_network_id": "public", "flavor_id": "m1.small", "master_flavor_id": "m1.small"})
    }

    /// Another cluster in the place of one that was spent. The trustee is the new one's.
    pub async fn renew_cluster(&mut self, of: Of) -> Result<()> {
        self.made += 1;
        let name = format!("c{:03}", self.made);
        if of == Of::Others {
            let template = cluster::template(&self.stranger, &json!({"name": name})).await?;
            let id = cluster::create(&self.stranger, &template).await?;
            cluster::becomes(&self.stranger, &id, "CREATE_COMPLETE").await?;
            self.operations[1] = operation(&self.stranger, &id).await?;
            self.clusters[1] = id;
            return Ok(());
        }
        let (shown, servers) = self.site.cluster(&name, &json!({"name": name}), 1).await?;
        self.clusters[0] = shown["uuid"].as_str().context("a uuid")?.to_owned();
        self.operations[0] = operation(&self.member, &self.clusters[0]).await?;
        let parameters = &servers.first().context("a server")?.parameters;
        let user = json!({"id": parameters["TRUSTEE_USER_ID"], "password": parameters["TRUSTEE_PASSWORD"]});
        let scope = json!({"OS-TRUST:trust": {"id": parameters["TRUST_ID"]}});
        for (caller, scope) in [(Caller::Trustee, scope), (Caller::Node, Value::Null)] {
            let user = self.site.cloud.log_in(user.clone(), scope, &self.site.place.url()?).await?;
            self.tokens.retain(|(other, _)| *other != caller);
            self.tokens.push((caller, Some(user.token().to_owned())));
        }
        Ok(())
    }

    /// Another template in the place of one that was spent.
    pub async fn renew_template(&mut self, of: Of) -> Result<()> {
        let (owner, changes) = match of {
            Of::Others => (&self.stranger, json!({"name": "others"})),
            Of::Public => (&self.admin, json!({"name": "public", "public": true})),
            Of::Nothing | Of::Own => (&self.member, json!({"name": "own"})),
        };
        self.templates[of as usize - Of::Own as usize] = cluster::template(owner, &changes).await?;
        Ok(())
    }

    /// The status of the answer, and its text.
    pub async fn ask(&self, caller: Caller, method: &str, path: &str, body: &Value) -> Result<(u16, String)> {
        let url = self.site.place.url()?.join(path)?;
        let mut request = self.http.request(Method::from_bytes(method.as_bytes())?, url);
        request = request.header("openstack-api-version", "container-infra latest");
        let (_, token) = self.tokens.iter().find(|(other, _)| *other == caller).context("a caller")?;
        if let Some(token) = token {
            request = request.header("x-auth-token", token);
        }
        if !body.is_null() {
            request = request.json(body);
        }
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }
}

/// The latest operation on a cluster.
async fn operation(user: &User, cluster: &str) -> Result<String> {
    let listed = user.expect(Method::GET, &format!("/clusters/{cluster}/operations"), None, 200).await?;
    Ok(listed["operations"][0]["id"].as_str().context("an operation")?.to_owned())
}
