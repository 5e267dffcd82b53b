#!/usr/bin/env bash
# Installs the volume plugin of the container engine: containers get Cinder volumes by `--volume-driver rexray`. It acts for the cluster's owner through
# the trust. The password goes through the engine's socket: other processes can read a command line.
# shellcheck source=lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=docker-api.sh
. "${libexec}/docker-api.sh"

enabled "${REXRAY_ENABLED}" || exit 0

readonly plugin=rexray:latest
remote=$(image docker.io/rexray cinder "${REXRAY_TAG}")

settings() {
    jq -n '[
        "CINDER_AUTHURL=\(env.AUTH_URL)", "CINDER_REGIONNAME=\(env.REGION_NAME)",
        "CINDER_USERID=\(env.TRUSTEE_USER_ID)", "CINDER_PASSWORD=\(env.TRUSTEE_PASSWORD)", "CINDER_TRUSTID=\(env.TRUST_ID)",
        "CINDER_AVAILABILITYZONENAME=\(env.REXRAY_AVAILABILITY_ZONE)", "REXRAY_PREEMPT=\(env.REXRAY_PREEMPT)"
    ]'
}

# Docker answers 200 before it starts to pull, and tells of errors in what follows.
pull() {
    docker_api GET "/plugins/privileges?remote=${remote}" |
        docker_api POST "/plugins/pull?remote=${remote}&name=${plugin}" --max-time 900 --data @- >/dev/null || return 1
    docker_api GET "/plugins/${plugin}/json" >/dev/null
}

is_there() { docker_api GET "/plugins/${plugin}/json" >/dev/null 2>&1; }

# What runs now, so that nothing is stopped that is as it should be.
readonly state=/var/lib/jeroboam/rexray.settings
fresh=$({
    echo "${remote}"
    settings
} | sha256sum)
if is_there; then
    [[ $(cat "${state}" 2>/dev/null) != "${fresh}" ]] || exit 0
    docker_api DELETE "/plugins/${plugin}?force=true" >/dev/null || die "cannot remove the former volume plugin"
fi
retry 10 15 pull || die "cannot install the volume plugin ${remote}"
settings | docker_api POST "/plugins/${plugin}/set" --data @- >/dev/null || die "the volume plugin does not take its settings"
retry 5 10 docker_api POST "/plugins/${plugin}/enable?timeout=60" --max-time 120 >/dev/null || die "the volume plugin does not start"
install_file "${state}" <<<"${fresh}" || true
