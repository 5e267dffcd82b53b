"""seed.py identity|resources DATA: what has to be there before a cluster; makes only what is missing."""
import os
from pathlib import Path
import subprocess
import sys

import openstack

PASSWORD, REGION, IP = (os.environ[n] for n in ('PASSWORD', 'REGION', 'IP'))
DATA = Path(sys.argv[2])

SERVICES = ('glance', 'nova', 'placement', 'neutron', 'cinder', 'heat', 'barbican', 'octavia', 'magnum')
ROLES = ('admin', 'manager', 'member', 'reader', 'service', 'heat_stack_owner', 'heat_stack_user', 'creator',
         'load-balancer_member', 'load-balancer_admin')
USER = ('member', 'heat_stack_owner', 'creator', 'load-balancer_member')
# Type, name, variable of the port, path. Region `Barbican` has nothing but a second daemon.
CATALOGUE = (
    ('identity', 'keystone', 'P_KEYSTONE', '/v3'),
    ('image', 'glance', 'P_GLANCE', ''),
    ('compute', 'nova', 'P_NOVA', '/v2.1'),
    ('placement', 'placement', 'P_PLACEMENT', ''),
    ('network', 'neutron', 'P_NEUTRON', ''),
    ('block-storage', 'cinder', 'P_CINDER', '/v3'),
    ('volumev3', 'cinder', 'P_CINDER', '/v3'),
    ('orchestration', 'heat', 'P_HEAT', '/v1/%(project_id)s'),
    ('cloudformation', 'heat-cfn', 'P_HEATCFN', '/v1'),
    ('key-manager', 'barbican', 'P_BARBICAN', ''),
    ('load-balancer', 'octavia', 'P_OCTAVIA', ''),
    ('container-infra', 'magnum', 'P_MAGNUM', '/v1'),
    ('container-infra', 'magnum', 'P_MAGNUM_BARBICAN', '/v1', 'Barbican'),
)
FLAVORS = (('m1.tiny', '1', 1, 512, 1), ('m1.small', '2', 1, 2048, 20), ('m1.medium', '3', 2, 4096, 40))
# By os_distro; also the image's name.
IMAGES = ('fedora-coreos', 'ubuntu', 'fedora-atomic', 'coreos', 'fedora')


def connect(user='admin', project='admin'):
    return openstack.connect(
        auth_url=os.environ['AUTH_URL'], region_name=REGION, username=user, password=PASSWORD, project_name=project,
        user_domain_name='Default', project_domain_name='Default')


def identity():
    keystone = connect().identity
    roles = {r.name: r for r in keystone.roles()}
    for name in ROLES:
        if name not in roles:
            roles[name] = keystone.create_role(name=name)
    default = keystone.get_domain('default')

    def project(name):
        return keystone.find_project(name, domain_id=default.id) or keystone.create_project(name=name, domain_id=default.id)

    def user(name, domain=default):
        return (keystone.find_user(name, domain_id=domain.id)
                or keystone.create_user(name=name, password=PASSWORD, domain_id=domain.id))

    def grant(who, where, *names):
        for name in names:
            keystone.assign_project_role_to_user(where, who, roles[name])

    service, demo, admin = project('service'), project('demo'), project('admin')
    for name in SERVICES:
        grant(user(name), service, 'admin', 'service', 'creator')
    grant(user('admin'), admin, 'heat_stack_owner', 'load-balancer_admin')
    grant(user('admin'), demo, 'admin')
    grant(user('demo'), demo, *USER)
    for name, admin_name in (('heat', 'heat_domain_admin'), ('magnum', 'magnum_domain_admin')):
        domain = keystone.find_domain(name) or keystone.create_domain(name=name)
        keystone.assign_domain_role_to_user(domain, user(admin_name, domain), roles['admin'])
    if 'Barbican' not in {r.id for r in keystone.regions()}:
        keystone.create_region(id='Barbican')
    catalogue(keystone)


def catalogue(keystone):
    services = {s.type: s for s in keystone.services()}
    endpoints = {(e.service_id, e.interface, e.region_id) for e in keystone.endpoints()}
    for kind, name, port, path, *other in CATALOGUE:
        region = other[0] if other else REGION
        if kind not in services:
            services[kind] = keystone.create_service(type=kind, name=name)
        for interface in ('public', 'internal', 'admin'):
            if (services[kind].id, interface, region) not in endpoints:
                keystone.create_endpoint(service_id=services[kind].id, interface=interface, region_id=region,
                                         url=f'http://{IP}:{os.environ[port]}{path}')


def image(cloud, name, **properties):
    if not cloud.image.find_image(name):
        cloud.image.create_image(name, data=bytes(65536), disk_format='raw', container_format='bare', visibility='public',
                                 validate_checksum=False, allow_duplicates=True, wait=True, **properties)


def resources():
    cloud = connect()
    flavors = {f.name for f in cloud.compute.flavors()}
    for name, id, vcpus, ram, disk in FLAVORS:
        if name not in flavors:
            cloud.compute.create_flavor(name=name, id=id, vcpus=vcpus, ram=ram, disk=disk)
    for distro in IMAGES:
        image(cloud, distro, os_distro=distro)
    if not cloud.network.find_network('public'):
        network = cloud.network.create_network(name='public', is_router_external=True, provider_network_type='flat',
                                               provider_physical_network='public')
        cloud.network.create_subnet(name='public', network_id=network.id, ip_version=4, cidr='198.51.100.0/24',
                                    gateway_ip='198.51.100.1', is_dhcp_enabled=False)
    if 'rig' not in {t.name for t in cloud.block_storage.types()}:
        kind = cloud.block_storage.create_type(name='rig')
        cloud.block_storage.update_type_extra_specs(kind, volume_backend_name='nothing')
    amphorae()


def amphorae():
    """What Octavia's amphorae boot from, in the services' project."""
    folder = DATA / 'octavia'
    subprocess.run(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '3650', '-subj', '/CN=rig-octavia',
                    '-keyout', folder / 'ca.key', '-out', folder / 'ca.crt'], check=True, stderr=subprocess.DEVNULL)
    cloud = connect('octavia', 'service')
    network = cloud.network.find_network('lb-mgmt') or cloud.network.create_network(name='lb-mgmt')
    if not network.subnet_ids:
        cloud.network.create_subnet(network_id=network.id, name='lb-mgmt', ip_version=4, cidr='192.168.200.0/22')
    group = cloud.network.find_security_group('lb-mgmt') or cloud.network.create_security_group(name='lb-mgmt')
    image(cloud, 'amphora', tags=['amphora'])
    (folder / 'amphora.conf').write_text(
        f'[controller_worker]\namp_boot_network_list = {network.id}\namp_secgroup_list = {group.id}\n'
        f'amp_image_owner_id = {cloud.current_project_id}\n')


phase = sys.argv[1]
done = DATA / f'{phase}-seeded'
if not done.exists():
    {'identity': identity, 'resources': resources}[phase]()
    done.touch()
