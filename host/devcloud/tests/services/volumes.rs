//! Volumes.

use jeroboam_devcloud::Who;
use serde_json::{Value, json};

use super::support::{Session, cloud, id};

#[tokio::test]
async fn a_volume_is_attached_detached_and_only_then_deleted() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let volumes = format!("/volume/v3/{}/volumes", demo.project());
    let made = demo.post(&volumes, json!({"volume": {"size": 1, "volume_type": "ssd"}})).await.expect(202)["volume"].clone();
    assert_eq!(made["status"], "creating");
    let volume = format!("{volumes}/{}", id(&made));
    let status = || async { demo.get(&volume).await.expect(200)["volume"]["status"].clone() };
    assert_eq!(status().await, "available");
    let server = json!({"server": {"name": "s", "flavorRef": "1", "imageRef": demo.image("ubuntu").await, "networks": "none"}});
    let server = id(&demo.post("/compute/v2.1/servers", server).await.expect(202)["server"]);
    let attachments = format!("/compute/v2.1/servers/{server}/os-volume_attachments");
    let attach = json!({"volumeAttachment": {"volumeId": made["id"]}});
    let attached = demo.post(&attachments, attach.clone()).await.expect(200);
    assert_eq!(attached["volumeAttachment"]["device"], "/dev/vdb");
    assert_eq!(status().await, "in-use");
    demo.post(&attachments, attach).await.expect(400);
    demo.delete(&volume).await.expect(400);
    demo.delete(&format!("{attachments}/{}", id(&made))).await.expect(202);
    assert_eq!(status().await, "available");
    demo.delete(&volume).await.expect(202);
    demo.get(&volume).await.expect(404);
}

#[tokio::test]
async fn volumes_of_a_server_go_with_it_if_they_were_made_to() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let image = demo.image("ubuntu").await;
    let disk = |goes: bool| json!({"boot_index": 0, "source_type": "image", "destination_type": "volume", "uuid": image, "volume_size": 3, "delete_on_termination": goes});
    let volumes = format!("/volume/v3/{}/volumes/detail", demo.project());
    for (goes, left) in [(true, 0), (false, 1)] {
        let server =
            json!({"server": {"name": "s", "flavorRef": "1", "networks": "none", "block_device_mapping_v2": [disk(goes)]}});
        let server = id(&demo.post("/compute/v2.1/servers", server).await.expect(202)["server"]);
        let listed = demo.get(&volumes).await.expect(200);
        assert_eq!(listed["volumes"][0]["bootable"], "true");
        demo.delete(&format!("/compute/v2.1/servers/{server}")).await.expect(204);
        let listed: Value = demo.get(&volumes).await.expect(200);
        assert_eq!(listed["volumes"].as_array().unwrap().len(), left);
    }
}

#[tokio::test]
async fn unknown_types_and_sizes_are_refused() {
    let cloud = cloud().await;
    let demo = Session::of(&cloud, Who::Demo).await;
    let volumes = format!("/volume/v3/{}/volumes", demo.project());
    demo.post(&volumes, json!({"volume": {"size": 1, "volume_type": "gold"}})).await.expect(404);
    demo.post(&volumes, json!({"volume": {"size": 0}})).await.expect(400);
    demo.post(&volumes, json!({"volume": {}})).await.expect(400);
}
