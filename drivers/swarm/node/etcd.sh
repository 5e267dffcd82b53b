#!/usr/bin/env bash
# This master's etcd: where Swarm, Docker's overlay networks and flannel keep what they know. Its members find each other by the discovery
# service at their first start.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=store.sh
. "${libexec}/store.sh"
# shellcheck source=../../common/node/units.sh
. "${libexec}/units.sh"

# Names come from addresses: those are all that masters know of each other.
member_name() { echo "etcd-${1//./-}"; }

bundle=/etc/pki/tls/certs/ca-bundle.crt

# How the members of a new etcd find each other. etcd cannot be told not to check the certificate of the discovery service.
bootstrap() {
    local address members=
    if [[ -n ${DISCOVERY_URL} && (${VERIFY_CA} == true || ${DISCOVERY_URL} == http:*) ]]; then
        echo "ETCD_DISCOVERY=${DISCOVERY_URL}"
        # Our own service is where Magnum is, and no proxy is on that way.
        [[ -z ${HTTP_PROXY} || ${DISCOVERY_URL} == "${MAGNUM_URL%/v1}"/* ]] || echo "ETCD_DISCOVERY_PROXY=${HTTP_PROXY}"
        return
    fi
    for address in "${masters[@]}"; do
        members+="${members:+,}$(member_name "${address}")=${scheme}://${address}:2380"
    done
    echo "ETCD_INITIAL_CLUSTER=${members}"
    echo "ETCD_INITIAL_CLUSTER_TOKEN=${CLUSTER_UUID}"
}

environment() {
    cat <<ENVIRONMENT
IMAGE=$(image quay.io/coreos etcd "${ETCD_TAG}")
SSL_CERT_FILE=${bundle}
ETCD_NAME=$(member_name "${NODE_IP}")
ETCD_DATA_DIR=/var/lib/etcd/data
ETCD_ENABLE_V2=true
ETCD_LISTEN_PEER_URLS=${scheme}://${NODE_IP}:2380
ETCD_INITIAL_ADVERTISE_PEER_URLS=${scheme}://${NODE_IP}:2380
ETCD_LISTEN_CLIENT_URLS=${scheme}://${NODE_IP}:2379
ETCD_ADVERTISE_CLIENT_URLS=${scheme}://${NODE_IP}:2379
ENVIRONMENT
    if [[ ${scheme} == https ]]; then
        cat <<ENVIRONMENT
ETCD_TRUSTED_CA_FILE=${etcd_certs}/ca.crt
ETCD_CERT_FILE=${etcd_certs}/node.crt
ETCD_KEY_FILE=${etcd_certs}/node.key
ETCD_CLIENT_CERT_AUTH=true
ETCD_PEER_TRUSTED_CA_FILE=${etcd_certs}/ca.crt
ETCD_PEER_CERT_FILE=${etcd_certs}/node.crt
ETCD_PEER_KEY_FILE=${etcd_certs}/node.key
ETCD_PEER_CLIENT_CERT_AUTH=true
ENVIRONMENT
    fi
    bootstrap
}

changed=no
wanted=$(environment)
install_file /etc/jeroboam/etcd.env <<<"${wanted}" && changed=yes
mkdir -p /var/lib/etcd "${etcd_certs}"
chmod 0700 /var/lib/etcd
run_unit etcd.service "${changed}"

has_quorum() { etcd_key GET "" --output /dev/null; }
retry 180 5 has_quorum || {
    journalctl --unit etcd.service --lines 15 --no-pager >&2 || true
    die "etcd has no quorum: do all masters run, and does ${DISCOVERY_URL:-the network between them} answer?"
}

# Every master writes it: the same twice changes nothing.
if [[ ${NETWORK_DRIVER} == flannel ]]; then
    network=$(jq -n '{Network: env.FLANNEL_NETWORK_CIDR, SubnetLen: (env.FLANNEL_NETWORK_SUBNETLEN | tonumber), Backend: {Type: env.FLANNEL_BACKEND}}')
    retry 10 5 etcd_key PUT coreos.com/network/config --output /dev/null --data-urlencode "value=${network}" ||
        die "etcd does not take flannel's configuration"
fi
