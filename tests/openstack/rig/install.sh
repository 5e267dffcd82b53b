#!/usr/bin/env bash
# Installs what the rig runs: Debian packages, and one virtual environment whose every version is in requirements.txt.
# Does nothing where all of it is there.
# shellcheck source-path=SCRIPTDIR source=settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"
export HOME=/root

[[ $(id -u) == 0 ]] || die "root is needed: for packages, and for a route to the addresses of servers that do not exist"
# shellcheck source=/dev/null
[[ $(. /etc/os-release && echo "${ID}-${VERSION_CODENAME}") == debian-bookworm ]] || die "Debian bookworm is needed: its uWSGI serves the APIs with its Python"
mkdir -p "${LOG}"

packages=(mariadb-server mariadb-client rabbitmq-server memcached uwsgi-core uwsgi-plugin-python3 python3-venv curl openssl iproute2 procps)
missing=()
for package in "${packages[@]}"; do
    [[ $(dpkg-query --show --showformat '${Status}' "${package}" 2>/dev/null) == *'ok installed' ]] || missing+=("${package}")
done

apt() { DEBIAN_FRONTEND=noninteractive apt-get --quiet --quiet "$@" >>"${LOG}/apt.log" 2>&1; }

# Debian starts a service once it is installed, unless this file says no.
without_services() {
    local policy=/usr/sbin/policy-rc.d made=
    if [[ ! -e ${policy} ]]; then
        made=yes
        printf '#!/bin/sh\nexit 101\n' >"${policy}"
        chmod +x "${policy}"
    fi
    local status=0
    "$@" || status=$?
    [[ -z ${made} ]] || rm -f "${policy}"
    return "${status}"
}

if ((${#missing[@]} > 0)); then
    say "installing Debian packages: ${missing[*]}"
    without_services apt install --yes --no-install-recommends "${missing[@]}" ||
        { apt update && without_services apt install --yes --no-install-recommends "${missing[@]}"; } ||
        { tail -n 20 "${LOG}/apt.log" >&2; die "apt-get failed; its log is ${LOG}/apt.log"; }
fi

# pip ENVIRONMENT ARGUMENTS...: installs into it.
pip() {
    "$1/bin/pip" install --quiet --disable-pip-version-check "${@:2}" >>"${LOG}/pip.log" 2>&1 ||
        { tail -n 30 "${LOG}/pip.log" >&2; die "pip failed; its log is ${LOG}/pip.log"; }
}

stamp=$(cat "${RIG}/requirements.txt" "${RIG}"/plugins/* | sha256sum | cut -c1-16)
if [[ $(cat "${VENV}/installed" 2>/dev/null) != "${stamp}" ]]; then
    say "installing OpenStack"
    # The Python that Debian's uWSGI is built for.
    [[ -x ${VENV}/bin/python ]] || /usr/bin/python3 -m venv "${VENV}"
    pip "${VENV}" wheel==0.44.0
    # Nothing is resolved: the file names every package.
    pip "${VENV}" --no-deps --requirement "${RIG}/requirements.txt"
    work=$(mktemp --directory)
    cp -r "${RIG}/plugins" "${work}/"
    pip "${VENV}" --no-deps --no-build-isolation --force-reinstall "${work}/plugins"
    rm -rf "${work}"
    # Nova loads hypervisors from its own package only.
    cp "${RIG}/plugins/rig_hypervisor.py" "${VENV}"/lib/python3*/site-packages/nova/virt/
    echo "${stamp}" >"${VENV}/installed"
fi

# Tempest stands apart: it is a client, and newer than the services.
stamp=$(sha256sum <"${RIG}/tempest/requirements.txt" | cut -c1-16)
if [[ $(cat "${TEMPEST}/installed" 2>/dev/null) != "${stamp}" ]]; then
    say "installing tempest"
    /usr/bin/python3 -m venv --clear "${TEMPEST}"
    pip "${TEMPEST}" --no-deps --requirement "${RIG}/tempest/requirements.txt"
    echo "${stamp}" >"${TEMPEST}/installed"
fi
