#!/usr/bin/env bash
# Waits until the node takes part: a master has a leader to follow, a slave is known to it.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=ensemble.sh
. /opt/jeroboam/libexec/ensemble.sh

# Marathon answers with 404 as long as there is no leader.
follows_leader() { answers "http://${NODE_IP}:5050/health" && answers "http://${NODE_IP}:${MARATHON_PORT}/v2/leader"; }

is_registered() {
    curl --silent --fail --noproxy '*' --max-time 5 "http://${NODE_IP}:5051/state" |
        jq --exit-status '(.master_hostname // "") != ""' >/dev/null
}

if is_master; then
    units=(zookeeper mesos-master marathon) what="has no leader to follow"
    ready=follows_leader
else
    units=(mesos-slave) what="is not known to a master"
    ready=is_registered
fi
retry 180 5 "${ready}" || {
    for unit in "${units[@]}"; do
        journalctl --unit "${unit}.service" --lines 8 --no-pager >&2 || true
    done
    die "${INSTANCE_NAME} ${what}"
}
