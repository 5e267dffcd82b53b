#!/usr/bin/env bash
# Configures and starts this node's Mesos slave. Mesos and Marathon know it by its private address.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=ensemble.sh
. /opt/jeroboam/libexec/ensemble.sh
# shellcheck source=../../common/node/units.sh
. /opt/jeroboam/libexec/units.sh

readonly slave_flags=/etc/mesos-slave
readonly environment=/etc/jeroboam/executor-environment.json
work_dir=${MESOS_SLAVE_WORK_DIR:-/var/lib/mesos}
wanted=(
    "containerizers=docker,mesos"
    executor_registration_timeout=5mins
    "hostname=${NODE_IP}"
    "ip=${NODE_IP}"
    "work_dir=${work_dir}"
)
[[ -z ${MESOS_SLAVE_ISOLATION} ]] || wanted+=("isolation=${MESOS_SLAVE_ISOLATION}")
[[ -z ${MESOS_SLAVE_IMAGE_PROVIDERS} ]] || wanted+=("image_providers=${MESOS_SLAVE_IMAGE_PROVIDERS}")

changed=no
if [[ -n ${MESOS_SLAVE_EXECUTOR_ENV_VARIABLES} ]]; then
    wanted+=("executor_environment_variables=file://${environment}")
    install_file "${environment}" 0644 <<<"${MESOS_SLAVE_EXECUTOR_ENV_VARIABLES}" && changed=yes
fi
read -ra further <<<"${MESOS_SLAVE_FLAGS}"
wanted+=("${further[@]}")

# Which flags are ours, so that those that are no longer wanted go.
readonly list=/var/lib/jeroboam/mesos-slave.flags
names=$(printf '%s\n' "${wanted[@]%%=*}")
while IFS= read -r name; do
    grep --quiet --line-regexp --fixed-strings "${name}" <<<"${names}" || rm -f "${slave_flags:?}/${name}"
done < <(cat "${list}" 2>/dev/null)
install_file "${list}" <<<"${names}" && changed=yes

# Tasks run as users of their own.
install --directory --mode 0755 "${work_dir}"
flags /etc/mesos "zk=$(zk mesos)" && changed=yes
flags "${slave_flags}" "${wanted[@]}" && changed=yes
if [[ ${changed} == yes ]]; then
    # A slave does not take up again what it was with other flags; its tasks are started anew.
    systemctl stop mesos-slave.service || true
    rm -f "${work_dir}/meta/slaves/latest"
fi
run_unit mesos-slave.service "${changed}"
