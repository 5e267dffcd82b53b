//! A second contract beside the first: `wit/coe-0.3.0`, a draft, served with the feature `coe-0-3` and refused without it.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests may say what they expect")]

mod support;

use jeroboam_plugins::surface;
use support::{guest::Guest, samples};

/// Advises to replace this node of the default workers.
fn advising(view: &jeroboam_model::ClusterView, node: &str) -> Guest {
    Guest::new("advising").repairs(&view.groups[1].uuid.to_string(), node, "its disk is gone")
}

#[cfg(not(feature = "coe-0-3"))]
mod refused {
    use jeroboam_plugins::{ComponentError, Plugins, PluginsConfig};

    use super::*;

    #[test]
    fn a_component_for_a_later_contract_names_both_versions_and_what_to_do() {
        let error = surface(&advising(&samples::view(), "7").component()).unwrap_err();
        let ComponentError::OtherVersion { theirs } = &error else { panic!("{error:?}") };
        assert_eq!(theirs.to_string(), "0.3.0");
        let (operator, author) = (error.to_string(), error.author().unwrap());
        assert!(
            operator.contains("version 0.3.0 of jeroboam:coe, and this host serves 0.1 and 0.2; install a newer host"),
            "{operator}"
        );
        assert!(author.contains("wit/coe-0.2.0") && author.contains("a host that serves 0.3"), "{author}");
    }

    #[tokio::test]
    async fn it_is_not_served() {
        let bundled = vec![support::bundled("advising.wasm", advising(&samples::view(), "7").component())];
        let plugins = Plugins::start(PluginsConfig { bundled, ..PluginsConfig::default() }).await.unwrap();
        let reason = support::failure(&plugins, 0);
        assert!(reason.contains("0.3.0") && reason.contains("serves 0.1 and 0.2"), "{reason}");
    }
}

#[cfg(feature = "coe-0-3")]
mod served {
    use jeroboam_model::driver::StackScope;
    use jeroboam_plugins::{CallError, Driver, Phase, Plugins, PluginsConfig, advice::Repair};

    use super::*;

    /// One host, with a driver of each contract.
    async fn both(view: &jeroboam_model::ClusterView, node: &str) -> (Driver, Driver) {
        let template = "heat_template_version: 2018-08-31\n";
        let files = [("first.wasm", Guest::new("first")), ("advising.wasm", advising(view, node))];
        let bundled =
            files.map(|(name, guest)| support::bundled(name, guest.template(template).component())).into_iter().collect();
        let plugins = Plugins::start(PluginsConfig { bundled, ..PluginsConfig::default() }).await.unwrap();
        (plugins.by_name("first").unwrap(), plugins.by_name("advising").unwrap())
    }

    #[test]
    fn each_says_which_contract_it_needs() {
        let advising = surface(&advising(&samples::view(), "7").component()).unwrap();
        assert_eq!((advising.contract.to_string().as_str(), advising.offers.contains("node-advice")), ("0.3.0", true));
        assert_eq!(surface(&Guest::new("first").component()).unwrap().contract.to_string(), "0.1.0");
    }

    #[tokio::test]
    async fn one_host_serves_both() {
        let view = samples::view();
        let (first, advising) = both(&view, "7").await;
        for driver in [&first, &advising] {
            driver.define_stack(&view, StackScope::Cluster, support::context()).await.unwrap();
        }
        assert!(advising.gives_node_advice() && !first.gives_node_advice());
        let repair = Repair { group: view.groups[1].uuid, node: "7".into(), reason: "its disk is gone".into() };
        assert_eq!(advising.repair_nodes(&view, support::context()).await.unwrap(), [repair]);
        assert_eq!(first.repair_nodes(&view, support::context()).await.unwrap(), []);
    }

    #[tokio::test]
    async fn advice_is_checked() {
        let view = samples::view();
        for (asked, node) in [(&samples::view(), "7"), (&view, "not a node")] {
            let (_, advising) = both(&view, node).await;
            let answer = advising.repair_nodes(asked, support::context()).await;
            let Err(CallError::BadAnswer { function, .. }) = answer else { panic!("{answer:?}") };
            assert_eq!(function, Phase::RepairNodes.as_str());
        }
    }
}
