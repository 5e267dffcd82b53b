#!/usr/bin/env bash
# Waits until the node is one that takes work, and gives masters their role.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

# Workers have no admin's kubeconfig: a kubelet may read its own node.
is_master || export KUBECONFIG=${kube_dir}/kubelet.conf

node_is_ready() {
    [[ $(kubectl get node "${INSTANCE_NAME}" \
        --output jsonpath='{.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null) == True ]]
}

registered() { kubectl get node "${INSTANCE_NAME}" >/dev/null 2>&1; }

# A master that takes the place of another has its name and address, and finds its entry, whose identity cannot be changed.
readonly mark=/var/lib/jeroboam/registered
entry_is_older() {
    local made
    made=$(kubectl get node "${INSTANCE_NAME}" --output jsonpath='{.metadata.creationTimestamp}') &&
        (($(date --date "${made}" +%s) < $(date --date "$(uptime --since)" +%s)))
}

retry 180 5 registered || die "the kubelet has not registered ${INSTANCE_NAME}"
if is_master && [[ ! -e ${mark} ]] && entry_is_older; then
    kubectl delete node "${INSTANCE_NAME}"
    systemctl restart kubelet.service
    retry 60 5 registered || die "the kubelet has not registered ${INSTANCE_NAME} anew"
fi
install_file "${mark}" </dev/null || true
if is_master; then
    kubectl label --overwrite node "${INSTANCE_NAME}" node-role.kubernetes.io/control-plane= \
        node.kubernetes.io/exclude-from-external-load-balancers=
fi
retry 180 5 node_is_ready || {
    kubectl get node "${INSTANCE_NAME}" --output jsonpath='{range .status.conditions[*]}{.type}: {.message}{"\n"}{end}' >&2 || true
    die "${INSTANCE_NAME} does not become ready"
}
