#!/usr/bin/env bash
# This master's etcd. Heat tells each master the addresses of all, so that the first start needs no discovery. A master
# that was replaced comes back under its old address, with an empty disk: it then changes places with what it was.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

readonly data=/var/lib/etcd
export ETCD_IMAGE ETCD_NAME ETCD_INITIAL_CLUSTER ETCD_INITIAL_CLUSTER_STATE ETCD_PKI_DIGEST
ETCD_IMAGE=$(image registry.k8s.io etcd "${ETCD_TAG}")

# Names come from addresses: those are all that masters know of each other.
member_name() { echo "etcd-${1//./-}"; }

# As Neutron lists the addresses of each master's port.
mapfile -t members < <(jq -r '.[][0].ip_address' <<<"${ETCD_MEMBERS}")
others=()
for address in "${members[@]}"; do
    ETCD_INITIAL_CLUSTER+="${ETCD_INITIAL_CLUSTER:+,}$(member_name "${address}")=https://${address}:2380"
    [[ ${address} == "${KUBE_NODE_IP}" ]] || others+=("https://${address}:2379")
done
ETCD_NAME=$(member_name "${KUBE_NODE_IP}")

etcdctl() {
    ctr --namespace k8s.io run --rm --net-host \
        --mount "type=bind,src=${pki}/etcd,dst=/pki,options=rbind:ro" \
        "${ETCD_IMAGE}" "etcdctl-$$-${RANDOM}" \
        etcdctl --cacert /pki/ca-bundle.crt --cert /pki/server.crt --key /pki/server.key \
        --endpoints "$(IFS=,; echo "${others[*]}")" --command-timeout 5s "$@"
}

# Prints a line for each member that the cluster knows of: id, status, name, peer address, client address, learner.
all_lines() { etcdctl member list --write-out simple; }

# Prints our address' one.
our_line() {
    all_lines | awk -F ', ' -v url="https://${KUBE_NODE_IP}:2380" '$4 == url'
}

# A member has a client address only once it has run.
has_run() { [[ -n $(cut -d, -f5 <<<"$1" | tr -d ' ') ]]; }

# Makes the cluster expect a new member at our address, in place of one that once ran there. To be called again until it succeeds: an election, as
# after the loss of the leader, leaves a request without an answer, carried out or not, and while another new member has not started, etcd takes no
# further one.
take_place() {
    local line
    line=$(our_line) || return 1
    if [[ -n ${line} ]] && has_run "${line}"; then
        log "taking the place of member ${line%%,*}"
        etcdctl member remove "${line%%,*}" >/dev/null || return 1
        line=
    fi
    [[ -n ${line} ]] || etcdctl member add "${ETCD_NAME}" --peer-urls "https://${KUBE_NODE_IP}:2380" >/dev/null
}

# Joins the cluster of the other masters. Fails if there is none, as at the first start of all: then no quorum answers. The attempts bridge a short
# absence of one that does exist; from there on, only joining it is right.
join() {
    local id answer
    ((${#others[@]})) || return 1
    retry 10 10 ctr --namespace k8s.io images pull "${ETCD_IMAGE}" >/dev/null || die "cannot pull ${ETCD_IMAGE}"
    retry 3 5 all_lines >/dev/null || return 1
    retry 60 10 take_place || die "cannot join the etcd cluster"
    # Just the members that the cluster knows of: others may still be on their way.
    answer=$(retry 60 10 all_lines) || die "the etcd cluster does not list its members"
    ETCD_INITIAL_CLUSTER=
    while IFS=, read -r _ _ _ peer _; do
        peer=${peer// /}
        id=${peer#https://}
        ETCD_INITIAL_CLUSTER+="${ETCD_INITIAL_CLUSTER:+,}$(member_name "${id%:*}")=${peer}"
    done <<<"${answer}"
}

# Kept in a file: they count only at the first start, and the manifest must not change with them afterwards.
readonly state_file=/var/lib/jeroboam/etcd.state
if [[ ! -s ${state_file} ]]; then
    ETCD_INITIAL_CLUSTER_STATE=existing
    [[ -d ${data}/member ]] || join || ETCD_INITIAL_CLUSTER_STATE=new
    install_file "${state_file}" <<<"${ETCD_INITIAL_CLUSTER_STATE} ${ETCD_INITIAL_CLUSTER}" || true
fi
read -r ETCD_INITIAL_CLUSTER_STATE ETCD_INITIAL_CLUSTER <"${state_file}"
# etcd reads the authority at its start only.
ETCD_PKI_DIGEST=$(cat "${pki}"/etcd/*.crt | sha256sum | cut -c1-16)

mkdir -p "${data}"
chmod 0700 "${data}"
install_rendered "${assets}/static/etcd.yaml" "${kube_dir}/manifests/etcd.yaml" || true
