//! Passwords and tokens go to the cloud, and nowhere else.

use std::io::Write;
use std::sync::{Arc, Mutex};

use jeroboam_cloud::heat::{ParameterValue, StackRequest};
use jeroboam_cloud::keystone::NewUser;
use jeroboam_cloud::{Identity, Secret};
use serde_json::json;

use crate::scripted::{Answer, PASSWORD, ScriptedCloud, service_user};

const TRUSTEE_PASSWORD: &str = "trustee-pa55";

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn stack() -> StackRequest {
    StackRequest {
        template: "heat_template_version: 2021-04-16".into(),
        parameters: [
            ("trustee_password".to_owned(), ParameterValue::Secret(Secret::new(TRUSTEE_PASSWORD))),
            ("number_of_minions".to_owned(), ParameterValue::from(2)),
        ]
        .into(),
        ..Default::default()
    }
}

#[test]
fn debug_output_has_no_secret() {
    let shown =
        format!("{:?} {:?} {:?} {}", service_user(), Identity::Token(Secret::new("token-of-caller")), stack(), service_user(),);
    for secret in [PASSWORD, "token-of-caller", TRUSTEE_PASSWORD] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("number_of_minions"), "{shown}");
}

#[tokio::test]
async fn an_error_that_quotes_a_secret_is_told_without_it() {
    let server = ScriptedCloud::start().await;
    let message = format!("Value {TRUSTEE_PASSWORD} of trustee_password is too short");
    let body = json!({"code": 400, "title": "Bad Request", "error": {"type": "X", "message": message}});
    server.on("POST /heat/v1/p1/stacks", 400, body);
    let error = server.session().heat().create("web", &stack()).await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains(TRUSTEE_PASSWORD), "{error:?}");
    assert!(error.to_string().contains("is too short"), "{error}");
    assert_eq!(server.seen("POST /heat/v1/p1/stacks")[0].body["parameters"]["trustee_password"], TRUSTEE_PASSWORD);
}

#[tokio::test]
async fn the_trace_names_calls_and_no_secret() {
    let captured = Captured::default();
    let writer = captured.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let server = ScriptedCloud::start().await;
    server.on("POST /heat/v1/p1/stacks", 201, json!({"stack": {"id": "42"}}));
    server.script("POST /identity/v3/users", vec![Answer::text(500, "")]);
    server.on("GET /identity/v3/users", 200, json!({"users": []}));
    let session = server.session();
    session.heat().create("web", &stack()).await.unwrap();
    let user =
        NewUser { name: "n".into(), domain_id: "d".into(), password: Secret::new(TRUSTEE_PASSWORD), description: String::new() };
    session.keystone().create_user(&user).await.unwrap_err();
    session.keystone().find_user("d", "query-value").await.unwrap();
    session.keystone().validate_token(&Secret::new("token-of-caller")).await.unwrap_err();

    let trace = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(trace.contains("path=\"/stacks\"") && trace.contains("status=201"), "{trace}");
    for secret in [PASSWORD, TRUSTEE_PASSWORD, "token-1", "token-of-caller", "query-value"] {
        assert!(!trace.contains(secret), "{secret} is in\n{trace}");
    }
}
