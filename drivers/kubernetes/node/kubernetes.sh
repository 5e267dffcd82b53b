# shellcheck shell=bash disable=SC2034
# What every step of a Kubernetes node shares. Sourced.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

readonly kube_dir=/etc/kubernetes
readonly pki=${kube_dir}/pki
export KUBECONFIG=${kube_dir}/admin.conf

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
