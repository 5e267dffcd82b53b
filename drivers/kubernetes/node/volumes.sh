#!/usr/bin/env bash
# Mounts the volumes of etcd and of the containers.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh
# shellcheck source=../../common/node/mount.sh
. "${libexec}/mount.sh"

mount_volume "${ETCD_VOLUME:-}" /var/lib/etcd kubelet.service
if [[ -n ${DOCKER_VOLUME:-} ]] && ! mountpoint --quiet /var/lib/containerd; then
    systemctl stop containerd.service || true
    mount_volume "${DOCKER_VOLUME}" /var/lib/containerd containerd.service kubelet.service
fi
