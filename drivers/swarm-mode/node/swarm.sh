#!/usr/bin/env bash
# Brings this node into the swarm. The primary master starts it; the others ask a master for the join token over TLS, with the
# certificate that Magnum has signed. A token is never written down: it goes from one API to the other.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=../../common/node/docker-api.sh
. "${libexec}/docker-api.sh"
# shellcheck source=swarm-functions.sh
. "${libexec}/swarm-functions.sh"

is_primary() { is_master && enabled "${SWARM_PRIMARY}"; }

# Nodes in the list that this one takes the place of: a server that was replaced comes back under its name and address.
predecessors() {
    jq -c --arg name "${INSTANCE_NAME}" --arg address "${NODE_IP}" '.[]
        | select(.Description.Hostname == $name or .Status.Addr == $address
            or ((.ManagerStatus.Addr // "") | startswith($address + ":")))
        | {id: .ID, version: .Version.Index, role: .Spec.Role, state: .Status.State, spec: (.Spec | .Role = "worker")}'
}

# A manager that is gone still counts towards the majority, so it leaves before this node joins. forget_predecessors MASTER
forget_predecessors() {
    local master=$1 nodes node id
    nodes=$(master_api "${master}" GET /nodes) || return 1
    while IFS= read -r node; do
        [[ -n ${node} ]] || continue
        id=$(jq -r .id <<<"${node}")
        log "removing ${id}, whose place this node takes"
        if [[ $(jq -r .role <<<"${node}") == manager ]]; then
            jq .spec <<<"${node}" | master_api "${master}" POST "/nodes/${id}/update?version=$(jq -r .version <<<"${node}")" \
                --data @- >/dev/null || return 1
        fi
        master_api "${master}" DELETE "/nodes/${id}?force=true" >/dev/null || return 1
    done < <(predecessors <<<"${nodes}")
}

# join_by MASTER
join_by() {
    local master=$1 kind=Worker token
    is_master && kind=Manager
    token=$(master_api "${master}" GET /swarm 2>/dev/null | jq -er --arg kind "${kind}" '.JoinTokens[$kind]') || return 1
    forget_predecessors "${master}" || return 1
    # The token goes through standard input: other processes can read a command line.
    jq -n --rawfile token <(printf %s "${token}") --arg address "${NODE_IP}" --arg master "${master}:2377" '{
        ListenAddr: "0.0.0.0:2377", AdvertiseAddr: $address, RemoteAddrs: [$master], JoinToken: $token}' |
        docker_api POST /swarm/join --data @- >/dev/null
}

# Also done if an earlier attempt goes on by itself, which Docker lets it do when it takes long.
join_by_any() {
    local master
    swarm_is inactive || return 0
    while IFS= read -r master; do
        join_by "${master}" && log "joined by way of ${master}" && return
    done < <(other_masters)
    return 1
}

any_master_answers() {
    local master
    while IFS= read -r master; do
        master_answers "${master}" && return
    done < <(other_masters)
    return 1
}

# A new swarm, unless there is one: at the cluster's creation the primary is the first master, later it is one of several.
start_swarm() {
    if any_master_answers; then
        retry 30 10 join_by_any ||
            die "other masters answer, but none has a swarm with a majority: mend it there, as with docker swarm init --force-new-cluster"
        return
    fi
    log "no other master answers: starting the swarm"
    # Docker's own choice would be 10.0.0.0/8, which overlaps the usual networks of nodes.
    jq -n --arg address "${NODE_IP}" --arg pool "${SWARM_NETWORK_CIDR}" --argjson size "${SWARM_NETWORK_SUBNETLEN}" '{
        ListenAddr: "0.0.0.0:2377", AdvertiseAddr: $address, DefaultAddrPool: [$pool], SubnetSize: $size}' |
        docker_api POST /swarm/init --data @- >/dev/null
}

# Who had a certificate of the old CA may know the tokens.
rotate_tokens() {
    local swarm
    swarm=$(docker_api GET /swarm)
    jq .Spec <<<"${swarm}" | docker_api POST \
        "/swarm/update?version=$(jq -r .Version.Index <<<"${swarm}")&rotateWorkerToken=true&rotateManagerToken=true" \
        --data @- >/dev/null
}

if ! swarm_is inactive && ! retry 24 5 swarm_is active; then
    die "${INSTANCE_NAME} is $(swarm_info LocalNodeState) in the swarm: $(swarm_info Error)"
fi
if swarm_is inactive; then
    if is_primary; then
        start_swarm
    else
        retry 60 10 join_by_any || die "no master lets ${INSTANCE_NAME} join: is Docker's API up on $(other_masters | paste -sd ' ')?"
    fi
fi
retry 24 5 swarm_is active || die "${INSTANCE_NAME} does not become active in the swarm: $(swarm_info Error)"

if is_primary && ! [[ -e /var/lib/jeroboam/ca-generation && $(</var/lib/jeroboam/ca-generation) == "${CA_GENERATION}" ]]; then
    [[ ${CA_GENERATION} == 0 ]] || rotate_tokens
    install_file /var/lib/jeroboam/ca-generation <<<"${CA_GENERATION}" || true
fi
