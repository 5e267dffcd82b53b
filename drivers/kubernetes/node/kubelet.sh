#!/usr/bin/env bash
# Configures and starts the kubelet.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

minor=$(kube_minor)

# Each as KEY=VALUE:EFFECT. They count when the node registers.
IFS=, read -ra taints <<<"${NODE_TAINTS}"
if is_master; then
    role=control-plane
    # Add-ons of Kubernetes before v1.24 tolerate the older name only.
    ((minor >= 24)) || role=master
    taints+=("node-role.kubernetes.io/${role}=:NoSchedule")
fi
enabled "${CLOUD_PROVIDER_ENABLED}" && taints+=(node.cloudprovider.kubernetes.io/uninitialized=true:NoSchedule)

export KUBELET_TAINTS RESOLV_CONF
RESOLV_CONF=$(resolv_conf)
KUBELET_TAINTS=$(printf '%s\n' "${taints[@]}" |
    jq --raw-input --null-input --compact-output '[inputs | capture("^(?<key>[^=]*)=(?<value>.*):(?<effect>[^:]*)$")]')

labels=magnum.openstack.org/role=${NODEGROUP_ROLE},magnum.openstack.org/nodegroup=${NODEGROUP_NAME}
args=(
    "--hostname-override=${INSTANCE_NAME}"
    "--node-ip=${KUBE_NODE_IP}"
    "--node-labels=${labels}${NODE_LABELS:+,${NODE_LABELS}}"
)
enabled "${CLOUD_PROVIDER_ENABLED}" && args+=(--cloud-provider=external)
# What kubelet.yaml says of these is read by later versions only.
if ((minor < 27)); then
    args+=(--container-runtime=remote --container-runtime-endpoint=unix:///run/containerd/containerd.sock)
fi
if ((minor < 23)) && ((${#taints[@]})); then
    args+=("--register-with-taints=$(IFS=,; echo "${taints[*]}")")
fi

changed=no
mkdir -p "${kube_dir}/manifests"
install_rendered "${assets}/kubelet.yaml" "${kube_dir}/kubelet.yaml" && changed=yes
install_file "${kube_dir}/kubelet.env" <<<"KUBELET_ARGS=${args[*]} ${KUBELET_OPTIONS}" && changed=yes

# What was read at its start and may have changed since.
fresh=$(sha256sum "${pki}/kubelet.crt" "${pki}/ca-bundle.crt" "${kube_dir}/kubelet.conf" /opt/jeroboam/bin/kubelet)
install_file /var/lib/jeroboam/kubelet.started <<<"${fresh}" && changed=yes

systemctl daemon-reload
systemctl enable kubelet.service
if [[ ${changed} == yes ]]; then
    systemctl restart kubelet.service
else
    systemctl start kubelet.service
fi
