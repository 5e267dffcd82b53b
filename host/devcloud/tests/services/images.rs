//! Images.

use jeroboam_devcloud::Who;
use reqwest::{Client, Method};
use serde_json::json;

use super::support::{Session, cloud, id};

#[tokio::test]
async fn seeded_images_say_their_distribution_but_for_one() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let distribution =
        async |name: &str| demo.get(&format!("/image/v2/images?name={name}")).await.expect(200)["images"][0]["os_distro"].clone();
    assert_eq!(distribution("fedora-coreos-latest").await, "fedora-coreos");
    assert_eq!(distribution("ubuntu").await, "ubuntu");
    assert_eq!(distribution("cirros").await, json!(null));
    let both = demo.get("/image/v2/images?name=in:ubuntu,cirros").await.expect(200);
    assert_eq!(both["images"].as_array().unwrap().len(), 2);
    let by_property = demo.get("/image/v2/images?os_distro=ubuntu").await.expect(200);
    assert_eq!(by_property["images"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_image_is_queued_until_its_bytes_are_there() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let made = json!({"name": "mine", "disk_format": "raw", "container_format": "bare", "os_distro": "fedora-coreos"});
    let made = demo.post("/image/v2/images", made).await.expect(201);
    assert_eq!((&made["status"], &made["visibility"]), (&json!("queued"), &json!("shared")));
    let path = format!("/image/v2/images/{}", id(&made));
    let file = format!("http://{}{path}/file", cloud.address());
    let upload = || Client::new().put(&file).header("X-Auth-Token", &demo.token).body("bytes").send();
    assert_eq!(upload().await.unwrap().status(), 204);
    assert_eq!(upload().await.unwrap().status(), 409);
    let shown = demo.get(&path).await.expect(200);
    assert_eq!((&shown["status"], &shown["size"]), (&json!("active"), &json!(5)));
    assert_eq!(demo.get(&format!("{path}/file")).await.text, "bytes");
    let change = json!([{"op": "add", "path": "/os_version", "value": "40"}, {"op": "remove", "path": "/os_distro"}]);
    let changed = demo.call(Method::PATCH, &path, Some(change), &[]).await.expect(200);
    assert_eq!((&changed["os_version"], changed.get("os_distro")), (&json!("40"), None));
    demo.post("/image/v2/images", json!({"name": "m", "visibility": "public"})).await.expect(403);
    Session::named(&cloud, "alt_demo", "alt_demo").await.get(&path).await.expect(404);
    demo.delete(&path).await.expect(204);
}
