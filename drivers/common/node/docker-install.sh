#!/usr/bin/env bash
# Docker from the distribution's packages, where the image does not bring it.
# shellcheck source=lib.sh
. /opt/jeroboam/libexec/lib.sh

command -v dockerd dockerd-current >/dev/null && exit 0
command -v apt-get >/dev/null || die "the image of ${INSTANCE_NAME} has no Docker"

export DEBIAN_FRONTEND=noninteractive
if [[ -n ${HTTP_PROXY} ]]; then
    export http_proxy=${HTTP_PROXY} https_proxy=${HTTPS_PROXY:-} no_proxy=${NO_PROXY:-}
fi
apt_get() { apt-get --quiet --yes -o DPkg::Lock::Timeout=300 "$@"; }
retry 10 15 apt_get update || die "cannot fetch the lists of packages"
retry 10 15 apt_get install --no-install-recommends docker.io curl openssl xfsprogs iptables || die "cannot install docker.io"
