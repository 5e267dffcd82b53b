#!/usr/bin/env bash
# Fetches kubelet, kubectl and the CNI plugins, which the image does not bring.
# shellcheck source=lib.sh
. /usr/local/libexec/jeroboam/lib.sh

case $(uname -m) in
    x86_64) arch=amd64 ;;
    aarch64) arch=arm64 ;;
    *) die "there is no Kubernetes for $(uname -m)" ;;
esac

# fetch URL FILE: and compare with the checksum that is published beside it.
fetch() {
    local opts=(--silent --show-error --fail --location --connect-timeout 20 --max-time 900)
    curl "${opts[@]}" --output "$2" "$1" &&
        curl "${opts[@]}" --output "$2.sha256" "$1.sha256" &&
        [[ $(sha256sum "$2" | cut -d' ' -f1) == $(cut -d' ' -f1 "$2.sha256") ]]
}

for name in kubelet kubectl; do
    marker=/usr/local/share/jeroboam/${name}.version
    [[ -x /usr/local/bin/${name} && $(cat "${marker}" 2>/dev/null) == "${KUBE_TAG}" ]] && continue
    part=/usr/local/bin/.${name}.part
    retry 10 15 fetch "${KUBE_BINARIES_URL}/${KUBE_TAG}/bin/linux/${arch}/${name}" "${part}" ||
        die "cannot fetch ${name} ${KUBE_TAG} from ${KUBE_BINARIES_URL}"
    chmod 0755 "${part}"
    mv "${part}" "/usr/local/bin/${name}"
    rm -f "${part}.sha256"
    restorecon "/usr/local/bin/${name}" 2>/dev/null || true
    echo "${KUBE_TAG}" >"${marker}"
done

marker=/opt/cni/bin/.version
if [[ $(cat "${marker}" 2>/dev/null) != "${CNI_PLUGINS_TAG}" ]]; then
    mkdir -p /opt/cni/bin
    archive=/opt/cni/plugins.tgz
    retry 10 15 fetch "${CNI_PLUGINS_URL}/${CNI_PLUGINS_TAG}/cni-plugins-linux-${arch}-${CNI_PLUGINS_TAG}.tgz" "${archive}" ||
        die "cannot fetch CNI plugins ${CNI_PLUGINS_TAG} from ${CNI_PLUGINS_URL}"
    tar --extract --gzip --no-same-owner --file "${archive}" --directory /opt/cni/bin
    rm -f "${archive}" "${archive}.sha256"
    chmod -R go+rX /opt/cni
    restorecon -R /opt/cni 2>/dev/null || true
    echo "${CNI_PLUGINS_TAG}" >"${marker}"
fi
