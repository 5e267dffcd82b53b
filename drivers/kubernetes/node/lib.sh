# shellcheck shell=bash disable=SC2034
# What every step shares. Sourced.
set -euo pipefail
shopt -s inherit_errexit
umask 077

readonly libexec=/usr/local/libexec/jeroboam
readonly assets=/usr/local/share/jeroboam
readonly kube_dir=/etc/kubernetes
readonly pki=${kube_dir}/pki
export KUBECONFIG=${kube_dir}/admin.conf

# The variables come from the cluster's definition; `configure-node.sh` quotes them.
set -a
# shellcheck source=/dev/null
. /etc/sysconfig/heat-params
set +a

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

# yaml_args TEXT INDENT: each word of the text as a line of a YAML list.
yaml_args() {
    local word
    for word in $1; do
        printf '%*s- %s\n' "$2" '' "$(jq -n --arg word "${word}" '$word')"
    done
}
