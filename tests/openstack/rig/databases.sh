#!/usr/bin/env bash
# Makes the databases and their tables, on the first start.
# shellcheck source-path=SCRIPTDIR source=processes.sh
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
[[ ! -e ${DATA}/databases-made ]] || exit 0

sql() { mariadb --no-defaults --user=root --socket="${MYSQL_SOCKET}" "$@"; }
for database in keystone glance nova nova_api nova_cell0 placement neutron heat barbican cinder octavia octavia_persistence; do
    echo "CREATE DATABASE IF NOT EXISTS ${database} CHARACTER SET utf8mb3;"
done | sql
sql --execute "CREATE USER IF NOT EXISTS 'rig'@'${IP}' IDENTIFIED BY '${PASSWORD}'; GRANT ALL ON *.* TO 'rig'@'${IP}';"

keystone() {
    mkdir -p "${DATA}"/keystone/{fernet-keys,credential-keys}
    keystone-manage db_sync
    keystone-manage fernet_setup --keystone-user root --keystone-group root
    keystone-manage credential_setup --keystone-user root --keystone-group root
    keystone-manage bootstrap --bootstrap-password "${PASSWORD}" --bootstrap-region-id "${REGION}" \
        --bootstrap-admin-url "${AUTH_URL}" --bootstrap-internal-url "${AUTH_URL}" --bootstrap-public-url "${AUTH_URL}"
}

nova() {
    local connection=mysql+pymysql://rig:${PASSWORD}@${IP}:${P_MYSQL}
    nova-manage api_db sync
    nova-manage cell_v2 map_cell0 --database_connection "${connection}/nova_cell0?charset=utf8"
    nova-manage cell_v2 list_cells | grep --quiet ' cell1 ' || nova-manage cell_v2 create_cell --name=cell1
    nova-manage db sync
}

neutron() { neutron-db-manage --config-file "${ETC}/.neutron/neutron.conf" upgrade head; }

octavia() {
    octavia-db-manage --config-file "${ETC}/.octavia/octavia.conf" upgrade head
    octavia-db-manage --config-file "${ETC}/.octavia/octavia.conf" upgrade_persistence
}

# sync NAME COMMAND...: logged.
sync() {
    local name=$1
    shift
    (set -e; "$@") >"${LOG}/database-${name}.log" 2>&1 || failed "database-${name}" 'failed'
}

mkdir -p "${LOG}"
# Two at a time.
(sync keystone keystone && sync neutron neutron && sync heat heat-manage db_sync && sync barbican barbican-manage db upgrade) &
first=$!
(sync nova nova && sync glance glance-manage db_sync && sync placement placement-manage db sync && sync cinder cinder-manage db sync &&
    sync octavia octavia) &
second=$!
status=0
wait "${first}" || status=1
wait "${second}" || status=1
((status == 0)) || die 'the databases could not be made'
touch "${DATA}/databases-made"
