#!/usr/bin/env bash
# Starts MariaDB, RabbitMQ and memcached on loopback with data of their own, and keeps what is meant for servers here.
# shellcheck source-path=SCRIPTDIR source=processes.sh
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"
mkdir -p "${DATA}"/{mysql,rabbitmq/log} "${LOG}" "${RUN}"

if [[ ! -d ${DATA}/mysql/mysql ]]; then
    mariadb-install-db --no-defaults --user=root --datadir="${DATA}/mysql" --auth-root-authentication-method=socket \
        --skip-test-db >"${LOG}/mariadb-install.log" 2>&1 || failed mariadb-install 'failed'
fi
# Not durable: what is lost with the machine is made again.
start mariadb mariadbd --no-defaults --user=root --datadir="${DATA}/mysql" --socket="${MYSQL_SOCKET}" \
    --pid-file="${RUN}/mariadbd.self" --bind-address="${IP}" --port="${P_MYSQL}" --skip-name-resolve --max-connections=600 \
    --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-buffer-pool-size=256M \
    --innodb-flush-method=O_DIRECT_NO_FSYNC --skip-log-bin --performance-schema=0 --character-set-server=utf8mb3

start memcached memcached -u root -l "${IP}" -p "${P_MEMCACHE}" -m 64 -c 1024

cat >"${DATA}/rabbitmq/rabbitmq.conf" <<C
listeners.tcp.default = ${IP}:${P_AMQP}
default_user = rig
default_pass = ${PASSWORD}
default_permissions.configure = .*
default_permissions.read = .*
default_permissions.write = .*
loopback_users = none
log.console = true
log.console.level = warning
log.file = false
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 1GB
C
echo '[].' >"${DATA}/rabbitmq/enabled_plugins"
# Erlang's port mapper would be started as a daemon of its own that outlives RabbitMQ, so it is one of ours.
start epmd epmd -address "${IP}"
wait_port epmd 4369
start rabbitmq env HOME="${DATA}/rabbitmq" RABBITMQ_NODENAME=rig@localhost RABBITMQ_CONF_ENV_FILE=/dev/null \
    RABBITMQ_CONFIG_FILE="${DATA}/rabbitmq/rabbitmq.conf" RABBITMQ_ENABLED_PLUGINS_FILE="${DATA}/rabbitmq/enabled_plugins" \
    RABBITMQ_MNESIA_BASE="${DATA}/rabbitmq/mnesia" RABBITMQ_LOG_BASE="${DATA}/rabbitmq/log" \
    RABBITMQ_PID_FILE="${DATA}/rabbitmq/pid" RABBITMQ_DIST_PORT="${P_AMQP_DIST}" ERL_EPMD_ADDRESS="${IP}" \
    ERL_CRASH_DUMP=/dev/null \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none' \
    /usr/lib/rabbitmq/bin/rabbitmq-server

ip route replace local "${FLOATING}" dev lo || say "no route to ${FLOATING}: clusters will not be healthy"
ip route replace unreachable "${SERVERS}" || say "what is sent to ${SERVERS} may leave this machine"

wait_port mariadb "${P_MYSQL}"
wait_port memcached "${P_MEMCACHE}"
wait_port rabbitmq "${P_AMQP}"
