# shellcheck shell=bash disable=SC2034
# Ubuntu. Sourced by lib.sh.

# The resolvers themselves, not a stub on loopback.
resolv_conf() { echo /run/systemd/resolve/resolv.conf; }

# trust_ca NAME FILE: for everything on the node that uses the system's certificates.
trust_ca() {
    if install_file "/usr/local/share/ca-certificates/$1.crt" 0644 <"$2"; then
        update-ca-certificates
    fi
}

# There is AppArmor instead.
set_selinux() { :; }
