#!/usr/bin/env bash
# Where Docker keeps images and containers: on the root disk or on a volume of its own, with the storage driver that was asked for.
# shellcheck source=lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=mount.sh
. "${libexec}/mount.sh"

setup=/etc/sysconfig/docker-storage-setup

# Fedora Atomic's own tool is the only one there that can make a thin pool.
thin_pool() {
    local device
    [[ -n ${DOCKER_VOLUME:-} ]] || die "the storage driver devicemapper needs docker_volume_size"
    install_file "${setup}.wanted" 0644 <<<"${DOCKER_VOLUME}" || return 0
    retry 120 2 device_of "${DOCKER_VOLUME}" >/dev/null || die "the volume ${DOCKER_VOLUME} has not appeared"
    device=$(device_of "${DOCKER_VOLUME}")
    install_file "${setup}" 0644 <<SETUP || true
STORAGE_DRIVER=devicemapper
DEVS=${device}
VG=docker-vg
WIPE_SIGNATURES=false
SETUP
    systemctl stop docker.service || true
    # It does nothing while Docker has data of another driver.
    rm -rf /var/lib/docker/{image,overlay,overlay2}
    docker-storage-setup
}

if [[ ${DOCKER_STORAGE_DRIVER} == devicemapper ]]; then
    thin_pool
    exit 0
fi

# Else the image's own tool would name a storage driver too, and Docker would refuse to start with two.
if [[ -e ${setup} || -e /etc/sysconfig/docker-storage ]]; then
    install_file "${setup}" 0644 <<<'STORAGE_DRIVER=""' || true
    install_file /etc/sysconfig/docker-storage 0644 <<<'DOCKER_STORAGE_OPTIONS=""' || true
fi
if [[ -n ${DOCKER_VOLUME:-} ]] && ! mountpoint --quiet /var/lib/docker; then
    systemctl stop docker.service docker.socket 2>/dev/null || true
    mount_volume "${DOCKER_VOLUME}" /var/lib/docker docker.service
fi
