#!/usr/bin/env bash
# Waits until the node does its part: a worker is in the swarm, a master also answers for it under its certificate.
# shellcheck source=../../common/node/lib.sh
. /opt/jeroboam/libexec/lib.sh
# shellcheck source=../../common/node/docker-api.sh
. "${libexec}/docker-api.sh"
# shellcheck source=swarm-functions.sh
. "${libexec}/swarm-functions.sh"

leads() { [[ $(swarm_info ControlAvailable) == true ]]; }
answers_for_itself() { master_answers 127.0.0.1; }

retry 24 5 swarm_is active || die "${INSTANCE_NAME} is $(swarm_info LocalNodeState) in the swarm: $(swarm_info Error)"
is_master || exit 0
retry 24 5 leads || die "${INSTANCE_NAME} is no manager of the swarm: $(swarm_info Error)"
retry 12 5 answers_for_itself || die "Docker does not answer on port ${SWARM_PORT} of ${INSTANCE_NAME}"
