#!/usr/bin/env bash
# The node's keys and certificates.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh
# shellcheck source=../../common/node/signing.sh
. "${libexec}/signing.sh"

login
both=clientAuth,serverAuth
node_names="DNS:${INSTANCE_NAME},$(ip_names "${KUBE_NODE_IP}" "${KUBE_NODE_PUBLIC_IP}")"
ca kubernetes "${pki}/ca.crt"
certificate kubernetes "${pki}/ca.crt" "${pki}/kubelet" \
    "O=system:nodes/CN=system:node:${INSTANCE_NAME}" "${both}" "${node_names}"
is_master || exit 0

api_names="DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.${DNS_CLUSTER_DOMAIN}"
api_names+=",DNS:localhost,DNS:${INSTANCE_NAME},$(ip_names 127.0.0.1 "${KUBE_SERVICE_IP}" "${KUBE_NODE_IP}" \
    "${KUBE_NODE_PUBLIC_IP}" "${KUBE_API_PRIVATE_ADDRESS}" "${KUBE_API_PUBLIC_ADDRESS}")"
k8s=(kubernetes "${pki}/ca.crt")
certificate "${k8s[@]}" "${pki}/apiserver" CN=kube-apiserver serverAuth "${api_names}"
certificate "${k8s[@]}" "${pki}/apiserver-kubelet-client" O=system:masters/CN=kube-apiserver-kubelet-client clientAuth
certificate "${k8s[@]}" "${pki}/admin" O=system:masters/CN=admin clientAuth
certificate "${k8s[@]}" "${pki}/controller-manager" CN=system:kube-controller-manager clientAuth
certificate "${k8s[@]}" "${pki}/scheduler" CN=system:kube-scheduler clientAuth
if enabled "${KEYSTONE_AUTH_ENABLED}"; then
    certificate "${k8s[@]}" "${pki}/keystone-auth/tls" CN=k8s-keystone-auth serverAuth DNS:localhost,IP:127.0.0.1
fi

etcd=(etcd "${pki}/etcd/ca.crt")
ca etcd "${pki}/etcd/ca.crt"
certificate "${etcd[@]}" "${pki}/etcd/server" "CN=${INSTANCE_NAME}" "${both}" \
    "DNS:localhost,${node_names},IP:127.0.0.1"
certificate "${etcd[@]}" "${pki}/etcd/client" CN=kube-apiserver-etcd-client clientAuth

ca front-proxy "${pki}/front-proxy/ca.crt"
certificate front-proxy "${pki}/front-proxy/ca.crt" "${pki}/front-proxy/client" CN=front-proxy-client clientAuth

if [[ -n ${KUBE_CA_KEY} ]]; then
    install_file "${pki}/ca.key" <<<"${KUBE_CA_KEY}" || true
fi
# Tokens that pods have already got stay good for a while after a rotation.
if [[ -s ${pki}/sa.pub ]] && ! cmp --silent "${pki}/sa.pub" - <<<"${KUBE_SERVICE_ACCOUNT_KEY}"; then
    install_file "${pki}/sa-previous.pub" <"${pki}/sa.pub" || true
elif [[ -s ${pki}/sa-previous.pub && -n $(find "${pki}/sa-previous.pub" -mmin +120) ]]; then
    rm -f "${pki}/sa-previous.pub"
fi
install_file "${pki}/sa.pub" <<<"${KUBE_SERVICE_ACCOUNT_KEY}" || true
install_file "${pki}/sa.key" <<<"${KUBE_SERVICE_ACCOUNT_PRIVATE_KEY}" || true
