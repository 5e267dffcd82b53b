#!/usr/bin/env bash
# down.sh [--forget]: ends what up.sh started, by recorded pid; with --forget, its data go too.
# shellcheck source-path=SCRIPTDIR source=processes.sh
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"

last=(rabbitmq epmd memcached mariadb)
pids=()
for file in "${RUN}"/*.pid; do
    [[ -e ${file} ]] || continue
    name=$(basename "${file}" .pid)
    [[ " ${last[*]} " == *" ${name} "* ]] && continue
    stop "${name}" &
    pids+=($!)
done
for pid in "${pids[@]}"; do
    wait "${pid}" || true
done
for name in "${last[@]}"; do
    stop "${name}" 30
done
if [[ -d ${RUN} ]]; then
    ip route del local "${FLOATING}" dev lo 2>/dev/null || true
    ip route del unreachable "${SERVERS}" 2>/dev/null || true
fi
if [[ ${1:-} == --forget ]]; then
    rm -rf "${DATA:?}" "${LOG:?}" "${RUN:?}" "${ETC:?}"
fi
