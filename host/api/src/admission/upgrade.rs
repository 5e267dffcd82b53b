//! Which templates a cluster can be upgraded to.

use jeroboam_model::{Cluster, ClusterTemplate};

use super::Refusal;

/// The label that names the version of the engine.
const VERSION_LABEL: &str = "kube_tag";

/// Whether nothing differs but what an upgrade changes, and the version is none that was left behind. What a template says of sizes, flavors and a network of
/// the cluster's own was taken over when the cluster was made, and does not matter any more.
pub fn check_target(cluster: &Cluster, now: &ClusterTemplate, target: &ClusterTemplate) -> Result<(), Refusal> {
    let template = || crate::error::echo(&target.name);
    let same = [
        ("coe", now.coe == target.coe),
        ("server_type", now.server_type == target.server_type),
        ("network_driver", now.network_driver == target.network_driver),
        ("volume_driver", now.volume_driver == target.volume_driver),
        ("docker_storage_driver", now.docker_storage_driver == target.docker_storage_driver),
        ("external_network_id", now.external_network_id == target.external_network_id),
        ("dns_nameserver", now.dns_nameserver == target.dns_nameserver),
        ("apiserver_port", now.apiserver_port == target.apiserver_port),
        ("tls_disabled", now.tls_disabled == target.tls_disabled),
        ("registry_enabled", now.registry_enabled == target.registry_enabled),
    ];
    if let Some((field, _)) = same.iter().find(|(_, same)| !same) {
        return Err(Refusal::UpgradeField { template: template(), field });
    }
    let Some(from) = cluster.labels.get(VERSION_LABEL) else { return Ok(()) };
    let echo = crate::error::echo;
    match target.labels.get(VERSION_LABEL) {
        None => Err(Refusal::UpgradeLabel { template: template(), label: VERSION_LABEL, from: echo(from) }),
        Some(to) if is_lower(to, from) => Err(Refusal::Downgrade { label: VERSION_LABEL, from: echo(from), to: echo(to) }),
        Some(_) => Ok(()),
    }
}

/// Of versions that can be compared.
fn is_lower(version: &str, than: &str) -> bool {
    parsed(version).zip(parsed(than)).is_some_and(|(version, than)| version < than)
}

/// `v1.30.2-anything`.
fn parsed(version: &str) -> Option<[u64; 3]> {
    let numbers = version.strip_prefix('v').unwrap_or(version).split(['-', '+']).next()?;
    let mut numbers = numbers.splitn(3, '.').map(|number| number.parse().ok());
    Some([numbers.next()??, numbers.next()??, numbers.next()??])
}

#[cfg(test)]
mod tests {
    use super::*;
    use jeroboam_model::samples;

    fn template(tag: Option<&str>) -> ClusterTemplate {
        let labels = tag.map(|tag| (VERSION_LABEL, tag)).into_iter().collect();
        ClusterTemplate { labels, ..samples::template("t") }
    }

    fn refusal(from: Option<&str>, to: ClusterTemplate) -> Option<String> {
        let now = template(from);
        check_target(&samples::cluster("c", &now), &now, &to).err().map(|refusal| refusal.to_string())
    }

    #[test]
    fn versions_do_not_go_back() {
        for (from, to) in [(Some("v1.30.2"), Some("v1.30.10")), (None, Some("v1.29.0")), (Some("latest"), Some("v1.1.1"))] {
            assert_eq!(refusal(from, template(to)), None);
        }
        assert_eq!(
            refusal(Some("v1.30.10"), template(Some("v1.30.2"))).unwrap(),
            "Downgrading kube_tag from v1.30.10 to v1.30.2 is not supported."
        );
        assert!(refusal(Some("v1.30.2"), template(None)).unwrap().contains("the template needs the label kube_tag"));
    }

    #[test]
    fn a_template_that_would_need_another_network_is_refused() {
        let other = ClusterTemplate { external_network_id: Some("other".into()), ..template(None) };
        assert!(refusal(None, other).unwrap().contains("its external_network_id is not that of the cluster"));
        let bigger = ClusterTemplate { flavor_id: Some("large".into()), ..template(None) };
        assert_eq!(refusal(None, bigger), None);
    }
}
