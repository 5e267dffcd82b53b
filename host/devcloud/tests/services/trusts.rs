//! Trusts: what they lend, to whom, and until when.

use jeroboam_devcloud::{Devcloud, Who};
use serde_json::{Value, json};

use super::support::{Session, advance, authenticate, cloud, id};

/// A trustor, a trustee in the trustee domain, and how the trustee logs in.
struct Parties {
    cloud: Devcloud,
    trustor: Session,
    trustee: String,
    login: Value,
}

async fn parties() -> Parties {
    let cloud = cloud().await;
    let domain_admin = Session::of(&cloud, Who::TrusteeDomainAdmin).await;
    let domain = &domain_admin.shown["token"]["domain"]["id"];
    let user = json!({"user": {"name": "trustee", "password": "secret", "domain_id": domain}});
    let trustee = id(&domain_admin.post("/identity/v3/users", user).await.expect(201)["user"]);
    let login = json!({"methods": ["password"], "password": {"user": {"id": trustee, "password": "secret"}}});
    let trustor = Session::of(&cloud, Who::Demo).await;
    Parties { cloud, trustor, trustee, login }
}

impl Parties {
    fn request(&self, roles: &[&str]) -> Value {
        let roles: Vec<Value> = roles.iter().map(|role| json!({"name": role})).collect();
        json!({"trust": {"trustor_user_id": self.trustor.user(), "trustee_user_id": self.trustee, "impersonation": true,
            "project_id": self.trustor.project(), "roles": roles}})
    }

    async fn trust(&self) -> String {
        id(&self.trustor.post("/identity/v3/OS-TRUST/trusts", self.request(&["member"])).await.expect(201)["trust"])
    }

    async fn as_trustee(&self, trust: &str) -> Session {
        Session::with(&self.cloud, self.login.clone(), Some(json!({"OS-TRUST:trust": {"id": trust}}))).await
    }
}

#[tokio::test]
async fn the_trustee_acts_as_the_trustor_with_the_lent_roles_only() {
    let parties = parties().await;
    let trust = parties.trust().await;
    let trustee = parties.as_trustee(&trust).await;
    let token = &trustee.shown["token"];
    assert_eq!(token["user"]["id"], parties.trustor.user());
    assert_eq!(token["project"]["id"], parties.trustor.project());
    assert_eq!(token["OS-TRUST:trust"]["trustee_user"]["id"], parties.trustee.as_str());
    let roles: Vec<&str> = token["roles"].as_array().unwrap().iter().map(|role| role["name"].as_str().unwrap()).collect();
    assert_eq!(roles, ["member", "reader"]);
    trustee.network("by-trust", "10.9.0.0/24").await;
    let seen = parties.trustor.get("/network/v2.0/networks?name=by-trust").await.expect(200);
    assert_eq!(seen["networks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn without_impersonation_the_trustee_stays_who_they_are() {
    let parties = parties().await;
    let mut request = parties.request(&["member"]);
    request["trust"]["impersonation"] = json!(false);
    let trust = id(&parties.trustor.post("/identity/v3/OS-TRUST/trusts", request).await.expect(201)["trust"]);
    let trustee = parties.as_trustee(&trust).await;
    assert_eq!(trustee.shown["token"]["user"]["id"], parties.trustee.as_str());
}

#[tokio::test]
async fn a_deleted_trust_ends_its_tokens_and_its_logins() {
    let parties = parties().await;
    let trust = parties.trust().await;
    let trustee = parties.as_trustee(&trust).await;
    trustee.get("/network/v2.0/networks").await.expect(200);
    let path = format!("/identity/v3/OS-TRUST/trusts/{trust}");
    parties.trustor.delete(&path).await.expect(204);
    trustee.get("/network/v2.0/networks").await.expect(401);
    let again = authenticate(&parties.cloud, parties.login.clone(), Some(json!({"OS-TRUST:trust": {"id": trust}}))).await;
    again.expect(401);
    parties.trustor.get(&path).await.expect(404);
}

#[tokio::test]
async fn trustor_and_impersonating_trustee_may_delete_a_trust_and_the_plain_trustee_may_not() {
    let parties = parties().await;
    let trust = parties.trust().await;
    let path = format!("/identity/v3/OS-TRUST/trusts/{trust}");
    let plain = Session::with(&parties.cloud, parties.login.clone(), None).await;
    plain.get(&path).await.expect(200);
    plain.delete(&path).await.expect(403);
    Session::named(&parties.cloud, "alt_demo", "alt_demo").await.get(&path).await.expect(403);
    parties.as_trustee(&trust).await.delete(&path).await.expect(204);
}

#[tokio::test]
async fn only_the_trustee_can_use_a_trust() {
    let parties = parties().await;
    let trust = parties.trust().await;
    let stranger = json!({"methods": ["password"], "password": {"user": {"name": "alt_demo", "password": "devcloud", "domain": {"id": "default"}}}});
    authenticate(&parties.cloud, stranger, Some(json!({"OS-TRUST:trust": {"id": trust}}))).await.expect(403);
}

#[tokio::test]
async fn nobody_lends_what_they_do_not_hold_or_in_anothers_name() {
    let parties = parties().await;
    let refused = parties.trustor.post("/identity/v3/OS-TRUST/trusts", parties.request(&["admin"])).await.expect(404);
    assert_eq!(refused["error"]["message"], "Could not find role: admin.");
    parties.trustor.post("/identity/v3/OS-TRUST/trusts", parties.request(&[])).await.expect(403);
    let other = Session::named(&parties.cloud, "alt_demo", "alt_demo").await;
    other.post("/identity/v3/OS-TRUST/trusts", parties.request(&["member"])).await.expect(403);
    let mut unknown = parties.request(&["member"]);
    unknown["trust"]["trustee_user_id"] = json!("nobody");
    parties.trustor.post("/identity/v3/OS-TRUST/trusts", unknown).await.expect(404);
}

#[tokio::test]
async fn a_trust_cannot_be_lent_on() {
    let parties = parties().await;
    let trustee = parties.as_trustee(&parties.trust().await).await;
    trustee.post("/identity/v3/OS-TRUST/trusts", parties.request(&["member"])).await.expect(403);
}

#[tokio::test]
async fn a_trust_can_expire_and_be_used_up() {
    let parties = parties().await;
    let mut request = parties.request(&["member"]);
    request["trust"]["expires_at"] = json!("2999-01-01T00:00:00.000000Z");
    request["trust"]["remaining_uses"] = json!(1);
    let made = parties.trustor.post("/identity/v3/OS-TRUST/trusts", request).await.expect(201);
    let trust = id(&made["trust"]);
    let trustee = parties.as_trustee(&trust).await;
    trustee.get("/network/v2.0/networks").await.expect(200);
    let scope = json!({"OS-TRUST:trust": {"id": trust}});
    authenticate(&parties.cloud, parties.login.clone(), Some(scope)).await.expect(401);
    advance(&parties.cloud, 1000 * 366 * 86_400).await;
    trustee.get("/network/v2.0/networks").await.expect(401);
}

#[tokio::test]
async fn a_trust_is_listed_for_its_parties_and_ends_with_its_trustee() {
    let parties = parties().await;
    let trust = parties.trust().await;
    let by_trustor = format!("/identity/v3/OS-TRUST/trusts?trustor_user_id={}", parties.trustor.user());
    let listed = parties.trustor.get(&by_trustor).await.expect(200);
    assert_eq!(listed["trusts"][0]["id"], trust.as_str());
    parties.trustor.get("/identity/v3/OS-TRUST/trusts").await.expect(403);
    let shown = parties.trustor.get(&format!("/identity/v3/OS-TRUST/trusts/{trust}")).await.expect(200);
    assert_eq!(shown["trust"]["roles"][0]["name"], "member");
    let domain_admin = Session::of(&parties.cloud, Who::TrusteeDomainAdmin).await;
    domain_admin.delete(&format!("/identity/v3/users/{}", parties.trustee)).await.expect(204);
    let listed = parties.trustor.get(&by_trustor).await.expect(200);
    assert_eq!(listed["trusts"], json!([]));
}
