# shellcheck shell=bash disable=SC2034
# etcd on the masters, as every node reaches it. Sourced after lib.sh.

readonly etcd_certs=/etc/etcd/certs

# As Neutron lists the addresses of each master's port.
# shellcheck disable=SC2153
mapfile -t masters < <(jq -r '.[][0].ip_address' <<<"${MASTERS}")
((${#masters[@]})) || die "Heat names no masters"

scheme=http
curl_certs=()
if [[ ${DOCKER_TLS} == true ]]; then
    scheme=https
    curl_certs=(--cacert "${etcd_certs}/ca.crt" --cert "${etcd_certs}/node.crt" --key "${etcd_certs}/node.key")
fi

# store_url PATH: etcd as Docker's and Swarm's own client for it wants it.
store_url() {
    local address hosts=
    for address in "${masters[@]}"; do
        hosts+="${hosts:+,}${address}:2379"
    done
    echo "etcd://${hosts}/$1"
}

# endpoints: etcd as flannel wants it.
endpoints() {
    local address urls=
    for address in "${masters[@]}"; do
        urls+="${urls:+,}${scheme}://${address}:2379"
    done
    echo "${urls}"
}

# etcd_key METHOD KEY [CURL OPTION...]: the API of version 2, at the first master that answers.
etcd_key() {
    local method=$1 key=$2 address
    shift 2
    for address in "${masters[@]}"; do
        curl --silent --fail --location --noproxy '*' --connect-timeout 5 --max-time 20 "${curl_certs[@]}" \
            --request "${method}" "$@" "${scheme}://${address}:2379/v2/keys/${key}" && return
    done
    return 1
}

# What Docker and Swarm are told about etcd's certificates.
store_options() {
    [[ ${scheme} == https ]] || return 0
    printf '%s\n' "kv.cacertfile=${etcd_certs}/ca.crt" "kv.certfile=${etcd_certs}/node.crt" "kv.keyfile=${etcd_certs}/node.key"
}
