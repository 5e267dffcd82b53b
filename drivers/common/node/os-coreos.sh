# shellcheck shell=bash disable=SC2034
# CoreOS Container Linux. Sourced by lib.sh.

# The resolvers themselves, not a stub on loopback.
resolv_conf() { echo /run/systemd/resolve/resolv.conf; }

# trust_ca NAME FILE: for everything on the node that uses the system's certificates.
trust_ca() {
    if install_file "/etc/ssl/certs/$1.pem" 0644 <"$2"; then
        update-ca-certificates
    fi
}

# Its policy is permissive, and nothing here needs another.
set_selinux() { :; }
