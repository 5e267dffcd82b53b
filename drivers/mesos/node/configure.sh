#!/usr/bin/env bash
# Brings this node to what /etc/sysconfig/heat-params says. Every step may run again at any time.
set -euo pipefail
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

if is_master; then
    run_steps system packages zookeeper mesos-master marathon ready
else
    run_steps system packages docker-install docker-storage docker mesos-slave rexray ready
fi
