# shellcheck shell=bash
# Starts what a step has configured. Sourced after lib.sh.

# run_unit UNIT CHANGED: restarts it only if CHANGED is yes.
run_unit() {
    local unit=$1 changed=$2
    systemctl enable "${unit}"
    if [[ ${changed} == yes ]]; then
        systemctl restart "${unit}"
    else
        systemctl start "${unit}"
    fi
}
