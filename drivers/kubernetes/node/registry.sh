#!/usr/bin/env bash
# The cluster's own registry, if it is to have one: on every worker at localhost:5000, all of them on one container of the owner's object store.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

if is_master || ! enabled "${REGISTRY_ENABLED}"; then
    exit 0
fi

export REGISTRY_IMAGE LOGIN_DIGEST
LOGIN_DIGEST=$(login_digest)
REGISTRY_IMAGE=$(image docker.io/library registry "${REGISTRY_TAG}")
install_rendered "${assets}/registry-config.yaml" /etc/kubernetes/registry/config.yml || true
install_rendered "${assets}/registry-pod.yaml" "${kube_dir}/manifests/registry.yaml" || true
