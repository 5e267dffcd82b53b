#!/usr/bin/env bash
# A registry on this node alone, as localhost:5000: all nodes keep their images in one container of the owner's object store.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=../../common/node/units.sh
. "${libexec}/units.sh"

enabled "${REGISTRY_ENABLED}" || exit 0

insecure=false
enabled "${VERIFY_CA}" || insecure=true
changed=no
install_file /etc/jeroboam/registry.image <<<"IMAGE=$(image docker.io/library registry "${REGISTRY_TAG}")" && changed=yes
install_file /etc/jeroboam/registry.env <<REGISTRY && changed=yes
REGISTRY_HTTP_ADDR=127.0.0.1:5000
REGISTRY_STORAGE=swift
REGISTRY_STORAGE_SWIFT_AUTHURL=${AUTH_URL}
REGISTRY_STORAGE_SWIFT_REGION=${REGION_NAME}
REGISTRY_STORAGE_SWIFT_USERNAME=${TRUSTEE_USERNAME}
REGISTRY_STORAGE_SWIFT_PASSWORD=${TRUSTEE_PASSWORD}
REGISTRY_STORAGE_SWIFT_DOMAINID=${TRUSTEE_DOMAIN_ID}
REGISTRY_STORAGE_SWIFT_TRUSTID=${TRUST_ID}
REGISTRY_STORAGE_SWIFT_CONTAINER=${REGISTRY_CONTAINER}
REGISTRY_STORAGE_SWIFT_CHUNKSIZE=5242880
REGISTRY_STORAGE_SWIFT_INSECURESKIPVERIFY=${insecure}
SSL_CERT_FILE=/etc/pki/tls/certs/ca-bundle.crt
REGISTRY
run_unit registry.service "${changed}"

answers() { curl --silent --fail --noproxy '*' --max-time 10 --output /dev/null http://127.0.0.1:5000/v2/; }
retry 60 5 answers || {
    journalctl --unit registry.service --lines 15 --no-pager >&2 || true
    die "the registry of ${INSTANCE_NAME} does not answer: is there an object store in ${REGION_NAME}?"
}
