#!/usr/bin/env bash
# What runs and how much memory it takes; fails unless all that was started runs.
# shellcheck source-path=SCRIPTDIR source=processes.sh
. "$(dirname "${BASH_SOURCE[0]}")/processes.sh"

total=0 status=0
for file in "${RUN}"/*.pid; do
    [[ -e ${file} ]] || { echo 'nothing was started'; exit 1; }
    name=$(basename "${file}" .pid)
    if ! alive "${name}"; then
        printf '%-18s has ended\n' "${name}"
        status=1
        continue
    fi
    # Proportional, of the whole session: shared pages count once.
    kib=0
    while read -r pid; do
        pss=$(awk '/^Pss:/ { print $2 }' "/proc/${pid}/smaps_rollup" 2>/dev/null) || true
        kib=$((kib + ${pss:-0}))
    done < <(ps -o pid= -s "$(pid_of "${name}")")
    printf '%-18s %5d MiB  pid %s\n' "${name}" $((kib / 1024)) "$(pid_of "${name}")"
    total=$((total + kib / 1024))
done
printf '%-18s %5d MiB\n' all "${total}"
exit "${status}"
