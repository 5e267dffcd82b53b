#!/usr/bin/env bash
# This node's Swarm agent: it keeps the address of the node's Docker in etcd, where managers look.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=store.sh
. "${libexec}/store.sh"
# shellcheck source=../../common/node/units.sh
. "${libexec}/units.sh"

args=(join "--advertise=${NODE_IP}:${DOCKER_API_PORT}" --heartbeat=20s --ttl=60s)
while IFS= read -r option; do
    args+=("--discovery-opt=${option}")
done < <(store_options)
args+=("$(store_url swarm)")

changed=no
install_file /etc/jeroboam/swarm-agent.env <<AGENT && changed=yes
IMAGE=$(image docker.io/library swarm "${SWARM_TAG}")
ARGS=${args[*]}
AGENT
run_unit swarm-agent.service "${changed}"
