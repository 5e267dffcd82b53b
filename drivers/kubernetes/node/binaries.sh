#!/usr/bin/env bash
# Fetches kubelet, kubectl and the CNI plugins, which the image does not bring.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

arch=$(architecture)

mkdir -p /opt/jeroboam/bin "${assets}"
for name in kubelet kubectl; do
    marker=${assets}/${name}.version
    [[ -x /opt/jeroboam/bin/${name} && $(cat "${marker}" 2>/dev/null) == "${KUBE_TAG}" ]] && continue
    part=/opt/jeroboam/bin/.${name}.part
    retry 10 15 download "${KUBE_BINARIES_URL}/${KUBE_TAG}/bin/linux/${arch}/${name}" "${part}" ||
        die "cannot fetch ${name} ${KUBE_TAG} from ${KUBE_BINARIES_URL}"
    chmod 0755 "${part}"
    mv "${part}" "/opt/jeroboam/bin/${name}"
    restorecon "/opt/jeroboam/bin/${name}" 2>/dev/null || true
    echo "${KUBE_TAG}" >"${marker}"
done

marker=/opt/cni/bin/.version
if [[ $(cat "${marker}" 2>/dev/null) != "${CNI_PLUGINS_TAG}" ]]; then
    mkdir -p /opt/cni/bin
    archive=/opt/cni/plugins.tgz
    retry 10 15 download "${CNI_PLUGINS_URL}/${CNI_PLUGINS_TAG}/cni-plugins-linux-${arch}-${CNI_PLUGINS_TAG}.tgz" "${archive}" ||
        die "cannot fetch CNI plugins ${CNI_PLUGINS_TAG} from ${CNI_PLUGINS_URL}"
    tar --extract --gzip --no-same-owner --file "${archive}" --directory /opt/cni/bin
    rm -f "${archive}"
    chmod -R go+rX /opt/cni
    restorecon -R /opt/cni 2>/dev/null || true
    echo "${CNI_PLUGINS_TAG}" >"${marker}"
fi
