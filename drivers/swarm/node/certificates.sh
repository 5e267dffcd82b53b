#!/usr/bin/env bash
# The pairs that this node shows: one to Docker's and Swarm's clients and servers, one to etcd. Their keys never leave the node.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

[[ ${DOCKER_TLS} == true ]] || exit 0

# shellcheck source=../../common/node/signing.sh
. "${libexec}/signing.sh"

readonly docker=/etc/docker etcd=/etc/etcd/certs both=clientAuth,serverAuth
login
ca kubernetes "${docker}/ca.crt"
ca etcd "${etcd}/ca.crt"
names="DNS:localhost,DNS:${INSTANCE_NAME},$(ip_names 127.0.0.1 "${NODE_IP}" "${NODE_PUBLIC_IP}")"
if is_master; then
    api=$(ip_names "${API_PRIVATE_ADDRESS}" "${API_PUBLIC_ADDRESS}")
    certificate etcd "${etcd}/ca.crt" "${etcd}/node" "O=etcd/CN=${INSTANCE_NAME}" "${both}" "${names}"
    certificate kubernetes "${docker}/ca.crt" "${docker}/server" "O=swarm/CN=${INSTANCE_NAME}" "${both}" "${names}${api:+,${api}}"
else
    certificate etcd "${etcd}/ca.crt" "${etcd}/node" "O=etcd/CN=${INSTANCE_NAME}" clientAuth
    certificate kubernetes "${docker}/ca.crt" "${docker}/server" "O=swarm/CN=${INSTANCE_NAME}" "${both}" "${names}"
fi
