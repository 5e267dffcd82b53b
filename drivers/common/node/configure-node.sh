#!/usr/bin/env bash
# What Heat's software deployment runs on a node: hands the node's parameters to the installed scripts. It runs again
# whenever a parameter changes. Its output is what a failed deployment shows, so it ends with the step that failed.
set -euo pipefail

export PATH=/opt/jeroboam/bin:/opt/bin:${PATH}
readonly params=/etc/sysconfig/heat-params

umask 077
mkdir -p /run/jeroboam "${params%/*}"

# Each key becomes a shell variable. Lists and maps stay JSON in compact form.
jq -r '
    to_entries[]
    | select(.key | test("^[A-Z][A-Z0-9_]*$"))
    | "\(.key)=\(.value | if type == "string" then . elif . == null then "" else tojson end | @sh)"
' <<<"${parameters:?}" >"${params}.new"
mv "${params}.new" "${params}"

if ! bash /opt/jeroboam/libexec/configure.sh; then
    step=$(cat /run/jeroboam/step 2>/dev/null || echo start)
    echo "node $(hostname): step ${step} failed; the last lines of its log:" >&2
    tail -n 20 "/var/log/jeroboam/${step}.log" >&2 || true
    exit 1
fi
