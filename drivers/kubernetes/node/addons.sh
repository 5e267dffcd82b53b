#!/usr/bin/env bash
# What runs inside the cluster from its start. Every master applies all of it; the same twice changes nothing.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

apply() {
    local text
    text=$(render "$1") || exit 1
    retry 20 10 kubectl apply --server-side --force-conflicts --field-manager jeroboam --filename - <<<"${text}"
}

export CLOUD_CONFIG_BASE64 OPENSTACK_CA_BASE64="" CLOUD_CA_FILE="" CLOUD_TLS_INSECURE=false
if [[ -s ${openstack_ca} ]]; then
    OPENSTACK_CA_BASE64=$(base64 --wrap 0 "${openstack_ca}")
    CLOUD_CA_FILE=/etc/config/ca.pem
fi
enabled "${VERIFY_CA}" || CLOUD_TLS_INSECURE=true

export KUBE_PROXY_IMAGE COREDNS_IMAGE FLANNEL_IMAGE FLANNEL_CNI_IMAGE CALICO_NODE_IMAGE CALICO_CNI_IMAGE
export CALICO_CONTROLLERS_IMAGE OCCM_IMAGE CINDER_CSI_IMAGE CSI_ATTACHER_IMAGE CSI_PROVISIONER_IMAGE CSI_RESIZER_IMAGE
export CSI_REGISTRAR_IMAGE CSI_LIVENESS_IMAGE KUBE_PROXY_ARGS
KUBE_PROXY_IMAGE=$(image registry.k8s.io kube-proxy "${KUBE_TAG}")
KUBE_PROXY_ARGS=$(yaml_args "${KUBEPROXY_OPTIONS}" 8)
COREDNS_IMAGE=$(image registry.k8s.io/coredns coredns "${COREDNS_TAG}")
FLANNEL_IMAGE=$(image ghcr.io/flannel-io flannel "${FLANNEL_TAG}")
FLANNEL_CNI_IMAGE=$(image ghcr.io/flannel-io flannel-cni-plugin "${FLANNEL_CNI_TAG}")
CALICO_NODE_IMAGE=$(image quay.io/calico node "${CALICO_TAG}")
CALICO_CNI_IMAGE=$(image quay.io/calico cni "${CALICO_TAG}")
CALICO_CONTROLLERS_IMAGE=$(image quay.io/calico kube-controllers "${CALICO_TAG}")
OCCM_IMAGE=$(image registry.k8s.io/provider-os openstack-cloud-controller-manager "${CLOUD_PROVIDER_TAG}")
CINDER_CSI_IMAGE=$(image registry.k8s.io/provider-os cinder-csi-plugin "${CINDER_CSI_PLUGIN_TAG}")
CSI_ATTACHER_IMAGE=$(image registry.k8s.io/sig-storage csi-attacher "${CSI_ATTACHER_TAG}")
CSI_PROVISIONER_IMAGE=$(image registry.k8s.io/sig-storage csi-provisioner "${CSI_PROVISIONER_TAG}")
CSI_RESIZER_IMAGE=$(image registry.k8s.io/sig-storage csi-resizer "${CSI_RESIZER_TAG}")
CSI_REGISTRAR_IMAGE=$(image registry.k8s.io/sig-storage csi-node-driver-registrar "${CSI_NODE_DRIVER_REGISTRAR_TAG}")
CSI_LIVENESS_IMAGE=$(image registry.k8s.io/sig-storage livenessprobe "${CSI_LIVENESS_PROBE_TAG}")

apply "${assets}/addons/kube-proxy.yaml"
case ${NETWORK_DRIVER} in
    flannel)
        apply "${assets}/addons/flannel.yaml"
        ;;
    calico)
        # One definition for each kind; Calico itself checks what is in them.
        while read -r plural kind scope; do
            export CRD_PLURAL=${plural} CRD_KIND=${kind} CRD_SCOPE=${scope}
            apply "${assets}/addons/calico-crd.yaml"
        done <"${assets}/addons/calico-kinds"
        apply "${assets}/addons/calico.yaml"
        ;;
esac
apply "${assets}/addons/coredns.yaml"

if enabled "${CLOUD_PROVIDER_ENABLED}"; then
    cloud_config=$(render "${assets}/cloud.conf")
    CLOUD_CONFIG_BASE64=$(base64 --wrap 0 <<<"${cloud_config}")
    apply "${assets}/addons/cloud-config.yaml"
    apply "${assets}/addons/cloud-controller-manager.yaml"
    if enabled "${CINDER_CSI_ENABLED}"; then
        apply "${assets}/addons/cinder-csi-rbac.yaml"
        apply "${assets}/addons/cinder-csi.yaml"
    fi
fi
if [[ -n ${POST_INSTALL_MANIFEST_URL} ]]; then
    retry 10 10 kubectl apply --filename "${POST_INSTALL_MANIFEST_URL}"
fi
