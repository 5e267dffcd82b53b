#!/usr/bin/env bash
# Mounts the volume for containers.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=../../common/node/mount.sh
. /opt/jeroboam/libexec/mount.sh

if [[ -n ${DOCKER_VOLUME} ]] && ! mountpoint --quiet /var/lib/docker; then
    systemctl stop docker.service 2>/dev/null || true
    mount_volume "${DOCKER_VOLUME}" /var/lib/docker docker.service
fi
