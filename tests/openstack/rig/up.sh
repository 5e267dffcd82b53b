#!/usr/bin/env bash
# Starts what does not run yet, waits until it answers and the workers have reported in. The first start makes the
# databases and the seed besides.
# shellcheck source-path=SCRIPTDIR source=processes.sh
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
[[ -e ${VENV}/installed ]] || die 'run install.sh first'
ulimit -n 65536 2>/dev/null || true
mkdir -p "${RUN}" "${LOG}" "${DATA}"

python3 "${RIG}/configure.py" "${ETC}" "${DATA}" "${VENV}"
"${RIG}/infrastructure.sh"
say 'database, queue and cache answer'
"${RIG}/databases.sh"

# Some look for their configuration by a variable, and in /etc without it.
export OS_KEYSTONE_CONFIG_DIR=${ETC}/.keystone OS_GLANCE_CONFIG_DIR=${ETC}/.glance OS_NOVA_CONFIG_DIR=${ETC}/.nova \
    OS_NEUTRON_CONFIG_DIR=${ETC}/.neutron OS_NEUTRON_CONFIG_FILES=neutron.conf OS_PLACEMENT_CONFIG_DIR=${ETC}/.placement

# Every other service asks Keystone.
# Keystone 29 keeps the token that it validates in its one middleware (auth_context.py): two threads see each other's.
api keystone "${P_KEYSTONE}" keystone.wsgi.api 4x1
api glance "${P_GLANCE}" glance.wsgi.api 1x4
api placement "${P_PLACEMENT}" placement.wsgi.api 1x4
wait_http keystone "${P_KEYSTONE}/v3"
python3 "${RIG}/seed.py" identity "${DATA}"

api neutron "${P_NEUTRON}" neutron.wsgi.api 1x6
api nova-api "${P_NOVA}" nova.wsgi.osapi_compute 1x6
start nova-conductor nova-conductor
start nova-scheduler nova-scheduler
start nova-compute nova-compute
api barbican "${P_BARBICAN}" "config:${ETC}/.barbican/barbican-api-paste.ini" 1x4
api cinder-api "${P_CINDER}" cinder.wsgi.api 1x4
start cinder-scheduler cinder-scheduler
start cinder-volume cinder-volume
api heat-api "${P_HEAT}" heat.wsgi.api 1x6
api heat-cfn "${P_HEATCFN}" heat.wsgi.cfn 1x4
start heat-engine heat-engine
wait_http glance "${P_GLANCE}/versions"
wait_http placement "${P_PLACEMENT}/"
wait_http neutron "${P_NEUTRON}/"
wait_http nova-api "${P_NOVA}/"
wait_http barbican "${P_BARBICAN}/"
wait_http cinder-api "${P_CINDER}/"
wait_http heat-api "${P_HEAT}/"
wait_http heat-cfn "${P_HEATCFN}/"
say 'the services answer'

for ((try = 0; try < 120; try++)); do
    alive nova-compute || failed nova-compute 'has ended'
    nova-manage cell_v2 discover_hosts >"${LOG}/discover-hosts.log" 2>&1 || true
    [[ ! -e ${DATA}/resources-seeded ]] || break
    nova-manage cell_v2 list_hosts 2>/dev/null | grep --quiet rig-compute && break
    sleep 1
done
python3 "${RIG}/seed.py" resources "${DATA}"

octavia=(--config-file "${ETC}/.octavia/octavia.conf" --config-file "${DATA}/octavia/amphora.conf")
api octavia-api "${P_OCTAVIA}" octavia.wsgi.api 1x4 --pyargv "${octavia[*]}"
start octavia-worker octavia-worker "${octavia[@]}"
start nodes python3 "${RIG}/nodes"
wait_http octavia-api "${P_OCTAVIA}/"
python3 "${RIG}/ready.py" "${RUN}"
# For the suite, and for people.
for name in AUTH_URL REGION PASSWORD P_MAGNUM P_MAGNUM_BARBICAN; do
    echo "${name}=${!name}"
done >"${RIG_STATE}/rig.env"
for user in admin demo; do
    cat >"${RIG_STATE}/openrc-${user}" <<C
export OS_AUTH_URL=${AUTH_URL} OS_IDENTITY_API_VERSION=3 OS_REGION_NAME=${REGION} OS_INTERFACE=public
export OS_USERNAME=${user} OS_PROJECT_NAME=${user} OS_USER_DOMAIN_NAME=Default OS_PROJECT_DOMAIN_NAME=Default
export OS_PASSWORD=${PASSWORD}
C
done
say 'the workers have reported in'
