#!/usr/bin/env bash
# Host name, trust in OpenStack's CA, SELinux, proxy, and a guard before the server's metadata.
# shellcheck source=lib.sh
. /opt/jeroboam/libexec/lib.sh

# Controllers find a server by its name.
hostnamectl set-hostname "${INSTANCE_NAME}"

if [[ -s ${openstack_ca} ]]; then
    trust_ca openstack-ca "${openstack_ca}"
fi
set_selinux "${SELINUX_MODE}"

if [[ -n ${HTTP_PROXY}${HTTPS_PROXY} ]]; then
    # systemd reads % as the start of a specifier.
    proxies="\"HTTP_PROXY=${HTTP_PROXY}\" \"HTTPS_PROXY=${HTTPS_PROXY}\" \"NO_PROXY=${NO_PROXY}\""
    if install_file /etc/systemd/system.conf.d/proxy.conf 0644 <<<$'[Manager]\nDefaultEnvironment='"${proxies//%/%%}"; then
        systemctl daemon-reexec
    fi
fi

if [[ -n ${GUARDED_NETWORKS} ]]; then
    install_file /etc/jeroboam/metadata-guard.env 0644 <<<"GUARDED_NETWORKS=${GUARDED_NETWORKS// /,}" || true
    systemctl enable --now metadata-guard.service
fi
