//! Where the members of a cluster's etcd find each other.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test says what it expects")]

mod support;

use std::sync::{Arc, Mutex};

use jeroboam_conductor::DiscoveryEndpoint;
use jeroboam_model::{Cause, Fault, Status};
use support::{World, new_cluster};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// An endpoint of the operator's: its answers, one after the other and the last for ever, and the first lines of what it was asked.
async fn endpoint(answers: Vec<String>) -> (DiscoveryEndpoint, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/new?size=%(size)d", listener.local_addr().unwrap()).parse().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = asked.clone();
    tokio::spawn(async move {
        let mut answers = answers.into_iter().peekable();
        let mut answer = String::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            answer = answers.next().unwrap_or(answer);
            let mut request = [0; 1024];
            let length = stream.read(&mut request).await.unwrap_or_default();
            let request = String::from_utf8_lossy(&request[..length]);
            seen.lock().unwrap().push(request.lines().next().unwrap_or_default().to_owned());
            // Who has read enough may be gone.
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (endpoint, asked)
}

fn answer(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

/// What a creation fails with.
async fn failure(answers: Vec<String>) -> Cause {
    let (endpoint, _) = endpoint(answers).await;
    let world = World::with(|config| config.discovery = Some(endpoint)).await;
    let id = world.create("web").await;
    assert_eq!(world.settled(id).await.unwrap().status, Status::CreateFailed);
    let cause = world.operations(id).await[0].cause.clone().unwrap();
    world.delete_all_of(id).await;
    cause
}

#[tokio::test]
async fn a_cluster_gets_one_of_ours_with_its_acceptance_and_it_goes_with_the_cluster() {
    let world = World::with(|config| config.platform.container_infra_url = "http://magnum.example:9511/v1".into()).await;
    world.driver.close();
    let id = world.create("web").await;
    let accepted = world.cluster(id).await.unwrap();
    let discoveries = world.store.discoveries().of_cluster(id).await.unwrap();
    assert_eq!((discoveries.len(), discoveries[0].size), (1, 1));
    let url = format!("http://magnum.example:9511/discovery/{}", discoveries[0].token);
    assert_eq!(accepted.discovery_url, Some(url.clone()));
    world.driver.open();
    assert_eq!(world.settled(id).await.unwrap().discovery_url, Some(url));
    world.delete_all_of(id).await;
}

#[tokio::test]
async fn what_the_owner_named_is_taken() {
    let (endpoint, asked) = endpoint(vec![answer("200 OK", "http://elsewhere/1")]).await;
    let world = World::with(|config| config.discovery = Some(endpoint)).await;
    let mut new = new_cluster("web", &world.template, world.requester.clone());
    new.cluster.discovery_url = Some("http://my.own/discovery".into());
    let id = new.cluster.uuid;
    world.intake().create(new, 10).await.unwrap();
    assert_eq!(world.settled(id).await.unwrap().discovery_url.as_deref(), Some("http://my.own/discovery"));
    assert!(asked.lock().unwrap().is_empty() && world.store.discoveries().all().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_operators_endpoint_is_asked_once_and_patiently() {
    let answers = vec![answer("503 Service Unavailable", ""), answer("200 OK", "https://discovery.example/abc\n")];
    let (endpoint, asked) = endpoint(answers).await;
    let world = World::with(|config| config.discovery = Some(endpoint)).await;
    let id = world.created("web").await;
    assert_eq!(world.cluster(id).await.unwrap().discovery_url.as_deref(), Some("https://discovery.example/abc"));
    world.resize(id, 3).await.unwrap();
    world.settled(id).await.unwrap();
    assert_eq!(*asked.lock().unwrap(), ["GET /new?size=1 HTTP/1.1"; 2]);
    assert!(world.store.discoveries().all().await.unwrap().is_empty());
}

#[tokio::test]
async fn an_endpoint_that_gives_nothing_of_use_is_named_with_its_option() {
    for (said, part) in [
        (answer("404 Not Found", "no"), "answers 404"),
        (answer("302 Found", ""), "answers 302"),
        (answer("200 OK", "unable to generate token"), "no address"),
        (answer("200 OK", "file:///etc/passwd"), "no address"),
        (answer("200 OK", &format!("http://x/{}", "y".repeat(100_000))), "no address"),
    ] {
        let cause = failure(vec![said]).await;
        assert!(cause.message.contains(part), "{}", cause.message);
        assert_eq!(cause.fault, Fault::Host);
        assert!(cause.advice.unwrap().contains("etcd_discovery_service_endpoint_format"));
    }
}
