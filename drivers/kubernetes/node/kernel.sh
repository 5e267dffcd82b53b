#!/usr/bin/env bash
# What the kernel and NetworkManager have to do for pods.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

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
if [[ -d /etc/NetworkManager ]] && install_file /etc/NetworkManager/conf.d/kubernetes.conf 0644 <<'NM'; then
[keyfile]
unmanaged-devices=interface-name:cali*;interface-name:tunl*;interface-name:vxlan.calico;interface-name:flannel*;interface-name:cni0;interface-name:veth*;interface-name:cilium*;interface-name:lxc*
NM
    systemctl reload NetworkManager || true
fi
