#!/usr/bin/env bash
# Does what Heat asks of this server: fetches its software deployments, runs each new one once, and tells Heat how that
# went. Heat writes the login of the stack's own user into the user data (transport POLL_SERVER_HEAT).
set -euo pipefail
shopt -s inherit_errexit 2>/dev/null || true

export PATH=/opt/jeroboam/bin:/opt/bin:${PATH}
readonly state=/var/lib/jeroboam/deployments
readonly pause=15
readonly ca_file=/etc/jeroboam/openstack-ca.crt

# shellcheck source=/dev/null
. /etc/jeroboam/agent.env
curl_opts=(--silent --show-error --fail --location --connect-timeout 10 --max-time 60)
if [[ ${VERIFY_CA:-true} == false ]]; then
    curl_opts+=(--insecure)
elif [[ -s ${ca_file} ]]; then
    curl_opts+=(--cacert "${ca_file}")
fi

log() { echo "agent: $*" >&2; }

field() { jq -r --arg name "$2" '.[$name] // ""' <<<"$1"; }

# A deployment's input by name, as text.
input() {
    jq -r --arg name "$2" '[.inputs[] | select(.name == $name) | .value][0]
        | if . == null then "" elif type == "string" then . else tojson end' <<<"$1"
}

login() {
    local file
    for file in /var/lib/heat-cfntools/cfn-init-data /var/lib/cloud/data/cfn-init-data; do
        if [[ -s ${file} ]] && jq -ce '."os-collect-config".heat // empty' "${file}"; then
            return
        fi
    done
    log "the user data holds no login for Heat"
    return 1
}

# Sets `token` and `endpoint`, Heat's public one: authenticate AUTH_URL USER_ID PASSWORD PROJECT_ID REGION
authenticate() {
    local url=${1%/} headers body
    url=${url%/v2.0}
    [[ ${url} == */v3 ]] || url=${url}/v3
    headers=$(mktemp)
    body=$(jq -n --arg user "$2" --arg password "$3" --arg project "$4" '{auth: {
        identity: {methods: ["password"], password: {user: {id: $user, password: $password}}},
        scope: {project: {id: $project}}}}' |
        curl "${curl_opts[@]}" --dump-header "${headers}" --header 'Content-Type: application/json' \
            --data @- "${url}/auth/tokens")
    token=$(awk 'tolower($1) == "x-subject-token:" { sub(/\r$/, "", $2); print $2 }' "${headers}")
    rm -f "${headers}"
    endpoint=$(jq -er --arg region "$5" '[.token.catalog[] | select(.type == "orchestration") | .endpoints[]
        | select(.interface == "public" and ($region == "" or .region_id == $region))][0].url' <<<"${body}")
    endpoint=${endpoint%/}
}

# The token goes through a file descriptor: other processes can read a command line.
request() {
    curl "${curl_opts[@]}" --header @<(printf 'X-Auth-Token: %s\n' "${token}") \
        --header 'Content-Type: application/json' "$@"
}

run_deployment() {
    local deployment=$1 work=$2 name code=0
    jq -r '.config' <<<"${deployment}" >"${work}/config"
    (
        while IFS= read -r name; do
            [[ ${name} =~ ^[A-Za-z_][A-Za-z0-9_]*$ ]] || continue
            export "${name}=$(input "${deployment}" "${name}")"
        done < <(jq -r '.inputs[].name | select(startswith("deploy_") | not)' <<<"${deployment}")
        exec bash "${work}/config"
    ) >"${work}/stdout" 2>"${work}/stderr" || code=$?
    rm -f "${work}/config"
    jq -n --argjson code "${code}" \
        --arg stdout "$(tail -c 4096 "${work}/stdout")" --arg stderr "$(tail -c 4096 "${work}/stderr")" \
        '{deploy_status_code: $code, deploy_stdout: $stdout, deploy_stderr: $stderr}' >"${work}/result.new"
    mv "${work}/result.new" "${work}/result"
    log "a deployment ended with status ${code}"
}

signal() {
    local deployment=$1 result=$2 token endpoint
    authenticate "$(input "${deployment}" deploy_auth_url)" "$(input "${deployment}" deploy_user_id)" \
        "$(input "${deployment}" deploy_password)" "$(input "${deployment}" deploy_project_id)" \
        "$(input "${deployment}" deploy_region_name)"
    request --data "@${result}" --output /dev/null \
        "${endpoint}/stacks/$(input "${deployment}" deploy_stack_id)/resources/$(input "${deployment}" deploy_resource_name)/signal"
}

poll() {
    local heat token endpoint metadata deployment id work
    heat=$(login)
    authenticate "$(field "${heat}" auth_url)" "$(field "${heat}" user_id)" "$(field "${heat}" password)" \
        "$(field "${heat}" project_id)" "$(field "${heat}" region_name)"
    metadata=$(request "${endpoint}/stacks/$(field "${heat}" stack_id)/resources/$(field "${heat}" resource_name)/metadata")
    while IFS= read -r deployment; do
        id=$(jq -r '.id' <<<"${deployment}")
        work=${state}/${id//[^A-Za-z0-9-]/}
        [[ -e ${work}/signalled ]] && continue
        mkdir -p "${work}"
        [[ -e ${work}/result ]] || run_deployment "${deployment}" "${work}"
        signal "${deployment}" "${work}/result"
        touch "${work}/signalled"
    done < <(jq -c '.metadata.deployments[]? | select(.group == "script")' <<<"${metadata}")
}

umask 077
mkdir -p "${state}"
if [[ ${1:-} == once ]]; then
    poll
    exit
fi
# A process of its own for each round: within `||` the shell would not stop at errors.
while true; do
    bash "$0" once || log "will try again in ${pause} s"
    sleep "${pause}"
done
