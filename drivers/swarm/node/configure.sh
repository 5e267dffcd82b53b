#!/usr/bin/env bash
# Brings this node to what /etc/sysconfig/heat-params says. Every step may run again at any time.
set -euo pipefail
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

steps=(system docker-install docker-storage certificates)
if is_master; then
    steps+=(docker etcd swarm-manager)
else
    steps+=(container-network swarm-agent rexray registry)
fi
run_steps "${steps[@]}" ready
