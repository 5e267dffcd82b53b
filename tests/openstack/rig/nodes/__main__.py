"""Plays what runs inside the servers, which are only rows in Nova's database.

  python3 nodes [--interval SECONDS]

Finds software deployments that wait, in every project, and does for each what a server of ours would (agent.py): reads
the server's user data, logs in to Heat with what is written there, fetches the deployment, runs it, and signals how that
went. To run it is to do what the node scripts do with the cloud (node.py): log in as the trustee with the trust, look at
its own server with it, fetch the cluster's CA, and have certificates signed. A step that fails there fails the deployment
with its reason, so that a broken trust or certificate API is a CREATE_FAILED.

A master then answers for the cluster's own API at its public address (apis.py).

A server whose name starts with "broken-" fails its deployment.
"""
import argparse
from concurrent.futures import ThreadPoolExecutor
import os
import threading
import time

from keystoneauth1.identity import v3
from keystoneauth1 import session

import agent
import apis

DEPLOYMENTS = ('OS::Heat::SoftwareDeployment', 'OS::Heat::StructuredDeployment')


class Cloud:
    """The services as an administrator sees them."""

    def __init__(self):
        auth = v3.Password(
            auth_url=os.environ['AUTH_URL'], username='admin', password=os.environ['PASSWORD'], project_name='admin',
            user_domain_name='Default', project_domain_name='Default')
        self.session = session.Session(auth=auth, timeout=120)

    def get(self, service, path, **headers):
        where = {'service_type': service, 'region_name': os.environ['REGION'], 'interface': 'public'}
        answer = self.session.get(path, endpoint_filter=where, raise_exc=False, headers=headers)
        return answer.json() if answer.status_code == 200 else None

    def stacks(self):
        answer = self.get('orchestration', '/stacks?global_tenant=true&show_nested=true&status=IN_PROGRESS') or {}
        return [s for s in answer.get('stacks', []) if not s['stack_status'].startswith('DELETE')]

    def waiting(self, stack):
        """Its deployments that wait, as (id, time of change): the id alone stays when one runs again."""
        path = f'/stacks/{stack["stack_name"]}/{stack["id"]}/resources'
        resources = (self.get('orchestration', path) or {}).get('resources', [])
        return [(r['physical_resource_id'], r['updated_time']) for r in resources
                if r['resource_type'] in DEPLOYMENTS and r['resource_status'].endswith('_IN_PROGRESS')
                and r['physical_resource_id']]

    def deployment(self, id):
        """Its server, and the config under whose id the server is handed it: another for each run."""
        found = self.get('orchestration', f'/software_deployments/{id}')['software_deployment']
        return found['server_id'], found['config_id']

    def server(self, id):
        # This version shows user data to administrators.
        answer = self.get('compute', f'/servers/{id}', **{'OpenStack-API-Version': 'compute 2.3'})
        return answer and answer['server']


def log(*words):
    print(time.strftime('%H:%M:%S'), *words, flush=True)


class Player:
    def __init__(self, cloud):
        self.cloud = cloud
        self.pool = ThreadPoolExecutor(8)
        self.busy = set()
        self.lock = threading.Lock()

    def round(self):
        for stack in self.cloud.stacks():
            for what in self.cloud.waiting(stack):
                with self.lock:
                    if what in self.busy:
                        continue
                    self.busy.add(what)
                self.pool.submit(self.play, what)
        apis.close_those_without_servers(lambda id: self.cloud.server(id) is not None)

    def play(self, what):
        try:
            server, config = self.cloud.deployment(what[0])
            server = self.cloud.server(server)
            log(server['name'], agent.run(server, config))
        except Exception as e:  # what went away meanwhile, or is not handed out yet
            log('deployment', what[0], 'will be tried again:', repr(e)[:500])
            time.sleep(2)
            with self.lock:
                self.busy.discard(what)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--interval', type=float, default=1.5)
    arguments = parser.parse_args()
    player = Player(Cloud())
    while True:
        try:
            player.round()
        except Exception as e:  # a service that is being restarted
            log('round:', repr(e)[:500])
        time.sleep(arguments.interval)


main()
