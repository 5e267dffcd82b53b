# shellcheck shell=bash disable=SC2034
# What every node knows of the masters. Sourced after lib.sh.

# shellcheck disable=SC2153
# As Neutron lists the addresses of each master's port: their order is the same on all nodes.
mapfile -t masters < <(jq -r '.[][0].ip_address' <<<"${MASTERS}")
((${#masters[@]})) || die "Heat names no masters"

# zk PATH: where ZooKeeper keeps something.
zk() {
    local address servers=
    for address in "${masters[@]}"; do
        servers+="${servers:+,}${address}:2181"
    done
    echo "zk://${servers}/$1"
}

# Writes each NAME=VALUE to a file of its own in a folder, from which Mesos' units make flags. Succeeds if that changed any.
# flags FOLDER NAME=VALUE...
flags() {
    local folder=$1 flag changed=1
    shift
    for flag in "$@"; do
        install_file "${folder}/${flag%%=*}" 0644 <<<"${flag#*=}" && changed=0
    done
    return "${changed}"
}

answers() { curl --silent --fail --noproxy '*' --max-time 5 --output /dev/null "$1"; }
