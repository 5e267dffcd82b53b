# shellcheck shell=bash
# Docker's API on this node, over its socket. Sourced.

# docker_api METHOD PATH [CURL OPTION...]: prints the answer's body; fails with Docker's own words if that is an error.
docker_api() {
    local method=$1 path=$2 answer status=0
    shift 2
    answer=$(curl --silent --show-error --max-time 60 --unix-socket /run/docker.sock --request "${method}" \
        --header 'Content-Type: application/json' --write-out '\n%{http_code}' "$@" "http://docker${path}") || status=$?
    if ((status)) || [[ ${answer##*$'\n'} != 2?? ]]; then
        log "docker: ${method} ${path%%\?*}: ${answer##*$'\n'} $(jq -r '.message? // empty' <<<"${answer%$'\n'*}" 2>/dev/null || true)"
        return 1
    fi
    printf '%s\n' "${answer%$'\n'*}"
}

docker_answers() { curl --silent --fail --max-time 10 --output /dev/null --unix-socket /run/docker.sock http://docker/_ping; }
