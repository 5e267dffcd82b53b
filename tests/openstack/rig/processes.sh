# shellcheck shell=bash
# Processes of the rig: each is started here, recorded by pid, and ended by that pid. Sourced.
# shellcheck source-path=SCRIPTDIR source=settings.sh
. "$(dirname "${BASH_SOURCE[0]}")/settings.sh"

pid_of() { cat "${RUN}/$1.pid" 2>/dev/null || true; }

# When a process was started, in clock ticks since the machine's: a pid may be given out again.
started() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# alive NAME: whether the recorded process runs, and is the one recorded.
alive() {
    local pid
    pid=$(pid_of "$1")
    [[ -n ${pid} && -r /proc/${pid}/stat && $(started "${pid}") == "$(cat "${RUN}/$1.start" 2>/dev/null)" ]]
}

# start NAME COMMAND...: in a session of its own, output to its log; nothing if it runs.
start() {
    local name=$1 pid
    shift
    alive "${name}" && return
    mkdir -p "${RUN}" "${LOG}"
    setsid "$@" >>"${LOG}/${name}.log" 2>&1 </dev/null &
    pid=$!
    started "${pid}" >"${RUN}/${name}.start" || true
    echo "${pid}" >"${RUN}/${name}.pid"
}

# stop NAME [SECONDS]: asks its process group to end, and ends it after that time.
stop() {
    local name=$1 seconds=${2:-10} pid try
    if alive "${name}"; then
        pid=$(pid_of "${name}")
        kill -TERM -- "-${pid}" 2>/dev/null || kill -TERM "${pid}" 2>/dev/null || true
        for ((try = 0; try < seconds * 5; try++)); do
            alive "${name}" || break
            sleep 0.2
        done
        if alive "${name}"; then
            kill -KILL -- "-${pid}" 2>/dev/null || kill -KILL "${pid}" 2>/dev/null || true
        fi
    fi
    rm -f "${RUN}/${name}.pid" "${RUN}/${name}.start"
}

# api NAME PORT APPLICATION PROCESSESxTHREADS [UWSGI OPTION...]: a module, or `config:` and a paste file, under Debian's uWSGI.
api() {
    local name=$1 port=$2 application=$3 processes=${4%x*} threads=${4#*x} kind=--module
    shift 4
    [[ ${application} != config:* ]] || kind=--paste
    start "${name}" uwsgi-core --plugin python3 --virtualenv "${VENV}" --http-socket "${IP}:${port}" "${kind}" "${application}" \
        --processes "${processes}" --threads "${threads}" --enable-threads --lazy-apps --master --die-on-term --need-app --thunder-lock \
        --buffer-size 65535 --add-header 'Connection: close' --disable-logging "$@"
}

# What a process said last, and the end.
failed() {
    tail -n 30 "${LOG}/$1.log" >&2 || true
    die "$1 $2; its log is ${LOG}/$1.log"
}

# wait_for NAME SECONDS CHECK...: until the check succeeds; an error as soon as the process has ended.
wait_for() {
    local name=$1 seconds=$2 end=$((SECONDS + $2))
    shift 2
    until "$@"; do
        alive "${name}" || failed "${name}" 'ended while starting'
        ((SECONDS < end)) || failed "${name}" "does not answer after ${seconds} s"
        sleep 0.25
    done
}

port_open() { (exec 3<>"/dev/tcp/${IP}/$1") 2>/dev/null; }

answers() {
    local status
    status=$(curl --silent --output /dev/null --write-out '%{http_code}' --max-time 5 "http://${IP}:$1") || return 1
    ((status < 500))
}

wait_port() { wait_for "$1" "${3:-120}" port_open "$2"; }

# wait_http NAME PORT[/PATH]: until it answers with anything but a fault of its own.
wait_http() { wait_for "$1" 240 answers "$2"; }
