#!/usr/bin/env bash
# The API server, the controller manager and the scheduler, as static pods of the kubelet.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

export APISERVER_IMAGE CONTROLLER_MANAGER_IMAGE SCHEDULER_IMAGE ADMISSION_PLUGINS AUTHORIZATION_MODE
export APISERVER_ARGS CONTROLLER_MANAGER_ARGS SCHEDULER_ARGS PKI_DIGEST
APISERVER_IMAGE=$(image registry.k8s.io kube-apiserver "${KUBE_TAG}")
CONTROLLER_MANAGER_IMAGE=$(image registry.k8s.io kube-controller-manager "${KUBE_TAG}")
SCHEDULER_IMAGE=$(image registry.k8s.io kube-scheduler "${KUBE_TAG}")
ADMISSION_PLUGINS=NodeRestriction${ADMISSION_CONTROL_LIST:+,${ADMISSION_CONTROL_LIST}}
AUTHORIZATION_MODE=Node,RBAC
apiserver_flags=()
controller_flags=()
if enabled "${KEYSTONE_AUTH_ENABLED}"; then
    install_rendered "${assets}/keystone-webhook.yaml" "${pki}/keystone-auth/webhook.yaml" || true
    # Last, so that it is asked only about what nothing else allows. It speaks no later version.
    AUTHORIZATION_MODE+=,Webhook
    apiserver_flags+=(
        "--authentication-token-webhook-config-file=${pki}/keystone-auth/webhook.yaml"
        "--authentication-token-webhook-version=v1beta1"
        "--authorization-webhook-config-file=${pki}/keystone-auth/webhook.yaml"
        "--authorization-webhook-version=v1beta1"
    )
fi
if [[ -n ${KUBE_CA_KEY} ]]; then
    controller_flags+=("--cluster-signing-cert-file=${pki}/ca.crt" "--cluster-signing-key-file=${pki}/ca.key")
fi
if [[ -s ${pki}/sa-previous.pub ]]; then
    apiserver_flags+=("--service-account-key-file=${pki}/sa-previous.pub")
fi
# Kubernetes before v1.20 can also listen without TLS, and then asks nobody who they are.
if [[ -n ${KUBE_INSECURE_PORT} ]]; then
    apiserver_flags+=("--insecure-bind-address=0.0.0.0" "--insecure-port=${KUBE_INSECURE_PORT}")
fi
APISERVER_ARGS=$(yaml_args "${apiserver_flags[*]} ${KUBEAPI_OPTIONS}" 4)
CONTROLLER_MANAGER_ARGS=$(yaml_args "${controller_flags[*]} ${KUBECONTROLLER_OPTIONS}" 4)
SCHEDULER_ARGS=$(yaml_args "${KUBESCHEDULER_OPTIONS}" 4)
# In the pods' annotations, so that new certificates restart them.
PKI_DIGEST=$(cat "${pki}"/*.crt "${pki}"/*/*.crt "${pki}"/sa*.pub | sha256sum | cut -c1-16)

for name in kube-apiserver kube-controller-manager kube-scheduler; do
    install_rendered "${assets}/static/${name}.yaml" "${kube_dir}/manifests/${name}.yaml" || true
done

api_is_ready() { kubectl get --raw /readyz >/dev/null 2>&1; }
retry 120 5 api_is_ready || {
    crictl --runtime-endpoint unix:///run/containerd/containerd.sock ps --all 2>/dev/null || true
    journalctl --unit kubelet.service --lines 20 --no-pager >&2 || true
    die "the API server of ${INSTANCE_NAME} does not become ready"
}
