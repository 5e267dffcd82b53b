#!/usr/bin/env bash
# Starts Docker with what it has to know of the network between nodes: its own overlay networks, whose state is in etcd, or a bridge in flannel's.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=store.sh
. "${libexec}/store.sh"
# shellcheck source=../../common/node/units.sh
. "${libexec}/units.sh"

readonly options=/etc/jeroboam/docker-options.json
# Kept over restarts, so that the node asks for the subnet that it had.
readonly subnet=/var/lib/flannel/subnet.env

overlay() {
    jq -n --arg store "$(store_url docker)" --arg address "${NODE_IP}:2375" --arg options "$(store_options)" '
        {"cluster-store": $store, "cluster-advertise": $address}
        + if $options == "" then {} else
            {"cluster-store-opts": ($options | split("\n") | map(split("=") | {(.[0]): .[1]}) | add)} end'
}

flannel() {
    local changed=no environment
    environment=$(
        echo "IMAGE=$(image quay.io/coreos flannel "${FLANNEL_TAG}")"
        echo "FLANNELD_ETCD_ENDPOINTS=$(endpoints)"
        echo "FLANNELD_ETCD_PREFIX=/coreos.com/network"
        echo "FLANNELD_IFACE=${NODE_IP}"
        echo "FLANNELD_IP_MASQ=true"
        if [[ ${scheme} == https ]]; then
            echo "FLANNELD_ETCD_CAFILE=${etcd_certs}/ca.crt"
            echo "FLANNELD_ETCD_CERTFILE=${etcd_certs}/node.crt"
            echo "FLANNELD_ETCD_KEYFILE=${etcd_certs}/node.key"
        fi
    )
    install_file /etc/jeroboam/flannel.env <<<"${environment}" && changed=yes
    mkdir -p "${subnet%/*}" "${etcd_certs}"
    run_unit flannel.service "${changed}"
    retry 180 5 test -s "${subnet}" || {
        journalctl --unit flannel.service --lines 15 --no-pager >&2 || true
        die "flannel gives this node no subnet"
    }
    # shellcheck source=/dev/null
    . "${subnet}"
    # Not masqueraded by Docker: flannel does that, for what leaves its network only.
    jq -n --arg bip "${FLANNEL_SUBNET}" --argjson mtu "${FLANNEL_MTU}" '{bip: $bip, mtu: $mtu, "ip-masq": false}' |
        install_file "${options}" 0644 || true
}

case ${NETWORK_DRIVER} in
    docker)
        wanted=$(overlay)
        install_file "${options}" 0644 <<<"${wanted}" || true
        bash "${libexec}/docker.sh"
        ;;
    flannel)
        # flannel runs in a container, so Docker starts once without its subnet. Later starts keep what it was given.
        bash "${libexec}/docker.sh"
        flannel
        bash "${libexec}/docker.sh"
        ;;
esac
