#!/usr/bin/env bash
# What Heat's software deployment runs on the first master before nodes leave or are replaced: moves their pods elsewhere. Inputs: `nodes`, a list of indexes in
# the group, server ids or names, also of nodes that have gone (addresses would not do: they are given out again); `names`, the beginning of the group's node names. It never holds up the change: what cannot be moved in
# time goes with its node.
set -euo pipefail

export PATH=/opt/jeroboam/bin:/opt/bin:${PATH} KUBECONFIG=/etc/kubernetes/admin.conf
# shellcheck source=/dev/null
. /etc/sysconfig/heat-params
kubectl=(kubectl "--request-timeout=20s")
local_data=--delete-emptydir-data
[[ ${KUBE_TAG} != v1.19.* ]] || local_data=--delete-local-data

# The nodes that are meant, of those that there are.
leaving() {
    "${kubectl[@]}" get nodes --output json | jq --raw-output --argjson wanted "${nodes:-[]}" --arg names "${names:-}" '
        [$wanted[] | tostring] as $wanted
        | .items[]
        | . as $node
        | [.metadata.name, (.status.nodeInfo.systemUUID // "" | ascii_downcase), (.spec.providerID // "" | split("/") | last)] as $known
        | select($wanted | any(. as $one | ($known | index($one)) or $node.metadata.name == $names + $one))
        | .metadata.name'
}

list=$(leaving) || {
    echo "the API does not answer: nobody is moved" >&2
    exit 0
}
mapfile -t found <<<"${list}"
if [[ -z ${found[*]} ]]; then
    exit 0
fi
# A server that takes the place of another has its name, and would find its entry: cordoned, and with the identity of the former server.
forget() { "${kubectl[@]}" delete node --wait=false "${found[@]}" || echo "${found[*]} stay listed" >&2; }

if ((NODE_DRAIN_TIMEOUT == 0)); then
    forget
    exit 0
fi
"${kubectl[@]}" cordon "${found[@]}" || echo "not all of ${found[*]} could be cordoned" >&2
# All at once, each until its pods are gone or the time is up.
timeout "$((NODE_DRAIN_TIMEOUT + 60))" kubectl drain "${found[@]}" --ignore-daemonsets "${local_data}" --force \
    --timeout "${NODE_DRAIN_TIMEOUT}s" || echo "not all pods of ${found[*]} could be moved in time" >&2
forget
