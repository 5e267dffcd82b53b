#!/usr/bin/env bash
# Brings this node to what /etc/sysconfig/heat-params says. Every step may run again at any time.
set -euo pipefail
# shellcheck source=lib.sh
. /usr/local/libexec/jeroboam/lib.sh

steps=(system volumes binaries containerd certificates kubeconfigs kubelet)
if is_master; then
    steps+=(etcd control-plane addons)
fi
steps+=(ready)

mkdir -p /run/jeroboam /var/log/jeroboam
for step in "${steps[@]}"; do
    echo "${step}" >/run/jeroboam/step
    log "step ${step}"
    bash "${libexec}/${step}.sh" >"/var/log/jeroboam/${step}.log" 2>&1
done
echo complete >/run/jeroboam/step
