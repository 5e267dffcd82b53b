# shellcheck shell=bash disable=SC2154
# Makes the node's keys and has Magnum sign them. Keys never leave the node. A certificate that is still good is kept. Sourced after lib.sh:
#
#   login
#   ca kubernetes DIR/ca.crt
#   certificate kubernetes DIR/ca.crt DIR/server O=group/CN=name clientAuth,serverAuth DNS:host,IP:10.0.0.1

curl_opts=(--silent --show-error --location --connect-timeout 10 --max-time 60)
if ! enabled "${VERIFY_CA}"; then
    curl_opts+=(--insecure)
elif [[ -s ${openstack_ca:?} ]]; then
    curl_opts+=(--cacert "${openstack_ca}")
fi

work=$(mktemp --directory)
trap 'rm -rf "${work}"' EXIT

# Sets `token`: that of the trust where there is one, else the trustee's own.
authenticate() {
    jq -n '{auth: ({
        identity: {methods: ["password"], password: {user: {id: env.TRUSTEE_USER_ID, password: env.TRUSTEE_PASSWORD}}}
    } + if env.TRUST_ID == "" then {} else {scope: {"OS-TRUST:trust": {id: env.TRUST_ID}}} end)}' |
        curl "${curl_opts[@]}" --fail --output /dev/null --dump-header "${work}/headers" \
            --header 'Content-Type: application/json' --data @- "${AUTH_URL}/auth/tokens" || return 1
    token=$(awk 'tolower($1) == "x-subject-token:" { sub(/\r$/, "", $2); print $2 }' "${work}/headers")
    rm -f "${work}/headers"
    [[ -n ${token} ]]
}

# magnum PATH [CURL OPTION...]: prints the member `pem` of the answer.
magnum() {
    local path=$1 status
    shift
    status=$(curl "${curl_opts[@]}" --header @<(printf 'X-Auth-Token: %s\n' "${token}") \
        --header 'Content-Type: application/json' --header 'OpenStack-API-Version: container-infra latest' \
        --output "${work}/answer" --write-out '%{http_code}' "$@" "${MAGNUM_URL}/${path}") || return 1
    if [[ ${status} != 2?? ]]; then
        log "Magnum answered ${status} to ${path}: $(head -c 500 "${work}/answer")"
        return 1
    fi
    jq -er .pem "${work}/answer"
}

# fetch_ca TYPE FILE
fetch_ca() { magnum "certificates/${CLUSTER_UUID}?ca_cert_type=$1" >"${work}/ca" && [[ -s ${work}/ca ]]; }

# ca TYPE FILE: an authority's certificate. Beside it, FILE-bundle.crt (for FILE.crt) also holds the one before it, for two hours after a rotation: who
# trusts the bundle goes on to trust those that have not heard of the rotation yet.
ca() {
    local file=$2 previous=${2%.crt}-previous.crt
    retry 30 10 fetch_ca "$1" || die "cannot fetch the CA certificate ($1) from ${MAGNUM_URL}"
    if [[ -s ${file} ]] && ! cmp --silent "${work}/ca" "${file}"; then
        install_file "${previous}" 0644 <"${file}" || true
    elif [[ -s ${previous} && -n $(find "${previous}" -mmin +120) ]]; then
        rm -f "${previous}"
    fi
    install_file "${file}" 0644 <"${work}/ca" || true
    touch "${work}/none"
    cat "${file}" "$([[ -s ${previous} ]] && echo "${previous}" || echo "${work}/none")" >"${work}/bundle"
    install_file "${file%.crt}-bundle.crt" 0644 <"${work}/bundle" || true
}

# Whether the pair is there, belongs together, chains to the CA, has these names and is good for another 30 days.
is_good() {
    local key=$1.key certificate=$1.crt authority=$2 names=$3
    [[ -s ${key} && -s ${certificate} && $(cat "$1.names" 2>/dev/null) == "${names}" ]] &&
        openssl verify -CAfile "${authority}" "${certificate}" >/dev/null 2>&1 &&
        openssl x509 -in "${certificate}" -noout -checkend 2592000 >/dev/null &&
        cmp --silent <(openssl x509 -in "${certificate}" -noout -pubkey) <(openssl pkey -in "${key}" -pubout)
}

sign() {
    jq --raw-input --slurp --arg type "$1" '{cluster_uuid: env.CLUSTER_UUID, csr: ., ca_cert_type: $type}' "${work}/csr" \
        >"${work}/request"
    magnum certificates --data "@${work}/request" >"${work}/crt" && [[ -s ${work}/crt ]]
}

# certificate CA_TYPE CA_FILE PATH SUBJECT USAGES [SAN]: PATH.key and PATH.crt
certificate() {
    local type=$1 authority=$2 path=$3 subject=$4 usages=$5 names=${6:-}
    is_good "${path}" "${authority}" "${subject} ${names}" && return
    log "asking for ${path}"
    mkdir -p "${path%/*}"
    {
        printf '[req]\nprompt = no\ndistinguished_name = dn\nreq_extensions = ext\n[dn]\n%s\n' "${subject//\//$'\n'}"
        printf '[ext]\nkeyUsage = critical, digitalSignature, keyEncipherment\nextendedKeyUsage = %s\n' "${usages}"
        [[ -z ${names} ]] || printf 'subjectAltName = %s\n' "${names}"
    } >"${work}/openssl.cnf"
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "${work}/key"
    openssl req -new -key "${work}/key" -config "${work}/openssl.cnf" -out "${work}/csr"
    retry 10 10 sign "${type}" || die "Magnum does not sign ${path##*/}"
    install_file "${path}.key" <"${work}/key" || true
    install_file "${path}.crt" 0644 <"${work}/crt" || true
    install_file "${path}.names" <<<"${subject} ${names}" || true
}

# Addresses as subject alternative names, without what is empty.
ip_names() {
    local address out=
    for address in "$@"; do
        [[ -z ${address} || ${out}, == *"IP:${address},"* ]] || out+=",IP:${address}"
    done
    echo "${out#,}"
}

# Has to come first.
login() { retry 30 10 authenticate || die "cannot log in at ${AUTH_URL}"; }
