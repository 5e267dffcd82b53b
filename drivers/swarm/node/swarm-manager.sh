#!/usr/bin/env bash
# This master's Swarm manager. One of them leads; the others hand requests on to it.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=store.sh
. "${libexec}/store.sh"
# shellcheck source=../../common/node/units.sh
. "${libexec}/units.sh"

args=(manage "--host=tcp://0.0.0.0:${SWARM_PORT}" --replication "--advertise=${NODE_IP}:${SWARM_PORT}" "--strategy=${SWARM_STRATEGY}")
while IFS= read -r option; do
    args+=("--discovery-opt=${option}")
done < <(store_options)
if [[ ${DOCKER_TLS} == true ]]; then
    args+=(--tlsverify --tlscacert=/etc/docker/ca.crt --tlscert=/etc/docker/server.crt --tlskey=/etc/docker/server.key)
fi
args+=("$(store_url swarm)")

changed=no
install_file /etc/jeroboam/swarm-manager.env <<MANAGER && changed=yes
IMAGE=$(image docker.io/library swarm "${SWARM_TAG}")
ARGS=${args[*]}
MANAGER
# It reads them at its start only.
fresh=$(cat /etc/docker/{ca.crt,server.crt} "${etcd_certs}"/{ca.crt,node.crt} 2>/dev/null | sha256sum || true)
install_file /var/lib/jeroboam/swarm-manager.started <<<"${fresh}" && changed=yes
run_unit swarm-manager.service "${changed}"
