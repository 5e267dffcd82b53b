//! Stacks are made along their dependencies, fail with Heat's words, and are removed the other way round.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

mod heat;

use std::time::Duration;

use heat::{request, resources, scope, world, world_with};
use jeroboam_devcloud::{
    faults::Action,
    heat::{ErrorKind, engine::NewStack},
    services::Kind,
};
use serde_json::json;

const NODE: &str = "
  net: {type: OS::Neutron::Net, properties: {name: net}}
  subnet: {type: OS::Neutron::Subnet, properties: {name: subnet, network: {get_resource: net}, cidr: 10.0.0.0/24}}
  port: {type: OS::Neutron::Port, properties: {name: port, network: {get_resource: net}}}
  volume: {type: OS::Cinder::Volume, properties: {name: volume, size: 5}}
  server:
    type: OS::Nova::Server
    properties: {name: server, image: fedora, flavor: m1.small, networks: [{port: {get_resource: port}}]}
  attachment:
    type: OS::Cinder::VolumeAttachment
    properties: {instance_uuid: {get_resource: server}, volume_id: {get_resource: volume}}
";

#[tokio::test(start_paused = true)]
async fn a_stack_is_made_and_removed_in_order() {
    let world = world();
    let id = world.create_template(&resources(NODE)).await;
    assert_eq!(world.state(&id), ("CREATE_COMPLETE".to_owned(), "Stack CREATE completed successfully".to_owned()));
    let log = world.memory.log();
    let at = |what: &str| log.iter().position(|entry| entry == what).unwrap_or_else(|| panic!("{what} in {log:?}"));
    assert!(at("create Network net") < at("create Subnet subnet"));
    assert!(at("create Subnet subnet") < at("create Port port"), "a port waits for the subnets of its network");
    assert!(at("create Port port") < at("create Server server"));
    assert!(at("create Server server") < at("attach-volume Server server"));

    world.delete(&id).await;
    assert_eq!(world.state(&id).0, "DELETE_COMPLETE");
    let log = world.memory.log();
    let at = |what: &str| log.iter().position(|entry| entry == what).unwrap_or_else(|| panic!("{what} in {log:?}"));
    assert!(at("detach-volume Server server") < at("delete Server server"));
    assert!(at("delete Server server") < at("delete Port port"));
    assert!(at("delete Port port") < at("delete Subnet subnet"));
    assert!(at("delete Subnet subnet") < at("delete Network net"));
    assert!(world.engine.inventory().is_empty());
}

#[tokio::test(start_paused = true)]
async fn an_object_that_is_gone_does_not_hold_a_delete_up() {
    let world = world();
    let id = world.create_template(&resources(NODE)).await;
    world.memory.forget(Kind::Server, &world.physical(&id, "server"));
    world.delete(&id).await;
    assert_eq!(world.state(&id).0, "DELETE_COMPLETE");
    assert_eq!(world.memory.count(Kind::Port), 0);
}

#[tokio::test(start_paused = true)]
async fn an_object_in_use_fails_a_delete_which_can_be_tried_again() {
    let world = world();
    let id = world.create_template(&resources(NODE)).await;
    world.memory.held.lock().unwrap().push("subnet".to_owned());
    world.delete(&id).await;
    let (state, reason) = world.state(&id);
    assert_eq!(
        (state.as_str(), reason.as_str()),
        ("DELETE_FAILED", "Resource DELETE failed: Conflict: resources.subnet: subnet is in use.")
    );
    assert_eq!(world.memory.named(Kind::Network, "net").map(drop), Some(()), "what the subnet needs stays");
    world.memory.held.lock().unwrap().clear();
    world.delete(&id).await;
    assert_eq!(world.state(&id).0, "DELETE_COMPLETE");
}

#[tokio::test(start_paused = true)]
async fn failures_name_the_path_to_the_resource() {
    let world = world();
    let files = [("node.yaml", "heat_template_version: wallaby\nresources: {kube-minion: {type: OS::Heat::TestResource}}\n")];
    let template =
        resources("  kube_minions: {type: OS::Heat::ResourceGroup, properties: {count: 2, resource_def: {type: node.yaml}}}");
    world.fail("OS::Heat::TestResource", None, Action::Create, "Forbidden: Quota exceeded for cores");
    let id = world.create(request(&template, &files, json!({}))).await;
    let (state, reason) = world.state(&id);
    assert_eq!(state, "CREATE_FAILED");
    let paths = ["resources[0]", "resources[1]"].map(|member| {
        format!(
            "Resource CREATE failed: Forbidden: resources.kube_minions.{member}.resources.kube-minion: Quota exceeded for cores"
        )
    });
    assert!(paths.contains(&reason), "{reason}");
    let group = world.nested(&id, "kube_minions");
    assert_eq!(jeroboam_devcloud::heat::engine::state_name(&group), "CREATE_FAILED");
    assert!(
        group.resources.values().any(|member| member.reason == "Forbidden: resources.kube-minion: Quota exceeded for cores"
            || member.reason.starts_with("Forbidden: resources[")),
        "{:?}",
        group.resources.values().map(|m| &m.reason).collect::<Vec<_>>()
    );
}

#[tokio::test(start_paused = true)]
async fn a_failed_create_is_rolled_back_when_asked() {
    let world = world();
    world.fail("OS::Nova::Server", Some("server"), Action::Create, "No valid host was found.");
    let new = NewStack { name: "s".to_owned(), request: request(&resources(NODE), &[], json!({})), ..NewStack::default() };
    let id = world.begin_with(new).await.expect("accepted");
    world.engine.idle(&id).await;
    assert_eq!(world.state(&id), ("ROLLBACK_COMPLETE".to_owned(), "Stack ROLLBACK completed successfully".to_owned()));
    assert_eq!((world.memory.count(Kind::Port), world.memory.count(Kind::Volume)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_stack_that_takes_too_long_times_out() {
    let world = world();
    *world.memory.server_status.lock().unwrap() = Some("BUILD".to_owned());
    let new = NewStack {
        name: "s".to_owned(),
        request: request(&resources(NODE), &[], json!({})),
        timeout_mins: Some(10),
        disable_rollback: true,
        ..NewStack::default()
    };
    let before = tokio::time::Instant::now();
    let id = world.begin_with(new).await.expect("accepted");
    world.engine.idle(&id).await;
    assert_eq!(world.state(&id), ("CREATE_FAILED".to_owned(), "Create timed out".to_owned()));
    let took = before.elapsed();
    assert!(took >= Duration::from_secs(600) && took < Duration::from_secs(610), "{took:?}");
    assert_eq!(world.stack(&id).resources["server"].reason, "CREATE aborted (Timed out)");
}

#[tokio::test(start_paused = true)]
async fn a_server_in_error_fails_with_what_nova_said() {
    let world = world();
    *world.memory.server_status.lock().unwrap() = Some("ERROR".to_owned());
    let id = world.create_template(&resources(NODE)).await;
    let (state, reason) = world.state(&id);
    assert_eq!(state, "CREATE_FAILED");
    assert!(reason.starts_with("Resource CREATE failed: ResourceInError: resources.server: Went to status ERROR"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn a_stack_can_be_deleted_while_it_is_made() {
    let world = world();
    *world.memory.server_status.lock().unwrap() = Some("BUILD".to_owned());
    let id = world.begin(request(&resources(NODE), &[], json!({}))).await.expect("accepted");
    while world.memory.count(Kind::Server) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    world.delete(&id).await;
    assert_eq!(world.state(&id).0, "DELETE_COMPLETE");
    assert_eq!((world.memory.count(Kind::Server), world.memory.count(Kind::Port)), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn names_are_unique_while_in_use_and_projects_do_not_see_each_other() {
    let mut world = world();
    let id = world.create_template(&resources("  a: {type: OS::Heat::TestResource}")).await;
    let again = world.begin(request(&resources("  a: {type: OS::Heat::TestResource}"), &[], json!({}))).await.expect_err("taken");
    assert_eq!((again.kind, again.message.as_str()), (ErrorKind::StackExists, "The Stack (s) already exists."));
    world.scope = scope("other");
    assert_eq!(world.engine.stack(&world.scope, &id, |_| ()).expect_err("not theirs").kind, ErrorKind::EntityNotFound);
    world.scope = scope("demo");
    world.delete(&id).await;
    assert!(world.begin(request(&resources("  a: {type: OS::Heat::TestResource}"), &[], json!({}))).await.is_ok());
    assert!(world.engine.find(&world.scope, "s").is_ok_and(|found| found.id != id));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_made_is_refused_before_anything_is() {
    let world = world();
    let nested = [("n.yaml", "heat_template_version: wallaby\nparameters: {size: {type: number}}\noutputs: {o: {value: 1}}\n")];
    let cases = [
        ("  a: {type: OS::Nova::Toaster}", "The Resource Type (OS::Nova::Toaster) could not be found."),
        (
            "  a: {type: OS::Neutron::Net, properties: {colour: red}}",
            "Property error: resources.a.properties: Unknown Property colour",
        ),
        (
            "  a: {type: OS::Neutron::Subnet, properties: {cidr: 10.0.0.0/24}}",
            "Property error: resources.a.properties: Property network not assigned",
        ),
        (
            "  a: {type: OS::Cinder::Volume, properties: {size: big}}",
            "Property error: resources.a.properties.size: Value 'big' is not an integer",
        ),
        (
            "  a: {type: OS::Cinder::Volume, properties: {size: 0}}",
            "Property error: resources.a.properties.size: 0 is out of range (min: 1, max: None)",
        ),
        (
            "  a: {type: OS::Nova::Server, properties: {image: fedora, flavor: m9}}",
            "Property error: resources.a.properties.flavor: Error validating value 'm9': The Flavor (m9) could not be found.",
        ),
        ("  a: {type: OS::Nova::Server, properties: {flavor: m1.small}}", "Neither image nor bootable volume is specified"),
        ("  a: {type: n.yaml}", "Property error: resources.a.properties: Property size not assigned"),
        (
            "  a: {type: n.yaml, properties: {size: 1, depth: 2}}",
            "Property error: resources.a.properties: Unknown Property depth",
        ),
        ("  a: {type: missing.yaml}", "The Resource Type (missing.yaml) could not be found."),
        (
            "  a: {type: n.yaml, properties: {size: 1}}\n  b: {type: OS::Heat::Value, properties: {value: {get_attr: [a, p]}}}",
            "The Referenced Attribute (a p) is incorrect.",
        ),
        (
            "  a: {type: OS::Heat::Value, depends_on: b, properties: {value: 1}}\n  b: {type: OS::Heat::Value, properties: {value: {get_resource: a}}}",
            "Circular Dependency Found",
        ),
        (
            "  a: {type: OS::Heat::ResourceGroup, properties: {count: 1001, resource_def: {type: OS::Heat::None}}}",
            "Maximum resources per stack exceeded.",
        ),
        (
            "  a: {type: OS::Heat::ResourceGroup, properties: {resource_def: {type: OS::Heat::ResourceGroup, properties: {resource_def: {type: OS::Cinder::Volume, properties: {siez: 1}}}}}}",
            "resources.a<nested_stack>.resources.0<nested_stack>.resources.0.properties: Unknown Property siez",
        ),
    ];
    for (body, part) in cases {
        let error = world.begin(request(&resources(body), &nested, json!({}))).await.expect_err(part);
        assert!(error.message.contains(part), "{}\nis not\n{part}", error.message);
        assert!(matches!(error.kind.status(), 400 | 403 | 404), "{:?}", error.kind);
    }
    assert!(world.engine.inventory().is_empty() && world.memory.log().is_empty());
}

#[tokio::test(start_paused = true)]
async fn conditions_decide_what_is_in_a_stack() {
    let world = world();
    let template = "
heat_template_version: 2018-08-31
parameters: {boot: {type: number, default: 0}}
conditions: {volume: {not: {equals: [{get_param: boot}, 0]}}}
resources:
  disk: {type: OS::Cinder::Volume, condition: volume, properties: {size: {get_param: boot}}}
  main: {type: OS::Heat::Value, depends_on: disk, properties: {value: {if: [volume, {get_resource: disk}, none]}}}
outputs:
  disk: {condition: volume, value: {get_resource: disk}}
  main: {value: {get_attr: [main, value]}}
";
    let id = world.create_template(template).await;
    assert_eq!(json!(world.outputs(&id).await), json!({"main": "none"}));
    let update = jeroboam_devcloud::heat::engine::UpdateStack {
        request: request(template, &[], json!({"boot": 3})),
        ..Default::default()
    };
    world.update(&id, update).await.expect("accepted");
    let disk = world.physical(&id, "disk");
    assert_eq!(json!(world.outputs(&id).await), json!({"disk": disk, "main": disk}));
}

#[tokio::test(start_paused = true)]
async fn nested_outputs_reach_the_top() {
    let world = world();
    let node = "
heat_template_version: wallaby
parameters: {name: {type: string}}
resources: {server: {type: OS::Nova::Server, properties: {name: {get_param: name}, image: fedora, flavor: m1.small}}}
outputs:
  OS::stack_id: {value: {get_resource: server}}
  ip: {value: {get_attr: [server, first_address]}}
";
    let top = "
heat_template_version: wallaby
resources:
  nodes:
    type: OS::Heat::ResourceGroup
    properties: {count: 2, resource_def: {type: node.yaml, properties: {name: {str_replace: {template: S-node-%index%, params: {S: {get_param: 'OS::stack_name'}}}}}}}
outputs:
  refs: {value: {get_attr: [nodes, refs]}}
  map: {value: {get_attr: [nodes, refs_map]}}
  ips: {value: {get_attr: [nodes, ip]}}
  second: {value: {get_attr: [nodes, resource.1.ip]}}
  first: {value: {get_attr: [nodes, attributes, '0', ip]}}
  other: {value: {get_attr: [nodes, resource.7.ip]}}
";
    let id = world.create(request(top, &[("node.yaml", node)], json!({}))).await;
    assert_eq!(world.state(&id).0, "CREATE_COMPLETE", "{}", world.state(&id).1);
    let server = |name: &str| world.memory.named(Kind::Server, name).unwrap_or_else(|| panic!("{name}"));
    let (zero, one) = (server("s-node-0"), server("s-node-1"));
    let ip = |server: &serde_json::Value| server["addresses"]["private"][0]["addr"].clone();
    let outputs = world.outputs(&id).await;
    assert_eq!(outputs["refs"], json!([zero["id"], one["id"]]));
    assert_eq!(outputs["map"], json!({"0": zero["id"], "1": one["id"]}));
    assert_eq!(outputs["ips"], json!([ip(&zero), ip(&one)]));
    assert_eq!((&outputs["second"], &outputs["first"]), (&ip(&one), &ip(&zero)));
    let all = world.engine.outputs(&id, true).await;
    let other = all.iter().find(|output| output["output_key"] == "other").expect("the output");
    assert_eq!(other["output_error"], "The Resource (7) could not be found.");
}

#[tokio::test(start_paused = true)]
async fn nodes_signal_after_their_time_and_say_that_they_are_simulated() {
    let world = world_with(Duration::from_secs(30));
    let template = resources(
        "
  config: {type: OS::Heat::SoftwareConfig, properties: {group: script, config: echo, outputs: [{name: version}]}}
  server: {type: OS::Nova::Server, properties: {image: fedora, flavor: m1.small}}
  deployment:
    type: OS::Heat::SoftwareDeployment
    properties: {config: {get_resource: config}, server: {get_resource: server}, signal_transport: HEAT_SIGNAL}
",
    );
    let before = tokio::time::Instant::now();
    let id = world.create_template(&template).await;
    assert_eq!(world.state(&id).0, "CREATE_COMPLETE", "{}", world.state(&id).1);
    assert!(before.elapsed() >= Duration::from_secs(30), "{:?}", before.elapsed());
    let deployment = world.engine.deployment("demo", &world.physical(&id, "deployment")).expect("the deployment");
    assert!(deployment.reason.contains("signalled by the simulated node"));
}

#[tokio::test(start_paused = true)]
async fn a_real_signal_comes_first_and_can_fail_a_deployment() {
    for (code, expected) in [(0, "CREATE_COMPLETE"), (7, "CREATE_FAILED")] {
        let world = world_with(Duration::from_secs(3_000));
        let template = resources(
            "
  config: {type: OS::Heat::SoftwareConfig, properties: {outputs: [{name: version}]}}
  server: {type: OS::Nova::Server, properties: {image: fedora, flavor: m1.small}}
  deployment: {type: OS::Heat::SoftwareDeployment, properties: {config: {get_resource: config}, server: {get_resource: server}}}
outputs: {version: {value: {get_attr: [deployment, version]}}}
",
        );
        let id = world.begin(request(&template, &[], json!({}))).await.expect("accepted");
        while world.stack(&id).resources.get("deployment").is_none_or(|found| found.physical_id.is_none()) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let said = json!({"deploy_status_code": code, "version": "v1"});
        world.engine.signal(&id, "deployment", &said).await.expect("taken");
        world.engine.idle(&id).await;
        let (state, reason) = world.state(&id);
        assert_eq!(state, expected);
        if code == 0 {
            assert_eq!(world.outputs(&id).await["version"], "v1");
        } else {
            assert!(reason.contains("Deployment exited with non-zero status code: 7"), "{reason}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn wait_conditions_wait_for_the_servers_that_know_their_handle() {
    let world = world_with(Duration::from_secs(5));
    let template = resources(
        "
  handle: {type: OS::Heat::WaitConditionHandle}
  config: {type: OS::Heat::SoftwareConfig, properties: {config: {str_replace: {template: run CURL, params: {CURL: {get_attr: [handle, curl_cli]}}}}}}
  server: {type: OS::Nova::Server, properties: {image: fedora, flavor: m1.small, user_data_format: RAW, user_data: {get_resource: config}}}
  done: {type: OS::Heat::WaitCondition, depends_on: server, properties: {handle: {get_resource: handle}, count: 2, timeout: 600}}
",
    );
    let id = world.create_template(&template).await;
    assert_eq!(world.state(&id).0, "CREATE_COMPLETE", "{}", world.state(&id).1);

    let alone = resources(
        "
  handle: {type: OS::Heat::WaitConditionHandle}
  done: {type: OS::Heat::WaitCondition, properties: {handle: {get_resource: handle}, timeout: 600}}
",
    );
    let world = heat::world();
    let id = world.create_template(&alone).await;
    let reason = world.state(&id).1;
    assert_eq!(reason, "Resource CREATE failed: WaitConditionTimeout: resources.done: 0 of 1 received");
}

#[tokio::test(start_paused = true)]
async fn a_restart_goes_on_where_the_snapshot_ended() {
    let world = world();
    *world.memory.server_status.lock().unwrap() = Some("BUILD".to_owned());
    let node = [(
        "n.yaml",
        "heat_template_version: wallaby\nresources: {server: {type: OS::Nova::Server, properties: {name: it, image: fedora, flavor: m1.small}}}\n",
    )];
    let top = resources(
        "  n: {type: OS::Heat::ResourceGroup, properties: {resource_def: {type: n.yaml}}}\n  after: {type: OS::Heat::TestResource, depends_on: n}",
    );
    let id = world.begin(request(&top, &node, json!({}))).await.expect("accepted");
    while world.memory.count(Kind::Server) == 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let snapshot = world.engine.snapshot();
    let server = world.memory.named(Kind::Server, "it").expect("the server");
    let restarted = jeroboam_devcloud::heat::Engine::new(world.memory.clone(), Duration::ZERO, world.faults.clone());
    restarted.restore(snapshot).expect("a readable snapshot");
    use jeroboam_devcloud::services::Services as _;
    let ready = json!({"status": "ACTIVE"});
    world.memory.update(&world.scope, Kind::Server, server["id"].as_str().unwrap(), ready).await.expect("up");
    restarted.idle(&id).await;
    let stack = restarted.stack(&world.scope, &id, Clone::clone).expect("the stack");
    assert_eq!(jeroboam_devcloud::heat::engine::state_name(&stack), "CREATE_COMPLETE", "{}", stack.reason);
    assert_eq!(world.memory.count(Kind::Server), 1, "nothing is made twice");
}
