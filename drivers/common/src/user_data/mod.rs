//! What a server starts with: the archive that the build script packed, and the few things that a node has to have before it can ask Heat for anything, which
//! are the login key and what it takes to trust OpenStack's services. No secret is among them: user data can be read by anything on a node.
//!
//! Heat adds the login of the stack's own user, which can read this server's software deployments and nothing else (`user_data_format: SOFTWARE_CONFIG`).

mod cloud_init;
mod ignition;

use base64::{Engine, prelude::BASE64_STANDARD};
use jeroboam_driver_sdk::{Error, internal, settings, settings::Platform};

use crate::{operating_system::Format, proxies::Proxies};

/// Nova takes 65,535 characters of base64. Heat adds its login twice, and to cloud-init's documents some scripts of its own: 6 KiB in all.
pub const LIMIT: usize = 65_535 / 4 * 3 - 8192;

/// Where the archive lies on a node.
const ARCHIVE: &str = "/var/lib/jeroboam/node.tar.gz";
/// `tar` goes through links on the way, such as `/opt` of systems with an immutable root.
const UNPACK: [&str; 6] =
    ["tar", "--extract", "--gzip", "--no-same-owner", "--directory=/", "--file=/var/lib/jeroboam/node.tar.gz"];
const AGENT: (&str, &str) = ("jeroboam-agent.service", include_str!("../../node/jeroboam-agent.service"));

/// For the nodes of one role.
#[derive(Clone, Copy, Debug)]
pub struct UserData<'a> {
    /// What `jeroboam_driver_pack::Archive::write` wrote: base64.
    pub archive: &'a str,
    /// As in `authorized_keys`.
    pub public_key: Option<&'a str>,
    /// Units that must not start.
    pub masked: &'a [&'a str],
    pub platform: &'a Platform,
    /// Needed before the deployment brings them: for what the agent itself may have to fetch.
    pub proxies: &'a Proxies,
}

impl UserData<'_> {
    /// `name` is that of the file, for the error about one that is too large for Nova.
    pub fn write(&self, name: &str, format: Format) -> Result<String, Error> {
        let text = match format {
            Format::Ignition3 => ignition::version_3(self),
            Format::Ignition2 => ignition::version_2(self),
            Format::CloudInit => cloud_init::document(self),
        };
        if text.len() > LIMIT {
            let size = text.len();
            return Err(internal(format!(
                "{name} has {size} bytes, and Nova takes {LIMIT}: the operator's CA bundle is too large"
            )));
        }
        Ok(text)
    }

    /// Path and content as base64, of all files.
    fn files(&self) -> Vec<(&'static str, String)> {
        let mut agent = format!("VERIFY_CA={}\n", self.platform.verify_ca);
        if !self.proxies.https.is_empty() {
            agent.push_str(&format!("TOOLS_PROXY={}\n", quoted(&self.proxies.https)));
        }
        if let Some(url) = settings::get("jq_url") {
            agent.push_str(&format!("JQ_URL={}\n", quoted(&url)));
        }
        let mut files = vec![(ARCHIVE, self.archive.to_owned()), ("/etc/jeroboam/agent.env", BASE64_STANDARD.encode(agent))];
        if !self.platform.openstack_ca.is_empty() {
            files.push(("/etc/jeroboam/openstack-ca.crt", BASE64_STANDARD.encode(&self.platform.openstack_ca)));
        }
        files
    }
}

/// For a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
