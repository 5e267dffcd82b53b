#!/usr/bin/env bash
# The Docker daemon. It listens on its socket, and on DOCKER_API_PORT if that is not empty: with TLS unless DOCKER_TLS is false, to those
# who have a certificate of the cluster's CA.
# shellcheck source=lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=docker-api.sh
. "${libexec}/docker-api.sh"

readonly tls_dir=/etc/docker
readonly options=/etc/sysconfig/docker

# Prints daemon.json. What it does not say follows the image's own units. A driver's earlier step may have left what only this node knows.
daemon_config() {
    local own server
    # Nova's libvirt driver gives servers their id as that of the machine.
    server=$(tr '[:upper:]' '[:lower:]' 2>/dev/null </sys/class/dmi/id/product_uuid || true)
    own=$(cat /etc/jeroboam/docker-options.json 2>/dev/null || echo '{}')
    jq -n --argjson own "${own}" --arg group "${NODEGROUP_NAME:-}" --arg server "${server}" --arg dir "${tls_dir}" '{}
        | if env.DOCKER_STORAGE_DRIVER == "devicemapper" then . else ."storage-driver" = env.DOCKER_STORAGE_DRIVER end
        | if $group == "" then . else .labels = ["org.openstack.magnum.nodegroup=" + $group] end
        | if $group == "" or $server == "" then . else .labels += ["org.openstack.server=" + $server] end
        | if env.INSECURE_REGISTRY_URL == "" then . else
            ."insecure-registries" = [env.INSECURE_REGISTRY_URL | sub("^[a-z]+://"; "") | sub("/.*$"; "")] end
        | if env.DOCKER_API_PORT == "" then .
          elif env.DOCKER_TLS == "true" then
            .tlsverify = true | .tlscacert = $dir + "/ca.crt" | .tlscert = $dir + "/server.crt" | .tlskey = $dir + "/server.key"
          else .tls = false end
        | . * (env.DOCKER_OPTIONS | fromjson) * $own'
}

# systemd opens the sockets, so that the command lines of the images need not be replaced.
socket_unit() {
    local group=root
    getent group docker >/dev/null && group=docker
    cat <<SOCKET
[Unit]
Description=Sockets of the Docker API
PartOf=docker.service

[Socket]
ListenStream=/run/docker.sock
${DOCKER_API_PORT:+ListenStream=${DOCKER_API_PORT}}
SocketMode=0660
SocketUser=root
SocketGroup=${group}

[Install]
WantedBy=sockets.target
SOCKET
}

# Fedora's options: live-restore does not go with swarm mode, and older units do not take systemd's sockets.
edit_options() {
    local text
    [[ -e ${options} ]] || return 0
    text=$(sed -E 's/[[:space:]]*--live-restore(=[a-z]+)?//g' "${options}")
    if ! systemctl cat docker.service | grep -qE '^[^#]*fd://' && ! grep -q 'fd://' <<<"${text}"; then
        # The file is read by systemd: a later line wins, and would lose what the image has set.
        text=$(sed -E "0,/^OPTIONS=(['\"]?)/s//OPTIONS=\1--host=fd:\/\/ /" <<<"${text}")
    fi
    install_file "${options}" 0644 <<<"${text}" || true
}

config=$(daemon_config)
unit=$(socket_unit)
edit_options
install_file /etc/docker/daemon.json 0644 <<<"${config}" || true
install_file /etc/systemd/system/docker.socket 0644 <<<"${unit}" || true
systemctl daemon-reload
systemctl enable docker.socket docker.service

# What the daemon reads at its start only.
shopt -s nullglob
read_at_start=(/etc/docker/daemon.json /etc/systemd/system/docker.socket "${options}" "${options}-storage"
    /etc/systemd/system/docker.service.d/*.conf /etc/systemd/system.conf.d/proxy.conf "${tls_dir}"/{ca.crt,server.crt,server.key})
digest=$(cat "${read_at_start[@]}" 2>/dev/null | sha256sum || true)
if install_file /var/lib/jeroboam/docker.digest <<<"${digest}" || ! docker_answers; then
    systemctl stop docker.service docker.socket
    systemctl start docker.socket
    systemctl start docker.service || {
        rm -f /var/lib/jeroboam/docker.digest
        journalctl --unit docker.service --lines 20 --no-pager >&2 || true
        die "Docker does not start on ${INSTANCE_NAME}"
    }
fi
retry 60 2 docker_answers || die "Docker does not answer on ${INSTANCE_NAME}"
