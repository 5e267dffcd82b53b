#!/usr/bin/env bash
# Configures and starts Docker, which runs the containers of tasks.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=ensemble.sh
. /opt/jeroboam/libexec/ensemble.sh

changed=no
jq -n '{"log-driver": "json-file", "log-opts": {"max-size": "10m", "max-file": "5"}}
    + (if env.DOCKER_STORAGE_DRIVER == "" then {} else {"storage-driver": env.DOCKER_STORAGE_DRIVER} end)
    + (if env.INSECURE_REGISTRY_URL == "" then {} else {"insecure-registries": [env.INSECURE_REGISTRY_URL]} end)' |
    install_file /etc/docker/daemon.json 0644 && changed=yes
run_unit docker "${changed}"
