#!/usr/bin/env bash
# What Heat's deployment runs on the primary master before workers leave: the swarm moves their tasks elsewhere, a replacement first where a service says so.
# It never holds up the change: what cannot be moved in time goes with its node.
set -euo pipefail

umask 077
mkdir -p /run/jeroboam /var/log/jeroboam
jq . <<<"${parameters:?}" >/run/jeroboam/leaving.json
bash /opt/jeroboam/libexec/drain.sh >/var/log/jeroboam/drain.log 2>&1 ||
    echo "some workers leave with their tasks; the last lines of the log: $(tail -n 5 /var/log/jeroboam/drain.log)" >&2
