//! What servers start with, for each format.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test says what it expects"
)]

use jeroboam_driver_common::{
    operating_system::{Format, OperatingSystem},
    proxies::Proxies,
    testing::node,
    user_data::{LIMIT, UserData},
};
use jeroboam_driver_sdk::{
    ClusterTemplate, Error,
    settings::Platform,
    testing::{World, samples},
};
use serde_json::{Value as Json, json};

const FORMATS: [Format; 3] = [Format::Ignition3, Format::Ignition2, Format::CloudInit];

/// No archive that anybody could unpack.
const ARCHIVE: &str = "YXJjaGl2ZQ==";

fn write(format: Format, platform: &Platform, proxies: &Proxies) -> Result<String, Error> {
    let data = UserData {
        archive: ARCHIVE,
        public_key: Some("ssh-ed25519 AAAA owner\n"),
        masked: &["docker.service"],
        platform,
        proxies,
    };
    World::new().run(|| data.write("user-data", format))
}

fn plain(format: Format) -> String {
    write(format, &samples::platform(), &Proxies::default()).unwrap()
}

fn decoded(text: &str) -> String {
    use base64::{Engine, prelude::BASE64_STANDARD};
    String::from_utf8(BASE64_STANDARD.decode(text).unwrap()).unwrap()
}

#[test]
fn every_format_brings_the_archive_and_what_it_takes_to_trust_openstack() {
    let platform = Platform { openstack_ca: "a certificate".into(), verify_ca: false, ..samples::platform() };
    for format in FORMATS {
        let files = node::files(&write(format, &platform, &Proxies::default()).unwrap());
        assert_eq!(files["/var/lib/jeroboam/node.tar.gz"], ARCHIVE, "{format:?}");
        assert_eq!(decoded(&files["/etc/jeroboam/openstack-ca.crt"]), "a certificate");
        assert_eq!(decoded(&files["/etc/jeroboam/agent.env"]), "VERIFY_CA=false\n");
        assert!(!node::files(&plain(format)).contains_key("/etc/jeroboam/openstack-ca.crt"), "there is none");
    }
}

#[test]
fn what_a_proxy_is_called_cannot_become_a_command() {
    let template = ClusterTemplate { https_proxy: Some("http://p:1/'$(reboot)".into()), ..samples::template() };
    let proxies = Proxies::of(&template, &["10.0.0.0/24".to_owned()]);
    assert_eq!(proxies.exceptions, "localhost,127.0.0.1,169.254.169.254,10.0.0.0/24");
    let files = node::files(&write(Format::CloudInit, &samples::platform(), &proxies).unwrap());
    let shell = format!("{}printf %s \"$TOOLS_PROXY\"", decoded(&files["/etc/jeroboam/agent.env"]));
    // A machine without a shell has the rest to check.
    if let Ok(output) = std::process::Command::new("sh").args(["-c", &shell]).output() {
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "http://p:1/'$(reboot)");
    }
}

#[test]
fn ignition_installs_before_the_agent_starts() {
    for (format, version) in [(Format::Ignition3, "3.3.0"), (Format::Ignition2, "2.2.0")] {
        let config: Json = serde_json::from_str(&plain(format)).unwrap();
        assert_eq!(config["ignition"]["version"], version);
        assert_eq!(config["passwd"]["users"][0]["sshAuthorizedKeys"], json!(["ssh-ed25519 AAAA owner"]));
        let units = config["systemd"]["units"].as_array().unwrap();
        let unit = |name: &str| units.iter().find(|unit| unit["name"] == name).unwrap();
        assert_eq!(unit("docker.service")["mask"], true);
        let install = unit("jeroboam-install.service")["contents"].as_str().unwrap();
        assert!(install.contains("Before=jeroboam-agent.service") && install.contains("RequiredBy=jeroboam-agent.service"));
        assert!(unit("jeroboam-agent.service")["enabled"] == true);
        for file in config["storage"]["files"].as_array().unwrap() {
            assert_eq!(file.get("filesystem").is_some(), format == Format::Ignition2, "only spec 2 knows it, and requires it");
        }
    }
}

#[test]
fn cloud_init_installs_before_the_agent_starts() {
    let text = plain(Format::CloudInit);
    let document: Json = serde_json::from_str(text.strip_prefix("#cloud-config\n").unwrap()).unwrap();
    assert_eq!(document["ssh_authorized_keys"], json!(["ssh-ed25519 AAAA owner"]));
    let commands: Vec<String> =
        document["runcmd"].as_array().unwrap().iter().map(|command| command[0].as_str().unwrap().to_owned()).collect();
    assert_eq!(commands, ["tar", "systemctl", "systemctl", "systemctl"]);
    assert_eq!(document["runcmd"][2], json!(["systemctl", "mask", "--now", "docker.service"]));
    assert!(text.is_ascii(), "Heat puts it in a multipart message as it is");
}

#[test]
fn what_nova_would_refuse_is_refused_by_name() {
    let platform = Platform { openstack_ca: "x".repeat(LIMIT), ..samples::platform() };
    for format in FORMATS {
        let error = write(format, &platform, &Proxies::default()).unwrap_err();
        assert!(matches!(&error, Error::Internal(text) if text.starts_with("user-data has")), "{error:?}");
    }
}

#[test]
fn each_operating_system_has_a_fragment() {
    for system in OperatingSystem::ALL {
        let fragment = format!("{}/os-{}.sh", node::SHARED, system.family());
        let text = std::fs::read_to_string(&fragment).unwrap();
        for function in ["resolv_conf()", "trust_ca()", "set_selinux()"] {
            assert!(text.contains(function), "{fragment} lacks {function}");
        }
    }
}
