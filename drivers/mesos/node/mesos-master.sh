#!/usr/bin/env bash
# Configures and starts this node's Mesos master. More than half of the masters have to agree.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=ensemble.sh
. /opt/jeroboam/libexec/ensemble.sh
# shellcheck source=../../common/node/units.sh
. /opt/jeroboam/libexec/units.sh

changed=no
flags /etc/mesos "zk=$(zk mesos)" && changed=yes
flags /etc/mesos-master \
    "cluster=${MESOS_CLUSTER_NAME}" \
    "hostname=${NODE_IP}" \
    "ip=${NODE_IP}" \
    "quorum=$((${#masters[@]} / 2 + 1))" \
    work_dir=/var/lib/mesos && changed=yes
run_unit mesos-master.service "${changed}"
