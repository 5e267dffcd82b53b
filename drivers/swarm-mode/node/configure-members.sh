#!/usr/bin/env bash
# What Heat's deployment runs on the primary master after a group of workers has changed: hands over who is left.
set -euo pipefail

umask 077
mkdir -p /run/jeroboam /var/log/jeroboam
jq . <<<"${parameters:?}" >/run/jeroboam/members.json

if ! bash /opt/jeroboam/libexec/members.sh >/var/log/jeroboam/members.log 2>&1; then
    echo "node $(hostname): step members failed; the last lines of its log:" >&2
    tail -n 20 /var/log/jeroboam/members.log >&2 || true
    exit 1
fi
