#!/usr/bin/env bash
# Configures and starts the kubelet.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

taints=()
is_master && taints+=('{key: node-role.kubernetes.io/control-plane, effect: NoSchedule}')
enabled "${CLOUD_PROVIDER_ENABLED}" &&
    taints+=('{key: node.cloudprovider.kubernetes.io/uninitialized, value: "true", effect: NoSchedule}')
KUBELET_TAINTS=$(IFS=,; echo "[${taints[*]}]")
export KUBELET_TAINTS RESOLV_CONF
RESOLV_CONF=$(resolv_conf)

args=(
    "--hostname-override=${INSTANCE_NAME}"
    "--node-ip=${KUBE_NODE_IP}"
    "--node-labels=magnum.openstack.org/role=${NODEGROUP_ROLE:-master},magnum.openstack.org/nodegroup=${NODEGROUP_NAME:-default-master}"
)
enabled "${CLOUD_PROVIDER_ENABLED}" && args+=(--cloud-provider=external)

changed=no
mkdir -p "${kube_dir}/manifests"
install_rendered "${assets}/kubelet.yaml" "${kube_dir}/kubelet.yaml" && changed=yes
install_file "${kube_dir}/kubelet.env" <<<"KUBELET_ARGS=${args[*]} ${KUBELET_OPTIONS}" && changed=yes

# What was read at its start and may have changed since.
fresh=$(sha256sum "${pki}/kubelet.crt" "${pki}/ca.crt" "${kube_dir}/kubelet.conf" /opt/jeroboam/bin/kubelet)
install_file /var/lib/jeroboam/kubelet.started <<<"${fresh}" && changed=yes

systemctl daemon-reload
systemctl enable kubelet.service
if [[ ${changed} == yes ]]; then
    systemctl restart kubelet.service
else
    systemctl start kubelet.service
fi
