#!/usr/bin/env bash
# A kubeconfig for each component of this node. Masters ask their own API server, workers the cluster's address.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

if is_master; then
    export API_HOST=127.0.0.1
else
    export API_HOST=${KUBE_API_PRIVATE_ADDRESS}
fi

kubeconfig() {
    export COMPONENT=$1
    install_rendered "${assets}/kubeconfig.yaml" "${kube_dir}/$1.conf" || true
}

kubeconfig kubelet
if is_master; then
    kubeconfig admin
    kubeconfig controller-manager
    kubeconfig scheduler
fi
