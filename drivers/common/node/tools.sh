#!/usr/bin/env bash
# Brings jq, which the agent and the steps read JSON with, where the image lacks it: from the distribution if that has packages, else the release that
# the jq project publishes for Linux.
set -euo pipefail

readonly bin=/opt/jeroboam/bin
readonly release=https://github.com/jqlang/jq/releases/download/jq-1.7.1
export PATH=${bin}:${PATH}

# shellcheck source=/dev/null
. /etc/jeroboam/agent.env
if [[ -n ${TOOLS_PROXY:-} ]]; then
    export http_proxy=${TOOLS_PROXY} https_proxy=${TOOLS_PROXY}
fi

command -v jq >/dev/null && exit

if [[ -z ${JQ_URL:-} ]]; then
    if command -v apt-get >/dev/null; then
        apt-get --quiet --yes -o DPkg::Lock::Timeout=300 update || true
        DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes -o DPkg::Lock::Timeout=300 install jq && exit
    elif command -v dnf >/dev/null && [[ ! -e /run/ostree-booted ]]; then
        dnf --quiet --assumeyes install jq && exit
    fi
fi

case $(uname -m) in
    x86_64) name=jq-linux-amd64 sum=5942c9b0934e510ee61eb3e30273f1b3fe2590df93933a93d7c58b81d19c8ff5 ;;
    aarch64) name=jq-linux-arm64 sum=4dd2d8a0661df0b22f1bb9a1f9830f06b6f3b8f7d91211a1ef5d7c4f06a8b4a5 ;;
    *) echo "tools: there is no jq for $(uname -m)" >&2 && exit 1 ;;
esac
mkdir -p "${bin}"
curl --silent --show-error --fail --location --retry 5 --max-time 300 --output "${bin}/.jq.part" "${JQ_URL:-${release}/${name}}"
echo "${sum}  ${bin}/.jq.part" | sha256sum --check --quiet
chmod 0755 "${bin}/.jq.part"
mv "${bin}/.jq.part" "${bin}/jq"
