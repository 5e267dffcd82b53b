#!/usr/bin/env bash
# After new authorities: the first master restarts what reads the authority only at its start, and every node comes back to stop trusting the former ones.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

readonly mark=/var/lib/jeroboam/ca-generation
before=$(cat "${mark}" 2>/dev/null || echo "${CA_GENERATION}")
install_file "${mark}" <<<"${CA_GENERATION}" || true
[[ ${before} != "${CA_GENERATION}" ]] || exit 0

if is_master && [[ ${INSTANCE_NAME} == *-master-0 ]]; then
    for kind in daemonset deployment statefulset; do
        retry 10 10 kubectl --namespace kube-system rollout restart "${kind}" || log "cannot restart each ${kind}"
    done
fi
# Not all at once: etcd and the API server restart with it.
systemd-run --unit "jeroboam-retire-ca-${CA_GENERATION}" --on-active "$((130 + RANDOM % 30))min" \
    /bin/bash "${libexec}/configure.sh"
