"""The driver: every function of the contract's interface `driver`, and nothing that has an effect.

Each call runs in a fresh copy of what this module is after its import, which happens when the component is built. So there is no clock, no
chance, no file and no memory of earlier calls; templates are read once, here below, and are part of the component.
"""

import json
from pathlib import Path

from componentize_py_types import Err
from wit_world import exports
from wit_world.exports.driver import (
    Description,
    Features,
    GroupObservation,
    Health,
    Observation,
    Output,
    Progress,
    Progress_Done,
    UpgradePlan,
)
from wit_world.imports import lookup
from wit_world.imports.types import (
    Cluster,
    ClusterTemplate,
    ClusterType,
    Error_Invalid,
    Error_NotFound,
    Error_Unsupported,
    FieldError,
    NodeGroup,
    Role,
    StackDefinition,
    StackScope,
    StackScope_Cluster,
    Value_Flag,
    Value_Json,
    Value_Number,
    Value_Text,
    Warning,
)

from exceptions import as_internal_errors
from labels import AVAILABILITY_ZONE, LABELS, MOTD, SSH_CIDR, SUBNET_CIDR, read

FOLDER = Path(__file__).parent / "templates"
TEMPLATE = (FOLDER / "cluster.yaml").read_text()
# Everything that a template names; Heat fetches nothing.
FILES = [(name, (FOLDER / name).read_text()) for name in ("network.yaml", "node.yaml", "user-data.yaml")]


@as_internal_errors
class Driver(exports.Driver):
    def describe(self) -> Description:
        return Description(
            name="python-example",
            version="0.1.0",
            summary="Plain servers in a network of their own.",
            # The middle one is the property os_distro of the images that this driver is for.
            cluster_types=[ClusterType("vm", "python-example", "kubernetes")],
            labels=[label.spec() for label in LABELS],
            features=Features(0),
            capabilities=[],
            extras=[],
        )

    def validate_template(self, template: ClusterTemplate) -> list[Warning]:
        if template.master_lb_enabled:
            raise invalid("master_lb_enabled", "this driver makes no load balancer: set master_lb_enabled to false")
        read(LABELS, template.labels)
        return []

    def validate_cluster(self, cluster: Cluster) -> list[Warning]:
        if cluster.master_lb_enabled:
            raise invalid("master_lb_enabled", "this driver makes no load balancer: set master_lb_enabled to false")
        read(LABELS, cluster.labels)
        needs_external = cluster.floating_ip_enabled or cluster.fixed_network is None
        if needs_external and cluster.template.external_network is None:
            raise invalid("external_network_id", "name an external network, or a fixed_network and floating_ip_enabled=false")
        return []

    def define_stack(self, cluster: Cluster, scope: StackScope) -> StackDefinition:
        if not isinstance(scope, StackScope_Cluster):
            raise Err(Error_Unsupported("this driver makes no node groups beyond the two default ones"))
        self.validate_cluster(cluster)
        labels = read(LABELS, cluster.labels)
        masters, workers = default_group(cluster, Role.MASTER), default_group(cluster, Role.WORKER)
        external, fixed, subnet = networks(cluster)
        return StackDefinition(
            template=TEMPLATE,
            files=FILES,
            environment="",
            parameters=[
                ("cluster_name", Value_Text(cluster.stack_name)),
                ("keypair", Value_Text(cluster.keypair or "")),
                ("external_network", Value_Text(external)),
                ("fixed_network", Value_Text(fixed)),
                ("fixed_subnet", Value_Text(subnet)),
                ("subnet_cidr", Value_Text(labels[SUBNET_CIDR])),
                ("dns_nameserver", Value_Json(json.dumps(cluster.template.dns_nameservers))),
                ("ssh_cidr", Value_Text(labels[SSH_CIDR])),
                ("floating_ip", Value_Flag(cluster.floating_ip_enabled)),
                ("master_count", Value_Number(masters.node_count)),
                ("master_image", Value_Text(masters.image)),
                ("master_flavor", Value_Text(masters.flavor)),
                ("worker_count", Value_Number(workers.node_count)),
                ("worker_image", Value_Text(workers.image)),
                ("worker_flavor", Value_Text(workers.flavor)),
                ("workers_to_remove", Value_Json(json.dumps(workers.nodes_to_remove))),
                ("motd", Value_Text(labels[MOTD])),
                ("availability_zone", Value_Text(labels[AVAILABILITY_ZONE])),
            ],
        )

    def plan_upgrade(self, cluster: Cluster, target: ClusterTemplate, group: str | None, batch: int) -> UpgradePlan:
        raise Err(Error_Unsupported("this driver does not upgrade clusters"))

    def pick_removals(self, cluster: Cluster, group: str, count: int) -> list[str]:
        return []  # Heat takes those with the highest index.

    def read_stack(self, cluster: Cluster, scope: StackScope, outputs: list[Output]) -> Observation:
        found = {output.name: json.loads(output.value) for output in outputs}

        def observed(role: Role, name: str) -> GroupObservation:
            # Outputs of a stack that failed may be missing, null, or have holes.
            listed = found.get(name)
            addresses = [text for text in map(as_text, listed) if text] if isinstance(listed, list) else []
            return GroupObservation(group=default_group(cluster, role).uuid, node_addresses=addresses, extras=[])

        api = as_text(found.get("api_address"))
        return Observation(
            api_address=f"https://{api}:6443" if api else None,
            coe_version=None,
            container_version=None,
            groups=[observed(Role.MASTER, "master_addresses"), observed(Role.WORKER, "worker_addresses")],
            extras=[],
        )

    def before_delete(self, cluster: Cluster) -> Progress:
        return Progress_Done()

    def check_health(self, cluster: Cluster) -> Health:
        raise Err(Error_Unsupported("this driver does not check health"))


def invalid(field: str, message: str) -> Err:
    """The user has to change this field."""
    return Err(Error_Invalid([FieldError(field=field, message=message)]))


def as_text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def default_group(cluster: Cluster, role: Role) -> NodeGroup:
    found = next((group for group in cluster.groups if group.is_default and group.role == role), None)
    if found is None:
        raise Err(Error_NotFound(f"the cluster has no default group of role {role.name.lower()}"))
    return found


def networks(cluster: Cluster) -> tuple[str, str, str]:
    """Ids of the external network, the fixed network and its subnet; empty for those that there are none of."""
    external = cluster.template.external_network
    external_id = lookup.get_external_network(external).id if external else ""
    if not cluster.fixed_network:
        return external_id, "", ""
    fixed = lookup.get_network(cluster.fixed_network)
    if cluster.fixed_subnet:
        return external_id, fixed.id, lookup.get_subnet(cluster.fixed_subnet).id
    if not fixed.subnets:
        raise invalid("fixed_network", f"network {fixed.name} has no subnet")
    return external_id, fixed.id, fixed.subnets[0]
