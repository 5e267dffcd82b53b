# shellcheck shell=bash disable=SC2034
# What every step of a Kubernetes node shares. Sourced.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

readonly kube_dir=/etc/kubernetes
readonly pki=${kube_dir}/pki
export KUBECONFIG=${kube_dir}/admin.conf

# Prints what changes with the cluster's login at OpenStack. Pods that read the login only at their start are annotated with it, and so start again. It tells
# nothing of the password, which is random.
login_digest() { sha256sum <<<"${TRUST_ID} ${TRUSTEE_USER_ID} ${TRUSTEE_PASSWORD}" | cut -c1-16; }

# Prints the minor version of this node's Kubernetes.
kube_minor() {
    local rest=${KUBE_TAG#v1.}
    echo "${rest%%.*}"
}

# yaml_args TEXT INDENT: each word of the text as a line of a YAML list.
yaml_args() {
    local word
    for word in $1; do
        printf '%*s- %s\n' "$2" '' "$(jq -n --arg word "${word}" '$word')"
    done
}
