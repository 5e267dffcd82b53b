# shellcheck shell=bash disable=SC2034
# What every step shares. Sourced.
set -euo pipefail
shopt -s inherit_errexit 2>/dev/null || true
umask 077

readonly libexec=/opt/jeroboam/libexec
readonly assets=/opt/jeroboam/share
readonly openstack_ca=/etc/jeroboam/openstack-ca.crt
export PATH=/opt/jeroboam/bin:/opt/bin:/usr/local/bin:/usr/local/sbin:/usr/bin:/usr/sbin:/bin:/sbin

# The variables come from the cluster's definition; `configure-node.sh` quotes them.
set -a
# shellcheck source=/dev/null
. /etc/sysconfig/heat-params
set +a

# What differs between operating systems.
# shellcheck source=os-fedora.sh
. "${libexec}/os-${OPERATING_SYSTEM}.sh"

log() { echo "$(date --utc +%FT%TZ) $*" >&2; }

die() {
    log "$*"
    exit 1
}

is_master() { [[ ${NODE_ROLE} == master ]]; }

enabled() { [[ ${1,,} == true ]]; }

# retry COUNT SECONDS COMMAND...
retry() {
    local count=$1 seconds=$2 try
    shift 2
    for ((try = 1; try <= count; try++)); do
        if "$@"; then
            return 0
        fi
        ((try == count)) || sleep "${seconds}"
    done
    log "gave up after ${count} attempts: $1"
    return 1
}

# The full name of an image: every registry gives way to the operator's prefix, which holds images by their last name.
image() {
    local registry=$1 name=$2 tag=$3
    echo "${CONTAINER_INFRA_PREFIX:-${registry}/}${name}:${tag}"
}

# Prints a file with each @NAME@ replaced by the variable of that name.
render() {
    local text name
    text=$(<"$1")
    while [[ ${text} =~ @([A-Z][A-Z0-9_]*)@ ]]; do
        name=${BASH_REMATCH[1]}
        [[ -v ${name} ]] || die "$1 wants ${name}, which is not set"
        # A value that held a placeholder would be replaced again and again.
        [[ ${!name} != *@[A-Z]*@* ]] || die "the value of ${name} must not contain @NAME@"
        text=${text//"@${name}@"/"${!name}"}
    done
    printf '%s\n' "${text}"
}

# Writes stdin to a file; succeeds if that changed it. install_file PATH [MODE]
install_file() {
    local path=$1 mode=${2:-0600} fresh
    mkdir -p "${path%/*}"
    fresh=$(mktemp "${path}.XXXXXX")
    cat >"${fresh}"
    chmod "${mode}" "${fresh}"
    if cmp --silent "${fresh}" "${path}"; then
        rm -f "${fresh}"
        return 1
    fi
    mv "${fresh}" "${path}"
    restorecon "${path}" 2>/dev/null || true
}

# install_rendered SOURCE PATH [MODE]: as install_file.
install_rendered() {
    local text
    text=$(render "$1") || exit 1
    install_file "$2" "${3:-0600}" <<<"${text}"
}

# Goes through the steps of a node, each a script of its own with a log of its own. run_steps NAME...
run_steps() {
    local step
    mkdir -p /run/jeroboam /var/log/jeroboam
    for step in "$@"; do
        echo "${step}" >/run/jeroboam/step
        log "step ${step}"
        bash "${libexec}/${step}.sh" >"/var/log/jeroboam/${step}.log" 2>&1
    done
    echo complete >/run/jeroboam/step
}

# amd64 or arm64, as releases name them.
architecture() {
    case $(uname -m) in
        x86_64) echo amd64 ;;
        aarch64) echo arm64 ;;
        *) die "there are no releases for $(uname -m)" ;;
    esac
}

# fetch URL FILE: through the cluster's proxy.
fetch() {
    # curl reads the name in lower case only, for http.
    http_proxy=${HTTP_PROXY} curl --silent --show-error --fail --location --connect-timeout 20 --max-time 900 --output "$2" "$1"
}

# download URL FILE [SHA256]: as fetch, and checked. Without a checksum, that of URL.sha256 counts.
download() {
    local url=$1 file=$2 sum=${3:-}
    fetch "${url}" "${file}" || return 1
    if [[ -z ${sum} ]]; then
        fetch "${url}.sha256" "${file}.sha256" || return 1
        sum=$(cut -d' ' -f1 "${file}.sha256")
        rm -f "${file}.sha256"
    fi
    [[ $(sha256sum "${file}" | cut -d' ' -f1) == "${sum}" ]] || {
        log "${url} has another checksum than ${sum}"
        return 1
    }
}
