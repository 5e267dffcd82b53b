//! What a driver can ask, by interface: the function's name in the contract, the source's method, its arguments, its answer. `settings` and `coe-api` are not
//! here: their values are not the contract's as they are.

/// Hands the table to a macro.
macro_rules! functions {
    ($apply:ident) => {
        $apply! {
            Lookup, lookup {
                "get-image" get_image(name_or_id: &str) -> Image;
                "get-flavor" get_flavor(name_or_id: &str) -> Flavor;
                "get-network" get_network(name_or_id: &str) -> Network;
                "get-external-network" get_external_network(name_or_id: &str) -> Network;
                "get-subnet" get_subnet(name_or_id: &str) -> Subnet;
                "list-volume-types" list_volume_types() -> Vec<VolumeType>;
                "get-keypair" get_keypair(name: &str) -> Keypair;
                "list-regions" list_regions() -> Vec<String>;
            }
            Stacks, stacks {
                "list-outputs" list_outputs(scope: StackScope) -> Vec<(String, Value)>;
                "list-resources" list_resources(scope: StackScope, depth: u32) -> Vec<StackResource>;
            }
            LoadBalancers, load_balancers {
                "list-owned" list_owned() -> Vec<LoadBalancer>;
                "delete" delete(id: &str) -> ();
            }
            Volumes, volumes {
                "list-owned" list_owned() -> Vec<Volume>;
                "delete" delete(id: &str) -> ();
            }
            FloatingIps, floating_ips {
                "list-owned" list_owned() -> Vec<FloatingIp>;
                "delete" delete(id: &str) -> ();
            }
            Certificates, certificates {
                "get-ca" get_ca(authority: Authority) -> String;
                "sign" sign(authority: Authority, request: &str) -> String;
                "issue" issue(authority: Authority, common_name: &str, organizations: &[String]) -> String;
            }
        }
    };
}

pub(super) use functions;
