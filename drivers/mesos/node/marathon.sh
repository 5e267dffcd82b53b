#!/usr/bin/env bash
# Configures and starts this node's Marathon. All masters run one; they elect a leader, and the others hand requests on to it.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=ensemble.sh
. /opt/jeroboam/libexec/ensemble.sh
# shellcheck source=../../common/node/units.sh
. /opt/jeroboam/libexec/units.sh

changed=no
# Marathon from 1.5 on reads its environment, earlier ones read a file for each flag.
install_file /etc/default/marathon 0644 <<MARATHON && changed=yes
MARATHON_MASTER="$(zk mesos)"
MARATHON_ZK="$(zk marathon)"
MARATHON_HOSTNAME="${NODE_IP}"
MARATHON_HTTP_PORT="${MARATHON_PORT}"
MARATHON
# Marathon runs as a user of its own.
install --directory --mode 0755 /etc/marathon /etc/marathon/conf
flags /etc/marathon/conf \
    "hostname=${NODE_IP}" \
    "http_port=${MARATHON_PORT}" \
    "master=$(zk mesos)" \
    "zk=$(zk marathon)" && changed=yes
run_unit marathon.service "${changed}"
