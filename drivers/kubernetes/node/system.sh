#!/usr/bin/env bash
# Host name, trust in OpenStack's CA, kernel settings, SELinux, proxy.
# shellcheck source=lib.sh
. /usr/local/libexec/jeroboam/lib.sh

# The cloud provider finds a server by its name.
hostnamectl set-hostname "${INSTANCE_NAME}"

if [[ -s ${kube_dir}/openstack-ca.crt ]] &&
    install_file /etc/pki/ca-trust/source/anchors/openstack-ca.pem 0644 <"${kube_dir}/openstack-ca.crt"; then
    update-ca-trust
fi

case ${SELINUX_MODE} in
    enforcing) setenforce 1 || true ;;
    permissive | disabled) setenforce 0 || true ;;
esac
sed -i "s/^SELINUX=.*/SELINUX=${SELINUX_MODE}/" /etc/selinux/config

install_file /etc/modules-load.d/kubernetes.conf 0644 <<<$'overlay\nbr_netfilter\nvxlan\nipip' || true
for module in overlay br_netfilter vxlan ipip; do
    modprobe "${module}" || log "no kernel module ${module}"
done
install_file /etc/sysctl.d/90-kubernetes.conf 0644 <<'SYSCTL' || true
net.ipv4.ip_forward = 1
net.bridge.bridge-nf-call-iptables = 1
net.ipv4.conf.all.rp_filter = 1
vm.overcommit_memory = 1
kernel.panic = 10
kernel.panic_on_oops = 1
fs.inotify.max_user_instances = 8192
fs.inotify.max_user_watches = 524288
SYSCTL
sysctl --system >/dev/null

# The network plugins own these interfaces.
if install_file /etc/NetworkManager/conf.d/kubernetes.conf 0644 <<'NM'; then
[keyfile]
unmanaged-devices=interface-name:cali*;interface-name:tunl*;interface-name:vxlan.calico;interface-name:flannel*;interface-name:cni0;interface-name:veth*
NM
    systemctl reload NetworkManager || true
fi

proxy=/etc/systemd/system.conf.d/proxy.conf
if [[ -n ${HTTP_PROXY}${HTTPS_PROXY} ]]; then
    if install_file "${proxy}" 0644 <<PROXY; then
[Manager]
DefaultEnvironment="HTTP_PROXY=${HTTP_PROXY}" "HTTPS_PROXY=${HTTPS_PROXY}" "NO_PROXY=${NO_PROXY}"
PROXY
        systemctl daemon-reexec
    fi
fi

install_file /etc/jeroboam/metadata-guard.env 0644 <<<"PODS_NETWORK_CIDR=${PODS_NETWORK_CIDR}" || true
systemctl enable --now metadata-guard.service
