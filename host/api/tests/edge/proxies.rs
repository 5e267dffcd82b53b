//! Links behind proxies.

use jeroboam_api::ApiConfig;

use super::support::{Api, template};

#[tokio::test]
async fn links_begin_where_the_client_is_if_the_operator_has_a_proxy() {
    let behind = ApiConfig { enable_proxy_headers_parsing: true, ..ApiConfig::default() };
    for (config, base) in
        [(behind, "https://cloud.example/container-infra"), (ApiConfig::default(), "http://magnum.example:9511")]
    {
        let api = Api::with(config, Default::default()).await;
        let demo = api.demo().await.header("x-forwarded-prefix", "/container-infra/");
        let demo = demo.header("forwarded", "for=192.0.2.1;proto=https;host=cloud.example, for=10.0.0.1;proto=http;host=inner");
        demo.post("/v1/clustertemplates", template("a")).await.expect(201);
        demo.post("/v1/clustertemplates", template("b")).await.expect(201);
        assert_eq!(demo.get("/v1").await.expect(200)["clusters"][0]["href"], format!("{base}/v1/clusters/"));
        let page = demo.get("/v1/clustertemplates?limit=1").await.expect(200);
        for link in [&page["next"], &page["clustertemplates"][0]["links"][0]["href"]] {
            assert!(link.as_str().unwrap().starts_with(&format!("{base}/v1/clustertemplates")), "{link}");
        }
    }
}
