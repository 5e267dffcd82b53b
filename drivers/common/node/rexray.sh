#!/usr/bin/env bash
# Installs the volume plugin of the container engine: containers get Cinder volumes by `--volume-driver rexray`. It acts for the cluster's owner through
# the trust. The password goes through the engine's socket: other processes can read a command line.
# shellcheck source=lib.sh
. /opt/jeroboam/libexec/lib.sh

enabled "${REXRAY_ENABLED}" || exit 0

readonly name=rexray:latest
remote=$(image docker.io/rexray cinder "${REXRAY_TAG}")

# engine PATH [CURL OPTION...]
engine() {
    local path=$1
    shift
    curl --silent --show-error --fail --max-time 900 --unix-socket /run/docker.sock \
        --header 'Content-Type: application/json' "$@" "http://docker/v1.25/${path}"
}

settings() {
    jq -n '[
        "CINDER_AUTHURL=\(env.AUTH_URL)", "CINDER_REGIONNAME=\(env.REGION_NAME)",
        "CINDER_USERID=\(env.TRUSTEE_USER_ID)", "CINDER_PASSWORD=\(env.TRUSTEE_PASSWORD)", "CINDER_TRUSTID=\(env.TRUST_ID)",
        "CINDER_AVAILABILITYZONENAME=\(env.REXRAY_AVAILABILITY_ZONE)", "REXRAY_PREEMPT=\(env.REXRAY_PREEMPT)"
    ]'
}

# The engine answers 200 before it starts to pull, and tells of errors in what follows.
pull() {
    local answer
    engine "plugins/privileges?remote=${remote}" |
        engine "plugins/pull?remote=${remote}&name=${name}" --data @- --output /dev/null || return 1
    answer=$(engine "plugins/${name}/json" | jq -r .PluginReference) || return 1
    log "installed ${answer}"
}

# What runs now, so that nothing is stopped that is as it should be.
readonly state=/var/lib/jeroboam/rexray.settings
fresh=$({
    echo "${remote}"
    settings
} | sha256sum)
if [[ $(cat "${state}" 2>/dev/null) == "${fresh}" ]] && engine "plugins/${name}/json" --output /dev/null 2>/dev/null; then
    exit 0
fi

if engine "plugins/${name}/json" --output /dev/null 2>/dev/null; then
    engine "plugins/${name}?force=true" --request DELETE --output /dev/null || die "cannot remove the former volume plugin"
fi
retry 10 15 pull || die "cannot install the volume plugin ${remote}"
settings | engine "plugins/${name}/set" --data @- --output /dev/null || die "the volume plugin does not take its settings"
retry 5 10 engine "plugins/${name}/enable?timeout=60" --request POST --output /dev/null || die "the volume plugin does not start"
install_file "${state}" <<<"${fresh}" || true
