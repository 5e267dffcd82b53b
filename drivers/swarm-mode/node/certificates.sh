#!/usr/bin/env bash
# The pair that Docker serves its API with on masters, and that every node shows to them. Its key never leaves the node.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

[[ ${DOCKER_TLS} == true ]] || exit 0

# shellcheck source=../../common/node/signing.sh
. "${libexec}/signing.sh"

readonly ca=/etc/docker/ca.crt
login
ca kubernetes "${ca}"
if is_master; then
    certificate kubernetes "${ca}" /etc/docker/server "O=swarm/CN=${INSTANCE_NAME}" clientAuth,serverAuth \
        "DNS:localhost,DNS:${INSTANCE_NAME},$(ip_names 127.0.0.1 "${NODE_IP}" "${NODE_PUBLIC_IP}" \
            "${API_PRIVATE_ADDRESS}" "${API_PUBLIC_ADDRESS}")"
else
    certificate kubernetes "${ca}" /etc/docker/server "O=swarm/CN=${INSTANCE_NAME}" clientAuth
fi
