#!/usr/bin/env bash
# Brings this node to what /etc/sysconfig/heat-params says. Every step may run again at any time.
set -euo pipefail
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

steps=(system kernel volumes binaries containerd-install containerd certificates kubeconfigs kubelet)
if is_master; then
    steps+=(etcd control-plane addons)
fi
steps+=(registry ready rotation)
run_steps "${steps[@]}"
