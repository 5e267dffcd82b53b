"""ready.py RUN: waits until the workers behind the APIs have reported in since they were started, and the APIs know their policy."""
import datetime
import os
from pathlib import Path
import sys
import time

import openstack

RUN = Path(sys.argv[1])
WORKERS = {'nova-conductor', 'nova-scheduler', 'nova-compute', 'cinder-scheduler', 'cinder-volume', 'heat-engine'}
# A service reads its policy at the first request that asks for it, and other threads find it half read meanwhile: Barbican's answer
# is then a 500.
FIRST_REQUESTS = {
    'image': '/images?limit=1', 'network': '/networks?limit=1', 'key_manager': '/secrets?limit=1',
    'load_balancer': '/lbaas/loadbalancers?limit=1', 'orchestration': '/stacks?limit=1',
}


def since(stamp, worker):
    """Whether a report is of the process that runs: "up" may still speak of the one before."""
    told = datetime.datetime.fromisoformat(str(stamp).rstrip('Z').split('.')[0]).replace(tzinfo=datetime.timezone.utc)
    return told.timestamp() >= (RUN / f'{worker}.start').stat().st_mtime - 1


def reported(cloud):
    services = [(s.binary, s.state, s.updated_at) for s in (*cloud.compute.services(), *cloud.block_storage.services())]
    for s in cloud.orchestration.get('/services').json().get('services', []):
        services.append((s['binary'], s['status'], s['updated_at'] or s['created_at']))
    return {name for name, state, at in services if name in WORKERS and state == 'up' and since(at, name)}


cloud = openstack.connect(
    auth_url=os.environ['AUTH_URL'], region_name=os.environ['REGION'], username='admin', password=os.environ['PASSWORD'],
    project_name='admin', user_domain_name='Default', project_domain_name='Default')
end, missing, trouble = time.time() + 240, WORKERS, None
while missing:
    try:
        missing = WORKERS - reported(cloud)
    except Exception as e:  # an API that is still starting
        trouble = e
    for worker in missing:
        pid = (RUN / f'{worker}.pid').read_text().strip()
        if not Path('/proc', pid).exists():
            sys.exit(f'{worker} has ended; see its log')
    if missing and time.time() > end:
        sys.exit(f'have not reported in: {", ".join(sorted(missing))} {trouble or ""}')
    time.sleep(1)

for service, path in FIRST_REQUESTS.items():
    answer = getattr(cloud, service).get(path)
    if not answer.ok:
        sys.exit(f'{service} answers {answer.status_code}: {answer.text}')
