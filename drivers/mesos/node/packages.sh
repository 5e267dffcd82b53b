#!/usr/bin/env bash
# Checks that the image brings what this role runs, and installs what it lacks if the image's package sources have it.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh

if [[ -n ${HTTP_PROXY}${HTTPS_PROXY} ]]; then
    # shellcheck disable=SC2153
    export http_proxy=${HTTP_PROXY} https_proxy=${HTTPS_PROXY} no_proxy=${NO_PROXY}
fi

# Packages start what they bring as soon as they are installed: it is not configured yet.
policy=/usr/sbin/policy-rc.d

# have PACKAGE UNIT: the unit tells whether it is there, however it came into the image.
have() {
    systemctl cat "$2.service" >/dev/null 2>&1 && return
    log "the image has no $2: trying to install $1"
    install_file "${policy}" 0755 <<<$'#!/bin/sh\nexit 101' || true
    retry 3 20 apt-get --quiet --yes -o DPkg::Lock::Timeout=300 update || log "the package lists are as old as the image"
    DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes -o DPkg::Lock::Timeout=300 install "$1" || true
    rm -f "${policy}"
    systemctl cat "$2.service" >/dev/null 2>&1 ||
        die "the image has no $1, and its package sources do not either: use an Ubuntu image with zookeeperd, mesos and marathon"
}

# keep_off UNIT...: what belongs to the other role.
keep_off() {
    local unit
    for unit in "$@"; do
        systemctl disable --now "${unit}.service" >/dev/null 2>&1 || true
        systemctl mask "${unit}.service" >/dev/null 2>&1 || true
    done
}

if is_master; then
    have zookeeperd zookeeper
    have mesos mesos-master
    have marathon marathon
    keep_off mesos-slave
else
    have mesos mesos-slave
    keep_off zookeeper mesos-master marathon
fi
