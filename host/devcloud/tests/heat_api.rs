//! The REST API as clients see it: statuses, redirects, links, and errors in Heat's shape.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod heat;

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
};
use heat::{World, scope, world, world_with};
use http::{Request, StatusCode};
use jeroboam_devcloud::{heat::router, services::Kind};
use serde_json::{Value, json};
use tower::ServiceExt as _;

struct Answer {
    status: StatusCode,
    location: Option<String>,
    body: Value,
}

async fn send(app: &Router, method: &str, path: &str, body: Value) -> Answer {
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = Request::builder().method(method).uri(path).header("host", "cloud").body(body).expect("a request");
    let response = app.clone().oneshot(request).await.expect("an answer");
    let location = response.headers().get("location").map(|value| value.to_str().expect("text").to_owned());
    let status = response.status();
    let bytes = to_bytes(response.into_body(), 1 << 24).await.expect("a body");
    Answer { status, location, body: serde_json::from_slice(&bytes).unwrap_or_default() }
}

fn app(world: &World) -> Router {
    router(world.engine.clone()).layer(Extension(scope("demo")))
}

fn stack(name: &str, resources: Value) -> Value {
    json!({"stack_name": name, "template": {"heat_template_version": "wallaby", "resources": resources}})
}

async fn created(world: &World, app: &Router, body: Value) -> String {
    let answer = send(app, "POST", "/demo/stacks", body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    let id = answer.body["stack"]["id"].as_str().expect("an id").to_owned();
    world.engine.idle(&id).await;
    id
}

#[tokio::test(start_paused = true)]
async fn a_stack_is_created_found_shown_and_deleted() {
    let world = world();
    let app = app(&world);
    let id = created(&world, &app, stack("one", json!({"net": {"type": "OS::Neutron::Net"}}))).await;

    let found = send(&app, "GET", "/demo/stacks/one?resolve_outputs=false", Value::Null).await;
    let url = format!("http://cloud/orchestration/v1/demo/stacks/one/{id}");
    assert_eq!((found.status, found.location), (StatusCode::FOUND, Some(format!("{url}?resolve_outputs=false"))));
    let below = send(&app, "GET", "/demo/stacks/one/resources", Value::Null).await;
    assert_eq!((below.status, below.location), (StatusCode::FOUND, Some(format!("{url}/resources"))));

    let shown = send(&app, "GET", &format!("/demo/stacks/one/{id}"), Value::Null).await;
    let stack = &shown.body["stack"];
    assert_eq!((&stack["stack_status"], &stack["parameters"]["OS::stack_id"]), (&json!("CREATE_COMPLETE"), &json!(id)));
    assert_eq!(stack["links"][0]["href"], url);

    let listed = send(&app, "GET", "/demo/stacks?status=COMPLETE&name=one", Value::Null).await;
    assert_eq!(listed.body["stacks"][0]["id"], json!(id));
    let none = send(&app, "GET", "/demo/stacks?status=FAILED", Value::Null).await;
    assert_eq!(none.body["stacks"], json!([]));

    let resource = send(&app, "GET", &format!("/demo/stacks/one/{id}/resources/net"), Value::Null).await;
    assert_eq!(resource.body["resource"]["physical_resource_id"], json!(world.physical(&id, "net")));

    let deleted = send(&app, "DELETE", &format!("/demo/stacks/one/{id}"), Value::Null).await;
    assert_eq!(deleted.status, StatusCode::NO_CONTENT);
    world.engine.idle(&id).await;
    let after = send(&app, "GET", &format!("/demo/stacks/one/{id}"), Value::Null).await;
    assert_eq!(after.body["stack"]["stack_status"], "DELETE_COMPLETE");
    assert_eq!(send(&app, "GET", "/demo/stacks/one", Value::Null).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&app, "DELETE", &format!("/demo/stacks/one/{id}"), Value::Null).await.status, StatusCode::NOT_FOUND);
    let all = send(&app, "GET", "/demo/stacks?show_deleted=true", Value::Null).await;
    assert_eq!(all.body["stacks"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(start_paused = true)]
async fn errors_have_the_shape_and_the_status_of_heat() {
    let world = world();
    let app = app(&world);
    created(&world, &app, stack("one", json!({}))).await;
    let create = |body: Value| ("POST", "/demo/stacks", body);
    let cases = [
        (create(stack("one", json!({}))), 409, "StackExists", "The Stack (one) already exists."),
        (create(stack("1st", json!({}))), 400, "StackValidationFailed", "Invalid stack name 1st"),
        (create(json!({"stack_name": "x"})), 400, "HTTPBadRequest", "No template specified"),
        (
            create(json!({"stack_name": "x", "template": {"resources": {}}})),
            400,
            "InvalidTemplateVersion",
            "heat_template_version",
        ),
        (
            create(json!({"stack_name": "x", "template": {"heat_template_version": "wallaby"}, "parameters": {"p": 1}})),
            400,
            "UnknownUserParameter",
            "The Parameter (p) was not defined in template.",
        ),
        (
            create(stack("x", json!({"a": {"type": "Foo"}}))),
            400,
            "StackValidationFailed",
            "The Resource Type (Foo) could not be found.",
        ),
        (("GET", "/demo/stacks/two", Value::Null), 404, "EntityNotFound", "The Stack (two) could not be found."),
        (("GET", "/other/stacks", Value::Null), 403, "Forbidden", "You are not authorized"),
        (("GET", "/demo/stacks?limit=many", Value::Null), 400, "HTTPBadRequest", "Only integer is allowed"),
        (
            ("GET", "/demo/software_configs/none", Value::Null),
            404,
            "EntityNotFound",
            "The Software config (none) could not be found.",
        ),
    ];
    for ((method, path, body), status, kind, part) in cases {
        let answer = send(&app, method, path, body).await;
        let error = &answer.body["error"];
        assert_eq!(
            (answer.status.as_u16(), &answer.body["code"], &error["type"]),
            (status, &json!(status), &json!(kind)),
            "{}",
            answer.body
        );
        assert!(error["message"].as_str().is_some_and(|message| message.contains(part)), "{}", answer.body);
        assert!(error["traceback"].is_null() && answer.body["title"].is_string() && answer.body["explanation"].is_string());
    }
}

#[tokio::test(start_paused = true)]
async fn bodies_are_bounded_as_heat_bounds_them() {
    let world = world();
    let app = app(&world);
    let mut body = stack("big", json!({}));
    body["files"] = json!({"f": "x".repeat(1_100_000)});
    let answer = send(&app, "POST", "/demo/stacks", body).await;
    assert_eq!((answer.status, &answer.body["error"]["type"]), (StatusCode::BAD_REQUEST, &json!("RequestLimitExceeded")));
}

#[tokio::test(start_paused = true)]
async fn nested_resources_and_events_are_listed_to_a_depth() {
    let world = world();
    let app = app(&world);
    let group = json!({"g": {"type": "OS::Heat::ResourceGroup", "properties": {"count": 2, "resource_def": {"type": "OS::Heat::TestResource"}}}});
    let id = created(&world, &app, stack("one", group)).await;
    let names = |body: &Value| -> Vec<String> {
        body["resources"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|r| r["resource_name"].as_str().expect("a name").to_owned())
            .collect()
    };
    let path = format!("/demo/stacks/one/{id}/resources");
    assert_eq!(names(&send(&app, "GET", &path, Value::Null).await.body), ["g"]);
    let deep = send(&app, "GET", &format!("{path}?nested_depth=1"), Value::Null).await.body;
    assert_eq!(names(&deep), ["g", "0", "1"]);
    assert_eq!(
        (&deep["resources"][1]["parent_resource"], &deep["resources"][0]["links"][2]["rel"]),
        (&json!("g"), &json!("nested"))
    );
    let nested = send(&app, "GET", "/demo/stacks?show_nested=true", Value::Null).await.body;
    assert_eq!(nested["stacks"].as_array().map(Vec::len), Some(2));

    let events = send(&app, "GET", &format!("/demo/stacks/one/{id}/events?nested_depth=1"), Value::Null).await.body;
    let events = events["events"].as_array().expect("events").clone();
    let reasons: Vec<_> = events
        .iter()
        .map(|event| (event["resource_name"].as_str().unwrap(), event["resource_status"].as_str().unwrap()))
        .collect();
    let place = |name: &str, status: &str| reasons.iter().position(|entry| *entry == (name, status)).expect("the event");
    assert!(place("one", "CREATE_IN_PROGRESS") < place("0", "CREATE_IN_PROGRESS"));
    assert!(place("0", "CREATE_COMPLETE") < place("g", "CREATE_COMPLETE"));
    assert!(place("g", "CREATE_COMPLETE") < place("one", "CREATE_COMPLETE"));
    let marker = events[0]["id"].as_str().expect("an id");
    let rest = send(&app, "GET", &format!("/demo/stacks/one/{id}/events?marker={marker}&limit=1"), Value::Null).await.body;
    assert_eq!(rest["events"].as_array().map(Vec::len), Some(1));
}

#[tokio::test(start_paused = true)]
async fn updates_answer_202_and_previews_change_nothing() {
    let world = world();
    let app = app(&world);
    let mut body = stack("one", json!({"net": {"type": "OS::Neutron::Net", "properties": {"name": {"get_param": "name"}}}}));
    body["template"]["parameters"] =
        json!({"name": {"type": "string", "default": "a"}, "key": {"type": "string", "hidden": true, "default": "k"}});
    let id = created(&world, &app, body).await;
    let path = format!("/demo/stacks/one/{id}");

    let preview = send(&app, "PATCH", &format!("{path}/preview"), json!({"parameters": {"name": "b"}})).await;
    assert_eq!(preview.body["resource_changes"]["updated"][0]["resource_name"], "net");
    assert!(world.memory.named(Kind::Network, "a").is_some());

    let patched = send(&app, "PATCH", &path, json!({"parameters": {"name": "b"}})).await;
    assert_eq!(patched.status, StatusCode::ACCEPTED);
    let busy = send(&app, "PATCH", &path, json!({})).await;
    assert_eq!((busy.status, &busy.body["error"]["type"]), (StatusCode::CONFLICT, &json!("ActionInProgress")));
    world.engine.idle(&id).await;
    assert!(world.memory.named(Kind::Network, "b").is_some());

    let shown = send(&app, "GET", &path, Value::Null).await.body;
    assert_eq!((&shown["stack"]["parameters"]["name"], &shown["stack"]["parameters"]["key"]), (&json!("b"), &json!("******")));

    let sketch = send(&app, "POST", "/demo/stacks/preview", stack("two", json!({"a": {"type": "OS::Heat::TestResource"}}))).await;
    assert_eq!(sketch.body["stack"]["resources"][0]["resource_name"], "a");
    assert_eq!(send(&app, "GET", "/demo/stacks/two", Value::Null).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn a_signed_url_takes_signals_without_a_token() {
    let world = world_with(std::time::Duration::from_secs(3_000));
    let open = router(world.engine.clone());
    let app = app(&world);
    let resources = json!({
        "handle": {"type": "OS::Heat::WaitConditionHandle"},
        "done": {"type": "OS::Heat::WaitCondition", "properties": {"handle": {"get_resource": "handle"}, "timeout": 600}},
    });
    let answer = send(&app, "POST", "/demo/stacks", stack("one", resources)).await;
    let id = answer.body["stack"]["id"].as_str().expect("an id").to_owned();
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    let url = world.engine.signal_url(&id, "handle");
    let path = url.strip_prefix("http://heat/orchestration/v1").expect("the endpoint");
    let (begin, last) = path.split_at(path.len() - 1);
    let forged = format!("{begin}{}", if last == "0" { "1" } else { "0" });
    assert_eq!(send(&open, "POST", &forged, json!({"status": "SUCCESS"})).await.status, StatusCode::FORBIDDEN);
    let plain = path.split('?').next().expect("a path");
    assert_eq!(send(&open, "POST", plain, json!({"status": "SUCCESS"})).await.status, StatusCode::FORBIDDEN);
    assert_eq!(world.state(&id).0, "CREATE_IN_PROGRESS");
    let taken = send(&open, "POST", path, json!({"status": "SUCCESS", "reason": "up", "data": "here"})).await;
    assert_eq!(taken.status, StatusCode::OK);
    world.engine.idle(&id).await;
    assert_eq!(world.state(&id).0, "CREATE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn the_catalogue_of_types_versions_and_functions_can_be_read() {
    let world = world();
    let app = app(&world);
    let types = send(&app, "GET", "/demo/resource_types", Value::Null).await.body;
    assert!(types["resource_types"].as_array().is_some_and(|types| types.len() > 30));
    let server = send(&app, "GET", "/demo/resource_types/OS::Nova::Server", Value::Null).await.body;
    assert_eq!(
        (&server["properties"]["flavor"]["required"], &server["properties"]["key_name"]["update_allowed"]),
        (&json!(true), &json!(false))
    );
    let functions =
        send(&app, "GET", "/demo/template_versions/heat_template_version.2015-04-30/functions", Value::Null).await.body;
    let names: Vec<_> =
        functions["template_functions"].as_array().expect("a list").iter().map(|f| f["functions"].clone()).collect();
    assert!(names.contains(&json!("repeat")) && !names.contains(&json!("if")));
    let body = json!({"template": {"heat_template_version": "wallaby", "parameters": {"p": {"type": "number"}}}});
    let validated = send(&app, "POST", "/demo/validate", body).await.body;
    assert_eq!(validated["Parameters"]["p"]["Type"], "Number");
}
