//! Updates: what changes in place, what is replaced, how groups shrink, and what a failure leaves.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod heat;

use std::time::Duration;

use heat::{World, request, resources, world};
use jeroboam_devcloud::{
    faults::Action,
    heat::{ErrorKind, engine::UpdateStack},
    services::Kind,
};
use serde_json::{Value, json};

fn server(extra: &str) -> String {
    resources(&format!("  server: {{type: OS::Nova::Server, properties: {{name: a, image: fedora, flavor: m1.small, {extra}}}}}"))
}

#[tokio::test(start_paused = true)]
async fn properties_change_in_place_or_replace_the_resource() {
    let cases = [
        (server(""), server("metadata: {a: b}"), false),
        (server(""), server("user_data: other"), true),
        (server(""), server("key_name: mine"), true),
        (server("user_data_update_policy: IGNORE"), server("user_data_update_policy: IGNORE, user_data: other"), false),
        (
            server(""),
            resources("  server: {type: OS::Nova::Server, properties: {name: a, image: fedora, flavor: m1.large}}"),
            false,
        ),
        (
            server(""),
            resources(
                "  server: {type: OS::Nova::Server, properties: {name: a, image: debian, flavor: m1.small, image_update_policy: REPLACE}}",
            ),
            true,
        ),
        (
            resources("  server: {type: OS::Cinder::Volume, properties: {size: 1}}"),
            resources("  server: {type: OS::Cinder::Volume, properties: {size: 1, name: b}}"),
            false,
        ),
        (
            resources("  server: {type: OS::Neutron::Port, properties: {network: public}}"),
            resources("  server: {type: OS::Neutron::Port, properties: {network: public, name: p}}"),
            false,
        ),
        (
            resources("  server: {type: OS::Neutron::Port, properties: {network: public}}"),
            resources(
                "  server: {type: OS::Neutron::Port, properties: {network: public, name: p, replacement_policy: REPLACE_ALWAYS}}",
            ),
            true,
        ),
        (
            resources("  server: {type: OS::Heat::SoftwareConfig, properties: {config: one}}"),
            resources("  server: {type: OS::Heat::SoftwareConfig, properties: {config: two}}"),
            true,
        ),
        (server(""), resources("  server: {type: OS::Heat::TestResource}"), true),
    ];
    for (before, after, replaced) in cases {
        let world = world();
        let id = world.create_template(&before).await;
        let old = world.physical(&id, "server");
        world.update_template(&id, &after).await;
        assert_eq!(world.state(&id), ("UPDATE_COMPLETE".to_owned(), "Stack UPDATE completed successfully".to_owned()), "{after}");
        assert_eq!(world.physical(&id, "server") != old, replaced, "{after}");
        assert!(world.memory.count(Kind::Server) <= 1 && world.memory.count(Kind::Port) <= 1, "the old one is gone: {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_in_the_place_of_another_takes_its_port() {
    let template = |key: &str| {
        let port = "  port: {type: OS::Neutron::Port, properties: {network: public}}\n";
        let networks = "networks: [{port: {get_resource: port}}]";
        resources(&format!(
            "{port}  server: {{type: OS::Nova::Server, properties: {{name: a, image: fedora, flavor: m1.small, {key}{networks}}}}}"
        ))
    };
    let world = world();
    let id = world.create_template(&template("")).await;
    world.update_template(&id, &template("key_name: mine, ")).await;
    assert_eq!(world.state(&id).0, "UPDATE_COMPLETE");
    let log = world.memory.log();
    let servers: Vec<&str> = log.iter().filter(|line| line.contains("Server")).map(String::as_str).collect();
    assert_eq!(servers, ["create Server a", "detach-interface Server a", "create Server a", "delete Server a"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_in_the_place_of_another_gets_its_volume_once_that_has_let_go_of_it() {
    let template = |key: &str| {
        resources(&format!(
            "  volume: {{type: OS::Cinder::Volume, properties: {{name: volume, size: 1}}}}\n  \
             server: {{type: OS::Nova::Server, properties: {{name: a, image: fedora, {key}flavor: m1.small}}}}\n  \
             attachment:\n    type: OS::Cinder::VolumeAttachment\n    \
             properties: {{instance_uuid: {{get_resource: server}}, volume_id: {{get_resource: volume}}}}"
        ))
    };
    let world = world();
    let id = world.create_template(&template("")).await;
    let before = world.memory.log().len();
    world.update_template(&id, &template("key_name: mine, ")).await;
    assert_eq!(world.state(&id).0, "UPDATE_COMPLETE");
    let moves = ["create Server a", "detach-volume Server a", "attach-volume Server a", "delete Server a"];
    assert_eq!(world.memory.log()[before..], moves);
}

#[tokio::test(start_paused = true)]
async fn what_is_unchanged_is_left_alone_and_what_is_gone_is_removed() {
    let world = world();
    let both =
        resources("  a: {type: OS::Neutron::Net, properties: {name: a}}\n  b: {type: OS::Neutron::Net, properties: {name: b}}");
    let id = world.create_template(&both).await;
    let before = world.memory.log().len();
    world.update_template(&id, &resources("  a: {type: OS::Neutron::Net, properties: {name: a}}")).await;
    assert_eq!(world.memory.log()[before..], ["delete Network b"]);
}

fn group(count: usize, extra: &str) -> String {
    resources(&format!(
        "  g: {{type: OS::Heat::ResourceGroup, properties: {{count: {count}, {extra} resource_def: {{type: OS::Neutron::Net, properties: {{name: n%index%}}}}}}}}\noutputs: {{map: {{value: {{get_attr: [g, refs_map]}}}}}}"
    ))
}

fn members(world: &World, id: &str) -> Vec<String> {
    world.nested(id, "g").resources.keys().cloned().collect()
}

#[tokio::test(start_paused = true)]
async fn groups_shrink_by_removal_policies_and_never_reuse_a_name() {
    let world = world();
    let id = world.create_template(&group(4, "")).await;
    assert_eq!(members(&world, &id), ["0", "1", "2", "3"]);
    world.update_template(&id, &group(3, "removal_policies: [{resource_list: ['1']}],")).await;
    assert_eq!(members(&world, &id), ["0", "2", "3"]);
    // By reference, as clients that only know server ids do.
    let two = world.outputs(&id).await["map"]["2"].as_str().unwrap().to_owned();
    world.update_template(&id, &group(2, &format!("removal_policies: [{{resource_list: ['{two}']}}],"))).await;
    assert_eq!(members(&world, &id), ["0", "3"]);
    world.update_template(&id, &group(3, "")).await;
    assert_eq!(members(&world, &id), ["0", "3", "4"]);
    world.update_template(&id, &group(1, "")).await;
    assert_eq!(members(&world, &id), ["0"]);
    world.update_template(&id, &group(3, "removal_policies_mode: update,")).await;
    assert_eq!(members(&world, &id), ["0", "1", "2"], "the mode lets names be used again");
    assert_eq!(world.memory.count(Kind::Network), 4, "three members and the public network");
}

#[tokio::test(start_paused = true)]
async fn growing_a_group_leaves_its_members_alone() {
    let world = world();
    let id = world.create_template(&group(2, "")).await;
    let before = world.memory.log().len();
    world.update_template(&id, &group(3, "")).await;
    assert_eq!(world.memory.log()[before..], ["create Network n2"]);
}

#[tokio::test(start_paused = true)]
async fn rolling_updates_go_in_batches() {
    let template = |value: &str| {
        resources(&format!(
            "  g:\n    type: OS::Heat::ResourceGroup\n    update_policy: {{rolling_update: {{max_batch_size: 2, pause_time: 30}}}}\n    properties: {{count: 5, resource_def: {{type: OS::Heat::TestResource, properties: {{value: {value}}}}}}}"
        ))
    };
    let world = world();
    let id = world.create_template(&template("one")).await;
    world.update_template(&id, &template("two")).await;
    assert_eq!(world.state(&id).0, "UPDATE_COMPLETE");
    let group = world.nested(&id, "g");
    assert!(group.resources.values().all(|member| member.properties["value"] == "two"));
    let starts = group.events.iter().filter(|event| event.reason == "Stack UPDATE started").count();
    assert_eq!(starts, 3, "five members, two at a time");
}

#[tokio::test(start_paused = true)]
async fn a_patch_keeps_what_it_does_not_name() {
    let template = "
heat_template_version: wallaby
parameters: {a: {type: string}, b: {type: string, default: own}, count: {type: number, default: 1}}
resources: {v: {type: OS::Heat::Value, properties: {value: {list_join: [',', [{get_param: a}, {get_param: b}]]}}}}
outputs: {v: {value: {get_attr: [v, value]}}}
";
    let world = world();
    let id = world.create(request(template, &[], json!({"a": "1", "b": "2"}))).await;
    let patch = |parameters: Value, clear: &[&str]| {
        let mut update = UpdateStack { existing: true, ..UpdateStack::default() };
        update.request.parameters = parameters.as_object().cloned().unwrap_or_default();
        update.request.clear_parameters = clear.iter().map(|name| (*name).to_owned()).collect();
        update
    };
    world.update(&id, patch(json!({"a": "3"}), &[])).await.expect("accepted");
    assert_eq!(world.outputs(&id).await["v"], "3,2");
    world.update(&id, patch(json!({}), &["b"])).await.expect("accepted");
    assert_eq!(world.outputs(&id).await["v"], "3,own");
    let unknown = world.update(&id, patch(json!({"c": "1"}), &[])).await.expect_err("undeclared");
    assert_eq!(unknown.kind, ErrorKind::UnknownUserParameter);
}

#[tokio::test(start_paused = true)]
async fn a_failed_update_is_rolled_back_when_asked_or_can_be_mended() {
    for disable_rollback in [true, false] {
        let world = world();
        let id = world.create_template(&server("")).await;
        let old = world.physical(&id, "server");
        world.fail("OS::Neutron::Net", None, Action::Create, "OverQuotaClient: Quota exceeded for resources: ['network'].");
        let more = server("metadata: {a: b}") + "\n  net: {type: OS::Neutron::Net, depends_on: server}";
        let update = UpdateStack {
            request: request(&more, &[], json!({})),
            disable_rollback: Some(disable_rollback),
            ..UpdateStack::default()
        };
        world.update(&id, update.clone()).await.expect("accepted");
        let (state, reason) = world.state(&id);
        if disable_rollback {
            assert_eq!(state, "UPDATE_FAILED");
            assert_eq!(
                reason,
                "Resource UPDATE failed: OverQuotaClient: resources.net: Quota exceeded for resources: ['network']."
            );
            world.update(&id, update).await.expect("accepted");
            assert_eq!(world.state(&id).0, "UPDATE_COMPLETE");
        } else {
            assert_eq!(state, "ROLLBACK_COMPLETE", "{reason}");
            assert!(!world.stack(&id).resources.contains_key("net"));
            assert_eq!(world.stack(&id).resources["server"].properties.get("metadata"), None);
        }
        assert_eq!(world.physical(&id, "server"), old);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failed_member_is_made_anew_by_the_next_update() {
    let world = world();
    world.fail("OS::Neutron::Net", Some("1"), Action::Create, "no");
    let id = world.create_template(&group(3, "")).await;
    assert_eq!(world.state(&id).0, "CREATE_FAILED");
    world.update_template(&id, &group(3, "")).await;
    assert_eq!(world.state(&id).0, "UPDATE_COMPLETE", "{}", world.state(&id).1);
    assert_eq!(members(&world, &id), ["0", "1", "2"]);
    assert_eq!(world.memory.count(Kind::Network), 4);
}

#[tokio::test(start_paused = true)]
async fn a_resource_marked_unhealthy_is_replaced() {
    let world = world();
    let id = world.create_template(&server("")).await;
    let old = world.physical(&id, "server");
    world.engine.mark_unhealthy(&world.scope, &id, "server", true, "kubelet is silent").expect("marked");
    assert_eq!(world.stack(&id).resources["server"].reason, "kubelet is silent");
    world.update_template(&id, &server("")).await;
    assert_ne!(world.physical(&id, "server"), old);
    assert_eq!(world.memory.count(Kind::Server), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stack_does_one_thing_at_a_time() {
    let world = world();
    *world.memory.server_status.lock().unwrap() = Some("BUILD".to_owned());
    let id = world.begin(request(&server(""), &[], json!({}))).await.expect("accepted");
    tokio::time::sleep(Duration::from_millis(50)).await;
    let update = UpdateStack { request: request(&server(""), &[], json!({})), ..UpdateStack::default() };
    let error = world.update(&id, update).await.expect_err("busy");
    assert_eq!(error.kind.status(), 409);
    assert_eq!(error.message, "Stack s already has an action (CREATE) in progress.");
}

#[tokio::test(start_paused = true)]
async fn immutable_parameters_stay_as_they_are() {
    let template = "heat_template_version: wallaby\nparameters: {a: {type: string, immutable: true}}\nresources: {}\n";
    let world = world();
    let id = world.create(request(template, &[], json!({"a": "1"}))).await;
    let update = UpdateStack { request: request(template, &[], json!({"a": "2"})), ..UpdateStack::default() };
    let error = world.update(&id, update).await.expect_err("immutable");
    assert_eq!(error.message, "The following parameters are immutable and may not be updated: a");
}

#[tokio::test(start_paused = true)]
async fn a_preview_tells_what_an_update_would_do_and_does_nothing() {
    let world = world();
    let before = resources(
        "
  keep: {type: OS::Neutron::Net, properties: {name: keep}}
  change: {type: OS::Neutron::Net, properties: {name: one}}
  replace: {type: OS::Cinder::Volume, properties: {size: 1}}
  drop: {type: OS::Heat::TestResource}
  group: {type: OS::Heat::ResourceGroup, properties: {count: 1, resource_def: {type: OS::Heat::TestResource}}}
",
    );
    let after = resources(
        "
  keep: {type: OS::Neutron::Net, properties: {name: keep}}
  change: {type: OS::Neutron::Net, properties: {name: two}}
  replace: {type: OS::Cinder::Volume, properties: {size: 1, availability_zone: az}}
  add: {type: OS::Heat::TestResource}
  group: {type: OS::Heat::ResourceGroup, properties: {count: 2, resource_def: {type: OS::Heat::TestResource}}}
",
    );
    let id = world.create_template(&before).await;
    let log = world.memory.log();
    let update = UpdateStack { request: request(&after, &[], json!({})), ..UpdateStack::default() };
    let preview = world.engine.preview_update(&world.scope, &id, &update, false).await.expect("a preview");
    let names =
        |list: &[jeroboam_devcloud::heat::engine::Previewed]| list.iter().map(|item| item.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&preview.unchanged), ["keep"]);
    assert_eq!(names(&preview.updated), ["change", "group"]);
    assert_eq!(names(&preview.replaced), ["replace"]);
    assert_eq!(names(&preview.added), ["add"]);
    assert_eq!(names(&preview.deleted), ["drop"]);
    assert_eq!(world.memory.log(), log);
    assert_eq!(world.state(&id).0, "CREATE_COMPLETE");
}
