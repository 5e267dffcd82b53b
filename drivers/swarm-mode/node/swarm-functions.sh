# shellcheck shell=bash
# The swarm as this node and its masters see it. Sourced.

# The label of a swarm node that is drained because its server is to go.
# shellcheck disable=SC2034
readonly leaving_mark=org.openstack.magnum.leaving

# Private addresses of all masters but this node, the primary first.
other_masters() {
    {
        echo "${PRIMARY_ADDRESS}"
        # Heat's list of ports, or plain addresses.
        jq -r '.[] | if type == "string" then . else .[0].ip_address end' <<<"${SECONDARY_ADDRESSES}"
    } | grep -vxF "${NODE_IP}" || true
}

# master_api ADDRESS METHOD PATH [CURL OPTION...]: Docker's API of a master, under this node's certificate. Prints the body.
master_api() {
    local address=$1 method=$2 path=$3 url=http opts=()
    shift 3
    if [[ ${DOCKER_TLS} == true ]]; then
        url=https
        opts=(--cacert /etc/docker/ca.crt --cert /etc/docker/server.crt --key /etc/docker/server.key)
    fi
    curl --silent --show-error --fail --noproxy '*' --connect-timeout 5 --max-time 30 "${opts[@]}" --request "${method}" \
        --header 'Content-Type: application/json' "$@" "${url}://${address}:${SWARM_PORT}${path}"
}

master_answers() { master_api "$1" GET /_ping >/dev/null 2>&1; }

# A field of the swarm section of this node's `docker info`.
swarm_info() { docker_api GET /info | jq -r --arg field "$1" '.Swarm[$field] // ""'; }

swarm_is() { [[ $(swarm_info LocalNodeState) == "$1" ]]; }
