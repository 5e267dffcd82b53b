"""A cluster's life by openstacksdk's proxy, as a program would write it. Fails at the first thing that is not so, or if the proxy has a method that is not used here."""
import functools
import inspect
import subprocess
import sys

import openstack
from openstack import exceptions
from openstack.container_infrastructure_management.v1 import _proxy

# What the proxy itself adds to every service's.
METHODS = {name for name, member in vars(_proxy.Proxy).items() if inspect.isfunction(member) and not name.startswith('_')}
used = set()


def noted(name, method):
    @functools.wraps(method)
    def note(*words, **named):
        used.add(name)
        return method(*words, **named)
    return note


for each in METHODS:
    setattr(_proxy.Proxy, each, noted(each, getattr(_proxy.Proxy, each)))


def equal(got, wanted):
    if got != wanted:
        raise SystemExit(f'{got!r} in place of {wanted!r}')


def refused(error, ask, *words, **named):
    try:
        ask(*words, **named)
    except error as e:
        return str(e)
    raise SystemExit(f'{ask.__name__} succeeded')


coe = openstack.connect().container_infrastructure_management

# Templates.
fields = {'coe': 'kubernetes', 'image_id': 'fedora-coreos-latest', 'keypair_id': 'testkey', 'external_network_id': 'public',
          'flavor_id': 'm1.small', 'master_flavor_id': 'm1.small', 'labels': {'kube_tag': 'v1.33.5'}}
template = coe.create_cluster_template(name='k8s', **fields)
equal((template.name, template.coe, template.labels, template.cluster_distro), ('k8s', 'kubernetes', fields['labels'], 'fedora-coreos'))
equal(coe.get_cluster_template(template.id).uuid, template.uuid)
equal(coe.find_cluster_template('k8s').uuid, template.uuid)
equal(coe.find_cluster_template('nothing'), None)
equal([t.name for t in coe.cluster_templates()], ['k8s'])
template = coe.update_cluster_template(template, name='other', labels={'kube_tag': 'v1.33.4'})
equal((template.name, template.labels), ('other', {'kube_tag': 'v1.33.4'}))

# Clusters.
cluster = coe.create_cluster(name='first', cluster_template_id=template.uuid, node_count=2, master_count=1, create_timeout=30)
equal([c.name for c in coe.clusters()], ['first'])
cluster = coe.wait_for_status(coe.get_cluster(cluster.uuid), 'CREATE_COMPLETE', failures=['CREATE_FAILED'], interval=1, wait=300)
equal((cluster.name, cluster.node_count, cluster.master_count, cluster.create_timeout, cluster.coe_version, len(cluster.node_addresses)),
      ('first', 2, 1, 30, 'v1.33.4', 2))
equal(coe.find_cluster('first').uuid, cluster.uuid)
equal(coe.find_cluster('nothing'), None)
coe.update_cluster(cluster, node_count=3)
cluster = coe.wait_for_status(coe.get_cluster(cluster.uuid), 'UPDATE_COMPLETE', failures=['UPDATE_FAILED'], interval=1, wait=300)
equal((cluster.node_count, len(cluster.node_addresses)), (3, 3))

# Certificates.
authority = coe.get_cluster_certificate(cluster.uuid)
request = subprocess.run(['openssl', 'req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=sdk', '-keyout', '/dev/null'],
                         check=True, capture_output=True, text=True).stdout
certificate = coe.create_cluster_certificate(cluster_uuid=cluster.uuid, csr=request)
for pem in (authority.pem, certificate.pem):
    equal(pem.splitlines()[0], '-----BEGIN CERTIFICATE-----')

# Services are for administrators.
refused(exceptions.ForbiddenException, lambda: list(coe.services()))
operator = openstack.connect(username='admin', project_name='admin').container_infrastructure_management
equal([(s.binary, s.state) for s in operator.services()], [('magnum-conductor', 'up')])

coe.delete_cluster(cluster)
coe.wait_for_delete(cluster, interval=1, wait=300)
equal(list(coe.clusters()), [])
coe.delete_cluster_template(template)
coe.delete_cluster_template(template.uuid, ignore_missing=True)
refused(exceptions.NotFoundException, coe.delete_cluster, 'nothing', ignore_missing=False)

unused = METHODS - used
if unused:
    sys.exit(f'not used here: {", ".join(sorted(unused))}')
