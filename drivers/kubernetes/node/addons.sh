#!/usr/bin/env bash
# What runs inside the cluster from its start. The manifests come with the node's parameters, those that the cluster asks for, in the order in which they
# are applied. Every master applies all of them; the same twice changes nothing.
# shellcheck source=kubernetes.sh
. /opt/jeroboam/libexec/kubernetes.sh

export OPENSTACK_CA_BASE64="" CLOUD_CA_FILE="" KEYSTONE_CA_FILE="" CLOUD_TLS_INSECURE=false KUBE_PROXY_ARGS LOGIN_DIGEST
if [[ -s ${openstack_ca} ]]; then
    OPENSTACK_CA_BASE64=$(base64 --wrap 0 "${openstack_ca}")
    CLOUD_CA_FILE=/etc/config/ca.pem
    KEYSTONE_CA_FILE=/etc/openstack/ca.pem
fi
enabled "${VERIFY_CA}" || CLOUD_TLS_INSECURE=true
LOGIN_DIGEST=$(login_digest)
KUBE_PROXY_ARGS=$(yaml_args "${KUBEPROXY_OPTIONS}" 8)

# Prints the objects of a manifest. Beside one that stands for many of a kind is a file NAME.each: the variables that differ in its first line, and their
# values for one object in each other.
objects() {
    local each=${1%.yaml}.each names=() values=() index
    if [[ ! -s ${each} ]]; then
        render "$1"
        return
    fi
    while read -ra values; do
        if ((${#names[@]} == 0)); then
            names=("${values[@]}")
            continue
        fi
        for index in "${!names[@]}"; do
            export "${names[index]}=${values[index]}"
        done
        echo "---"
        render "$1"
    done <"${each}"
}

apply() { kubectl apply --server-side --force-conflicts --field-manager jeroboam --filename - <<<"$1"; }

# Makes what is missing and leaves what is there as it is.
create() {
    local errors
    errors=$(kubectl create --filename - <<<"$1" 2>&1 >/dev/null) && return
    errors=$(grep --invert-match AlreadyExists <<<"${errors}") || return 0
    log "${errors}"
    return 1
}

folder=/var/lib/jeroboam/addons
rm -rf "${folder}"
mkdir -p "${folder}"
base64 --decode <<<"${ADDONS}" | tar --extract --gzip --directory "${folder}"
while read -r name; do
    text=$(objects "${folder}/${name}") || die "cannot read the add-on ${name}"
    case ${name} in
        *.once.yaml) retry 20 10 create "${text}" || die "cannot create ${name}" ;;
        *) retry 20 10 apply "${text}" || die "cannot apply ${name}" ;;
    esac
done < <(base64 --decode <<<"${ADDONS}" | tar --list --gzip | grep '\.yaml$')

if [[ -n ${POST_INSTALL_MANIFEST_URL} ]]; then
    retry 10 10 kubectl apply --filename "${POST_INSTALL_MANIFEST_URL}"
fi
