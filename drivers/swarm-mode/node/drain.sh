#!/usr/bin/env bash
# Drains the workers that are to leave, and waits until their tasks have gone.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=../../common/node/docker-api.sh
. "${libexec}/docker-api.sh"
# shellcheck source=swarm-functions.sh
. "${libexec}/swarm-functions.sh"

readonly leaving=/run/jeroboam/leaving.json

# Those of the list that are there: an index in the group, a private address, or the id of a server, which the node's engine has as a label.
wanted() {
    docker_api GET /nodes | jq -c --slurpfile leaving "${leaving}" '$leaving[0] as $wanted | .[]
        | select(.Spec.Role == "worker" and .Status.State == "ready" and .Spec.Availability == "active")
        | select([.Description.Hostname, .Status.Addr, (.Description.Engine.Labels["org.openstack.server"] // "-")] as $known
            | any($wanted.nodes[] | tostring; . as $one | ($known | index([$one])) or $known[0] == $wanted.names + $one))
        | {id: .ID, version: .Version.Index, spec: .Spec}'
}

# Whether containers still run that the swarm runs elsewhere now: a task is told to stop before it does.
is_busy() {
    local filter
    filter=$(jq -rn --arg node "$1" '{node: [$node]} | tojson | @uri')
    docker_api GET "/tasks?filters=${filter}" | jq -e 'any(.[]; (.Slot // 0) > 0 and .Status.State == "running")' >/dev/null
}

is_empty() { ! is_busy "$1"; }

drained=()
while IFS= read -r node; do
    id=$(jq -r .id <<<"${node}")
    log "draining ${id}"
    # The mark tells members.sh whose drain this is, should the node stay after all.
    jq --arg mark "${leaving_mark}" '.spec | .Availability = "drain" | .Labels[$mark] = "true"' <<<"${node}" |
        docker_api POST "/nodes/${id}/update?version=$(jq -r .version <<<"${node}")" --data @- >/dev/null
    drained+=("${id}")
done < <(wanted)

for id in "${drained[@]}"; do
    retry 24 5 is_empty "${id}" || log "tasks of ${id} have not gone"
done
