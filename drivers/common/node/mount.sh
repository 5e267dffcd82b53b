# shellcheck shell=bash
# Mounts volumes. One that holds a file system keeps it. Sourced after lib.sh.

# Buses show the first 20 characters of the volume's id as the disk's serial.
device_of() {
    local path
    for path in /dev/disk/by-id/*"${1:0:20}"*; do
        [[ -b ${path} && ${path} != *-part* ]] && readlink -f "${path}" && return
    done
    return 1
}

# mount_volume VOLUME_ID DIRECTORY UNIT...: before these units, which do not start without it. Nothing to do without an id.
mount_volume() {
    local volume=$1 directory=$2 device unit
    shift 2
    [[ -n ${volume} ]] || return 0
    mountpoint --quiet "${directory}" && return 0
    retry 120 2 device_of "${volume}" >/dev/null || die "the volume ${volume} has not appeared"
    device=$(device_of "${volume}")
    blkid "${device}" >/dev/null || mkfs.xfs "${device}"
    mkdir -p "${directory}"
    unit=$(systemd-escape --path --suffix=mount "${directory}")
    install_file "/etc/systemd/system/${unit}" 0644 <<MOUNT || true
[Unit]
Before=$*

[Mount]
What=/dev/disk/by-uuid/$(blkid --match-tag UUID --output value "${device}")
Where=${directory}
Type=xfs
Options=defaults,prjquota

[Install]
RequiredBy=$*
MOUNT
    systemctl daemon-reload
    systemctl enable --now "${unit}"
    restorecon "${directory}" 2>/dev/null || true
}

