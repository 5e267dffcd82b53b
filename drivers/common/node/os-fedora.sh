# shellcheck shell=bash disable=SC2034
# Fedora CoreOS, Fedora Atomic, Fedora. Sourced by lib.sh.

# The resolvers themselves, not a stub on loopback.
resolv_conf() {
    if [[ -e /run/systemd/resolve/resolv.conf ]]; then
        echo /run/systemd/resolve/resolv.conf
    else
        echo /etc/resolv.conf
    fi
}

# trust_ca NAME FILE: for everything on the node that uses the system's certificates.
trust_ca() {
    if install_file "/etc/pki/ca-trust/source/anchors/$1.pem" 0644 <"$2"; then
        update-ca-trust
    fi
}

set_selinux() {
    case $1 in
        enforcing) setenforce 1 || true ;;
        permissive | disabled) setenforce 0 || true ;;
    esac
    sed -i "s/^SELINUX=.*/SELINUX=$1/" /etc/selinux/config
}
