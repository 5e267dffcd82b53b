#!/usr/bin/env bash
# This master's member of ZooKeeper's ensemble. Members are numbered in the order of their addresses.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=ensemble.sh
. /opt/jeroboam/libexec/ensemble.sh
# shellcheck source=../../common/node/units.sh
. /opt/jeroboam/libexec/units.sh

readonly data=/var/lib/zookeeper
servers="" id=""
for position in "${!masters[@]}"; do
    number=$((position + 1))
    servers+="server.${number}=${masters[position]}:2888:3888"$'\n'
    [[ ${masters[position]} == "${NODE_IP}" ]] && id=${number}
done
[[ -n ${id} ]] || die "${NODE_IP} is not among the masters ${masters[*]}"

changed=no
install_file /etc/zookeeper/conf/zoo.cfg 0644 <<ZOO && changed=yes
tickTime=2000
initLimit=30
syncLimit=5
dataDir=${data}
clientPort=2181
autopurge.snapRetainCount=5
autopurge.purgeInterval=24
${servers}
ZOO
# Debian's package has a link here, to a file beside the configuration.
mkdir -p "${data}"
install_file "$(readlink -f "${data}/myid")" 0644 <<<"${id}" && changed=yes
run_unit zookeeper.service "${changed}"
