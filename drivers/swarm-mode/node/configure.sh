#!/usr/bin/env bash
# Brings this node to what /etc/sysconfig/heat-params says. Every step may run again at any time.
set -euo pipefail
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

run_steps system docker-install docker-storage certificates docker swarm rexray ready
