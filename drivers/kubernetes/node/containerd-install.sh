#!/usr/bin/env bash
# The container runtime's own binaries, where the image does not bring them: a release of containerd, linked statically, and runc.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

if [[ -z ${CONTAINERD_TARBALL_URL} ]] && PATH=/usr/bin:/usr/sbin command -v containerd >/dev/null; then
    log "the image brings containerd"
    exit 0
fi

arch=$(architecture)
name=containerd-static-${CONTAINERD_VERSION}-linux-${arch}.tar.gz
url=${CONTAINERD_TARBALL_URL:-${CONTAINERD_URL}/v${CONTAINERD_VERSION}/${name}}
runc=${RUNC_URL}/${RUNC_TAG}/runc.${arch}

# published_sum URL NAME: a file's checksum, from a list of checksums.
published_sum() {
    local list
    list=$(mktemp)
    fetch "$1" "${list}" && awk -v name="$2" '$2 == name || $2 == "*" name { print $1 }' "${list}"
    rm -f "${list}"
}

get_containerd() {
    local sum=${CONTAINERD_TARBALL_SHA256}
    [[ -n ${sum} ]] || sum=$(published_sum "${url}.sha256sum" "${url##*/}")
    [[ -n ${sum} ]] && download "${url}" /opt/jeroboam/containerd.tar.gz "${sum}"
}

get_runc() {
    local sum
    sum=$(published_sum "${RUNC_URL}/${RUNC_TAG}/runc.sha256sum" "runc.${arch}")
    [[ -n ${sum} ]] && download "${runc}" /opt/jeroboam/bin/.runc.part "${sum}"
}

marker=${assets}/containerd.version
wanted="${url} ${runc}"
if [[ $(cat "${marker}" 2>/dev/null) != "${wanted}" ]]; then
    mkdir -p /opt/jeroboam/bin "${assets}"
    retry 10 15 get_containerd || die "cannot fetch ${url}"
    retry 10 15 get_runc || die "cannot fetch ${runc}"
    # Running binaries can be replaced, but not written to.
    tar --extract --gzip --no-same-owner --unlink-first --directory /opt/jeroboam --file /opt/jeroboam/containerd.tar.gz bin
    rm -f /opt/jeroboam/containerd.tar.gz
    chmod 0755 /opt/jeroboam/bin/.runc.part
    mv /opt/jeroboam/bin/.runc.part /opt/jeroboam/bin/runc
    chmod -R go+rX /opt/jeroboam/bin
    restorecon -R /opt/jeroboam/bin 2>/dev/null || true
    echo "${wanted}" >"${marker}"
fi
install_file /etc/systemd/system/containerd.service 0644 <"${assets}/containerd.unit" || true
