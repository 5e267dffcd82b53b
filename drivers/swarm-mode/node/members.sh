#!/usr/bin/env bash
# Removes from the swarm the nodes whose servers Heat has removed, and waits until those that are left are ready. Never touches a node that is not
# down: of a worker that only restarts, the swarm keeps its place.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=../../common/node/docker-api.sh
. "${libexec}/docker-api.sh"
# shellcheck source=swarm-functions.sh
. "${libexec}/swarm-functions.sh"

readonly members=/run/jeroboam/members.json

# Workers that do not belong to the group's servers any more, or to no group, or whose name another node has taken: id and state.
departed() {
    docker_api GET /nodes | jq -r --slurpfile members "${members}" '$members[0] as $now
        | [.[] | select(.Spec.Role == "worker")
            | {id: .ID, name: .Description.Hostname, address: .Status.Addr, state: .Status.State,
               group: (.Description.Engine.Labels["org.openstack.magnum.nodegroup"] // "")}] as $nodes
        | $nodes[] | . as $node
        | select((.group == $now.group and ([.address] - $now.addresses) != [])
            or (.group != "" and ([.group] - $now.groups) != [])
            or (.state == "down" and any($nodes[]; .name == $node.name and .id != $node.id and .state == "ready")))
        | "\(.id) \(.state)"'
}

all_departed_are_down() { ! departed | grep -qv ' down$'; }

missing() {
    docker_api GET /nodes | jq -r --slurpfile members "${members}" \
        '($members[0].addresses - [.[] | select(.Status.State == "ready") | .Status.Addr])[]'
}

all_are_ready() { [[ -z $(missing) ]]; }

# A heartbeat or two pass before the swarm notices that a server is gone.
retry 18 10 all_departed_are_down || log "some nodes have gone from Heat and are not down: they stay in the swarm"
while read -r id state; do
    [[ ${state} == down ]] || continue
    log "removing node ${id}"
    docker_api DELETE "/nodes/${id}?force=true" >/dev/null
done < <(departed)

# Drained to leave, and still here: the change did not come to its end, or an address is in use again.
stayed() {
    docker_api GET /nodes | jq -c --slurpfile members "${members}" --arg mark "${leaving_mark}" '.[]
        | select(.Spec.Labels[$mark]? and ([.Status.Addr] - $members[0].addresses) == [])
        | {id: .ID, version: .Version.Index, spec: (.Spec | .Availability = "active" | del(.Labels[$mark]))}'
}

while IFS= read -r node; do
    id=$(jq -r .id <<<"${node}")
    log "node ${id} stays and takes tasks again"
    jq .spec <<<"${node}" | docker_api POST "/nodes/${id}/update?version=$(jq -r .version <<<"${node}")" --data @- >/dev/null
done < <(stayed)

retry 30 10 all_are_ready || die "these workers are not ready in the swarm: $(missing | paste -sd ' ')"
