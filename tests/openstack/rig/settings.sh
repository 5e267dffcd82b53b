# shellcheck shell=bash disable=SC2034
# Where the rig lives, where it listens, and its dummy credentials. Sourced by every script.
set -euo pipefail

RIG=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export RIG
export RIG_STATE=${RIG_STATE:-$(realpath -m "${RIG}/../../../target/openstack")}
readonly VENV=${RIG_STATE}/venv TEMPEST=${RIG_STATE}/tempest RUN=${RIG_STATE}/run LOG=${RIG_STATE}/log ETC=${RIG_STATE}/etc DATA=${RIG_STATE}/data

# Loopback only. Every port can be moved by its variable, before the first start.
export IP=127.0.0.1
export P_MYSQL=${P_MYSQL:-13306} P_AMQP=${P_AMQP:-5672} P_AMQP_DIST=${P_AMQP_DIST:-25672} P_MEMCACHE=${P_MEMCACHE:-11211}
export P_KEYSTONE=${P_KEYSTONE:-5000} P_GLANCE=${P_GLANCE:-9292} P_PLACEMENT=${P_PLACEMENT:-8778} P_NOVA=${P_NOVA:-8774}
export P_NEUTRON=${P_NEUTRON:-9696} P_CINDER=${P_CINDER:-8776} P_HEAT=${P_HEAT:-8004} P_HEATCFN=${P_HEATCFN:-8000}
export P_BARBICAN=${P_BARBICAN:-9311} P_OCTAVIA=${P_OCTAVIA:-9876} P_MAGNUM=${P_MAGNUM:-9511} P_MAGNUM_BARBICAN=${P_MAGNUM_BARBICAN:-9521}

# Floating addresses are of a documentation range that is made local, so that a helper can answer there. Nobody is at the
# servers' own addresses: what is sent there is refused at once and does not leave the machine. No more than that: the resolver of the
# machine itself is often elsewhere in 10.0.0.0/8.
export FLOATING=198.51.100.0/24 SERVERS=10.0.0.0/16

export PASSWORD=${RIG_PASSWORD:-rigpass} REGION=RegionOne
export AUTH_URL=http://${IP}:${P_KEYSTONE}/v3
readonly MYSQL_SOCKET=${RUN}/mysqld.sock

export PATH=${VENV}/bin:${PATH} PYTHONWARNINGS=ignore
# oslo.config looks in ~/.<project> before it looks in /etc/<project>.
export HOME=${ETC}

say() { printf '[openstack %(%H:%M:%S)T] %s\n' -1 "$*" >&2; }
die() {
    say "ERROR: $*"
    exit 1
}
