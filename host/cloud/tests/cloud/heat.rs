//! Stacks, as Heat writes them.

use jeroboam_cloud::heat::{
    Action, Creation, EventQuery, Outputs, ParameterValue, Phase, StackFilter, StackId, StackRequest, StackStatus, Update,
};
use jeroboam_cloud::{Kind, Secret};
use serde_json::{Value, json};

use crate::scripted::{Answer, ScriptedCloud};

const STACKS: &str = "/heat/v1/p1/stacks";
const STACK: &str = "/heat/v1/p1/stacks/web/42";

fn web() -> StackId {
    StackId { name: "web".into(), id: "42".into() }
}

fn shown(status: &str) -> Value {
    json!({"stack": {
        "stack_name": "web", "id": "42", "stack_status": status, "stack_status_reason": null, "description": null,
        "parameters": {"number_of_minions": "2", "trustee_password": "******"},
        "outputs": [{"output_key": "api_address", "output_value": "10.0.0.9", "description": "No description given"},
                    {"output_key": "kube_minions", "output_value": null, "output_error": "not yet"}],
        "tags": null, "timeout_mins": 60, "disable_rollback": true,
        "creation_time": "2026-01-01T00:00:00Z", "updated_time": null, "links": [],
    }})
}

fn not_found() -> Value {
    json!({"code": 404, "title": "Not Found", "explanation": "The resource could not be found.",
           "error": {"type": "EntityNotFound", "message": "The Stack (web) could not be found.", "traceback": null}})
}

fn exists() -> Value {
    json!({"code": 409, "title": "Conflict", "error": {"type": "StackExists", "message": "The Stack (web) already exists."}})
}

fn full() -> StackRequest {
    StackRequest {
        template: "heat_template_version: 2021-04-16".into(),
        files: [("node.yaml".to_owned(), "resources: {}".to_owned())].into(),
        environment: "resource_registry: {}".into(),
        parameters: [
            ("number_of_minions".to_owned(), ParameterValue::from(2)),
            ("trust_id".to_owned(), ParameterValue::Secret(Secret::new("t1"))),
        ]
        .into(),
        timeout_mins: Some(60),
        disable_rollback: Some(true),
        tags: vec!["jeroboam".into(), "c1".into()],
    }
}

#[tokio::test]
async fn a_stack_is_created_with_everything_it_needs() {
    let server = ScriptedCloud::start().await;
    server.on(&format!("POST {STACKS}"), 201, json!({"stack": {"id": "42", "links": []}}));
    let made = server.session().heat().create("web", &full()).await.unwrap();
    assert_eq!(made, Creation::Started(web()));
    assert_eq!(
        server.seen(&format!("POST {STACKS}"))[0].body,
        json!({
            "stack_name": "web",
            "template": "heat_template_version: 2021-04-16",
            "files": {"node.yaml": "resources: {}"},
            "environment": "resource_registry: {}",
            "parameters": {"number_of_minions": 2, "trust_id": "t1"},
            "timeout_mins": 60,
            "disable_rollback": true,
            "tags": "jeroboam,c1",
        })
    );
}

#[tokio::test]
async fn a_taken_name_is_an_answer_and_other_conflicts_are_errors() {
    let server = ScriptedCloud::start().await;
    let other = json!({"code": 409, "title": "Conflict", "error": {"type": "ActionInProgress", "message": "busy"}});
    server.script(&format!("POST {STACKS}"), vec![Answer::json(409, exists()), Answer::json(409, other)]);
    let heat = server.session().heat();
    assert_eq!(heat.create("web", &full()).await.unwrap(), Creation::NameTaken);
    assert_eq!(heat.create("web", &full()).await.unwrap_err().kind(), Kind::Conflict);
}

#[tokio::test]
async fn a_stack_that_is_not_there_is_not_found_and_is_deleted() {
    let server = ScriptedCloud::start().await;
    server.on(&format!("GET {STACKS}/web"), 404, not_found());
    server.on(&format!("GET {STACK}"), 404, not_found());
    server.on(&format!("DELETE {STACK}"), 404, not_found());
    let heat = server.session().heat();
    assert_eq!(heat.find("web").await.unwrap(), None);
    assert_eq!(heat.show(&web(), Outputs::Skip).await.unwrap(), None);
    heat.delete(&web()).await.unwrap();
}

#[tokio::test]
async fn a_stack_is_shown_with_or_without_its_outputs() {
    let server = ScriptedCloud::start().await;
    server.on(&format!("GET {STACK}"), 200, shown("CREATE_COMPLETE"));
    let heat = server.session().heat();
    let stack = heat.show(&web(), Outputs::Resolve).await.unwrap().unwrap();
    assert_eq!(stack.status, StackStatus::new(Action::Create, Phase::Complete));
    assert_eq!(stack.status_reason, "");
    assert_eq!(stack.output("api_address"), Some(&json!("10.0.0.9")));
    let outputs = stack.outputs.unwrap();
    assert_eq!((&outputs[1].value, outputs[1].error.as_deref()), (&Value::Null, Some("not yet")));
    assert_eq!(stack.parameters["number_of_minions"], "2");

    assert_eq!(heat.show(&web(), Outputs::Skip).await.unwrap().unwrap().outputs, None);
    let queries: Vec<_> = server.seen(&format!("GET {STACK}")).into_iter().map(|seen| seen.query).collect();
    assert_eq!(queries, ["", "resolve_outputs=False"]);
}

#[tokio::test]
async fn an_update_replaces_the_whole_stack_or_what_it_names() {
    let server = ScriptedCloud::start().await;
    server.on(&format!("PUT {STACK}"), 202, Value::Null);
    server.on(&format!("PATCH {STACK}"), 202, Value::Null);
    let heat = server.session().heat();
    heat.update(&web(), Update::Full, &full()).await.unwrap();
    assert_eq!(server.seen(&format!("PUT {STACK}"))[0].body["template"], full().template);
    let change =
        StackRequest { parameters: [("number_of_minions".to_owned(), ParameterValue::from(4))].into(), ..Default::default() };
    heat.update(&web(), Update::Existing, &change).await.unwrap();
    assert_eq!(server.seen(&format!("PATCH {STACK}"))[0].body, json!({"parameters": {"number_of_minions": 4}}));
}

#[tokio::test]
async fn stacks_are_listed_by_tag_page_by_page() {
    let server = ScriptedCloud::start().await;
    let entry =
        |n: usize| json!({"stack_name": format!("s{n}"), "id": n.to_string(), "stack_status": "UPDATE_FAILED", "tags": ["c1"]});
    let page = |from: usize, to: usize| Answer::json(200, json!({"stacks": (from..to).map(entry).collect::<Vec<_>>()}));
    server.script(&format!("GET {STACKS}"), vec![page(0, 500), page(500, 503)]);
    let filter = StackFilter { tags: vec!["jeroboam".into(), "c1".into()], ..Default::default() };
    let stacks = server.session().heat().list(&filter).await.unwrap();
    assert_eq!(stacks.len(), 503);
    assert!(stacks[502].status.is_failed());
    let queries: Vec<_> = server.seen(&format!("GET {STACKS}")).into_iter().map(|seen| seen.query).collect();
    assert_eq!(queries, ["tags=jeroboam%2Cc1&limit=500", "tags=jeroboam%2Cc1&limit=500&marker=499"]);
}

#[tokio::test]
async fn nested_resources_know_their_stack_and_their_parent() {
    let server = ScriptedCloud::start().await;
    server.on(
        &format!("GET {STACK}/resources"),
        200,
        json!({"resources": [
            {"resource_name": "kube_minions", "resource_type": "OS::Heat::ResourceGroup", "physical_resource_id": "77",
             "resource_status": "CREATE_COMPLETE", "resource_status_reason": "state changed",
             "links": [{"rel": "self", "href": "http://h/v1/p1/stacks/web/42/resources/kube_minions"},
                       {"rel": "stack", "href": "http://h/v1/p1/stacks/web/42"},
                       {"rel": "nested", "href": "http://h/v1/p1/stacks/web-kube_minions/77"}]},
            {"resource_name": "kube-minion", "resource_type": "OS::Nova::Server", "physical_resource_id": "",
             "resource_status": "CREATE_FAILED", "resource_status_reason": "No valid host", "parent_resource": "0",
             "links": [{"rel": "stack", "href": "http://h/v1/p1/stacks/web-kube_minions-0/78"}]},
        ]}),
    );
    let resources = server.session().heat().resources(&web(), 5).await.unwrap();
    assert_eq!(server.seen(&format!("GET {STACK}/resources"))[0].query, "nested_depth=5");
    assert_eq!(resources[0].nested, Some(StackId { name: "web-kube_minions".into(), id: "77".into() }));
    assert_eq!((resources[0].stack.as_ref(), resources[0].parent.as_deref()), (Some(&web()), None));
    assert_eq!((resources[1].physical_id.as_deref(), resources[1].parent.as_deref()), (None, Some("0")));
    assert_eq!(resources[1].kind, "OS::Nova::Server");
    assert!(resources[1].status.is_failed());
    assert_eq!(resources[1].status_reason, "No valid host");
}

#[tokio::test]
async fn events_are_read_from_where_one_left_off() {
    let server = ScriptedCloud::start().await;
    server.on(
        &format!("GET {STACK}/events"),
        200,
        json!({"events": [
        {"id": "e2", "resource_name": "web", "physical_resource_id": "42", "resource_status": "CREATE_IN_PROGRESS",
         "resource_status_reason": "Stack CREATE started", "event_time": "2026-01-01T00:00:01Z", "links": []}]}),
    );
    let query = EventQuery { nested_depth: 3, after: Some("e1".into()), limit: Some(50) };
    let events = server.session().heat().events(&web(), &query).await.unwrap();
    assert_eq!((events[0].id.as_str(), events[0].status.to_string().as_str()), ("e2", "CREATE_IN_PROGRESS"));
    assert_eq!(server.seen(&format!("GET {STACK}/events"))[0].query, "sort_dir=asc&nested_depth=3&marker=e1&limit=50");
}

#[tokio::test]
async fn a_preview_tells_what_would_be_lost() {
    let server = ScriptedCloud::start().await;
    let changed = json!({"resource_name": "kube-minion", "resource_type": "OS::Nova::Server", "physical_resource_id": "s1",
                         "stack_name": "web-0", "resource_identity": {}, "description": ""});
    server.on(
        &format!("PUT {STACK}/preview"),
        200,
        json!({"resource_changes":
        {"unchanged": [], "updated": [], "replaced": [changed], "added": [], "deleted": []}}),
    );
    server.on(
        &format!("POST {STACKS}/preview"),
        200,
        json!({"stack": {"stack_name": "web", "resources": [
        {"resource_name": "network", "resource_type": "OS::Neutron::Net"},
        [{"resource_name": "kube-minion", "resource_type": "OS::Nova::Server"}]]}}),
    );
    let heat = server.session().heat();
    let changes = heat.preview_update(&web(), Update::Full, &full()).await.unwrap();
    assert_eq!((changes.replaced[0].name.as_str(), changes.replaced[0].physical_id.as_deref()), ("kube-minion", Some("s1")));
    assert!(changes.updated.is_empty());
    let resources = heat.preview_create("web", &full()).await.unwrap();
    assert_eq!(resources[1], ("kube-minion".to_owned(), "OS::Nova::Server".to_owned()));
}

#[tokio::test]
async fn heat_judges_a_template() {
    let server = ScriptedCloud::start().await;
    let bad = json!({"code": 400, "title": "Bad Request",
                     "error": {"type": "StackValidationFailed", "message": "unknown function get_rescource"}});
    let good = json!({"Description": "A cluster", "Parameters": {"flavor": {"Type": "String"}}});
    server.script("POST /heat/v1/p1/validate", vec![Answer::json(200, good), Answer::json(400, bad)]);
    let heat = server.session().heat();
    let valid = heat.validate(&full()).await.unwrap();
    assert_eq!(valid.description, "A cluster");
    assert!(valid.parameters.contains_key("flavor"));
    let error = heat.validate(&full()).await.unwrap_err();
    assert_eq!(error.kind(), Kind::Invalid);
    assert!(error.to_string().contains("get_rescource"), "{error}");
}
