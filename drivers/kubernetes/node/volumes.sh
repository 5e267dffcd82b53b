#!/usr/bin/env bash
# Mounts the volumes of etcd and of the containers. A volume that holds a file system keeps it.
# shellcheck source=lib.sh
. /usr/local/libexec/jeroboam/lib.sh

# Buses show the first 20 characters of the volume's id as the disk's serial.
device_of() {
    local path
    for path in /dev/disk/by-id/*"${1:0:20}"*; do
        [[ -b ${path} && ${path} != *-part* ]] && readlink -f "${path}" && return
    done
    return 1
}

# mount_volume VOLUME_ID DIRECTORY
mount_volume() {
    local device unit
    [[ -n $1 ]] || return 0
    mountpoint --quiet "$2" && return 0
    retry 120 2 device_of "$1" >/dev/null || die "the volume $1 has not appeared"
    device=$(device_of "$1")
    blkid "${device}" >/dev/null || mkfs.xfs "${device}"
    mkdir -p "$2"
    unit=$(systemd-escape --path --suffix=mount "$2")
    install_file "/etc/systemd/system/${unit}" 0644 <<MOUNT || true
[Unit]
Before=containerd.service kubelet.service

[Mount]
What=/dev/disk/by-uuid/$(blkid --match-tag UUID --output value "${device}")
Where=$2
Type=xfs
Options=defaults,prjquota

[Install]
RequiredBy=kubelet.service
MOUNT
    systemctl daemon-reload
    systemctl enable --now "${unit}"
    restorecon "$2" 2>/dev/null || true
}

mount_volume "${ETCD_VOLUME:-}" /var/lib/etcd
if [[ -n ${DOCKER_VOLUME:-} ]] && ! mountpoint --quiet /var/lib/containerd; then
    systemctl stop containerd.service
    mount_volume "${DOCKER_VOLUME}" /var/lib/containerd
fi
