#!/usr/bin/env bash
# The container runtime: systemd's cgroups, the pause image under the operator's prefix, an insecure registry if asked for.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

pause=$(image registry.k8s.io pause "${PAUSE_TAG}")

# Starts from the defaults of whichever version the image brings; versions 1 and 2 name the settings differently.
config() {
    containerd config default | sed -E \
        -e 's/SystemdCgroup = false/SystemdCgroup = true/' \
        -e "s|^( *)sandbox_image = .*|\1sandbox_image = \"${pause}\"|" \
        -e "s|^( *)sandbox = .*|\1sandbox = '${pause}'|" \
        -e "s|^( *)config_path = .*|\1config_path = '/etc/containerd/certs.d'|"
}

changed=no
settings=$(config)
install_file /etc/containerd/config.toml 0644 <<<"${settings}" && changed=yes
# without_tls HOST:PORT: pulls from there in the clear.
without_tls() {
    install_file "/etc/containerd/certs.d/$1/hosts.toml" 0644 <<HOSTS || true
[host."http://$1"]
  capabilities = ["pull", "resolve"]
HOSTS
}

if [[ -n ${INSECURE_REGISTRY_URL} ]]; then
    host=${INSECURE_REGISTRY_URL#*://}
    without_tls "${host%%/*}"
fi
if enabled "${REGISTRY_ENABLED}"; then
    without_tls localhost:5000
fi

install_file /etc/systemd/system/containerd.service.d/kubernetes.conf 0644 <<'UNIT' && changed=yes
[Service]
LimitNOFILE=1048576
OOMScoreAdjust=-999
UNIT
systemctl daemon-reload
systemctl enable containerd.service
if [[ ${changed} == yes ]]; then
    systemctl restart containerd.service
else
    systemctl start containerd.service
fi
