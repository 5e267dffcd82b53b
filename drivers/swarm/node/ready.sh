#!/usr/bin/env bash
# Waits until the node does its part: a master answers for the cluster under its certificate, a node is in the list of members.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=store.sh
. "${libexec}/store.sh"

answers() {
    local certs=()
    [[ ${DOCKER_TLS} != true ]] || certs=(--cacert /etc/docker/ca.crt --cert /etc/docker/server.crt --key /etc/docker/server.key)
    curl --silent --fail --noproxy '*' --max-time 10 --output /dev/null "${certs[@]}" "${scheme}://${NODE_IP}:${SWARM_PORT}/info"
}

is_member() { etcd_key GET "swarm?recursive=true" | jq --exit-status --arg address "${NODE_IP}:${DOCKER_API_PORT}" \
    '[.. | .value? // empty] | any(. == $address)' >/dev/null; }

if is_master; then
    unit=swarm-manager ready=answers what="does not answer for the cluster"
else
    unit=swarm-agent ready=is_member what="is not in the list of members"
fi
retry 120 5 "${ready}" || {
    journalctl --unit "${unit}.service" --lines 15 --no-pager >&2 || true
    die "${INSTANCE_NAME} ${what}"
}
