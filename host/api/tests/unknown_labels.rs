//! Labels that no driver reads, and what the operator wants to become of them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may say what it expects")]

mod support;

use jeroboam_api::{ApiConfig, UnknownLabels};
use jeroboam_devcloud::Options;
use serde_json::{Value, json};
use support::{Api, cluster, template, with};

fn mistyped() -> Value {
    with(template("t"), json!({"labels": {"kube_tga": "v1.30.2", "of_my_own": "1\n2"}}))
}

#[tokio::test]
async fn an_answer_warns_of_them_and_names_what_was_likely_meant() {
    let api = Api::start().await;
    let demo = api.demo().await;
    let answer = demo.post("/v1/clustertemplates", mistyped()).await;
    assert_eq!(answer.expect(201)["labels"]["kube_tga"], "v1.30.2");
    let all = answer.headers.get_all("warning").iter().map(|value| value.to_str().unwrap());
    let warnings: Vec<&str> = all.filter(|text| text.contains("does not know")).collect();
    assert_eq!(
        warnings,
        [
            r#"299 jeroboam "the driver kubernetes does not know the label kube_tga (was kube_tag meant?)""#,
            r#"299 jeroboam "the driver kubernetes does not know the label of_my_own""#,
        ]
    );
    let clean = demo.post("/v1/clustertemplates", template("u")).await;
    clean.expect(201);
    assert!(!clean.headers.get_all("warning").iter().any(|value| value.to_str().unwrap().contains("does not know")));
}

#[tokio::test]
async fn an_operator_can_have_them_refused() {
    let api = Api::with(ApiConfig { unknown_labels: UnknownLabels::Refuse, ..ApiConfig::default() }, Options::default()).await;
    let demo = api.demo().await;
    let detail = demo.post("/v1/clustertemplates", mistyped()).await.detail(400);
    assert!(detail.contains("kube_tga (was kube_tag meant?)") && detail.contains("of_my_own"), "{detail}");
    demo.post("/v1/clustertemplates", template("t")).await.expect(201);
    let labelled = with(cluster("c", "t"), json!({"labels": {"kube_tga": "v1.30.2"}}));
    assert!(demo.post("/v1/clusters", labelled).await.detail(400).contains("kube_tag"));
    assert_eq!(api.rows().await[..2], [1, 0]);
}
