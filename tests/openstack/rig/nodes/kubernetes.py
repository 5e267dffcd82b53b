"""Kubernetes' certificates and API."""
import re


def has_tls(p):
    return True


def port(p):
    return int(p.get('KUBE_INSECURE_PORT') or p['KUBE_API_PORT'])


def sign(p, authority):
    """All that a node asks for; the pair to serve the API with, unless that is to be without TLS."""
    name = p['INSTANCE_NAME']
    own = [p.get('KUBE_NODE_IP'), p.get('KUBE_NODE_PUBLIC_IP')]
    authority.sign('kubernetes', f'system:node:{name}', 'system:nodes', own, [name])
    if p['NODE_ROLE'] != 'master':
        return None
    everywhere = own + [p.get('KUBE_API_PRIVATE_ADDRESS'), p.get('KUBE_API_PUBLIC_ADDRESS'), '127.0.0.1']
    pair = authority.sign('kubernetes', 'kube-apiserver', None, everywhere, ['kubernetes', 'localhost'])
    authority.sign('etcd', name, None, own + ['127.0.0.1'], [name])
    authority.sign('front-proxy', 'front-proxy-client')
    return None if p.get('KUBE_INSECURE_PORT') else pair


def answers(cluster, path):
    if path in ('/healthz', '/livez', '/readyz'):
        return 'ok'
    if path == '/version':
        return {'major': '1', 'minor': '0', 'gitVersion': cluster.version}
    if path == '/api/v1/nodes':
        return items('NodeList', [node(server, n) for server, n in list(cluster.nodes.items())])
    if re.fullmatch(r'/api/v1(/namespaces/[^/]+)?/(pods|services|persistentvolumes)', path):
        return items('List', [])
    return None


def items(kind, found):
    return {'kind': kind, 'apiVersion': 'v1', 'metadata': {'resourceVersion': '1'}, 'items': found}


def node(server, n):
    labels = {'magnum.openstack.org/role': n['role'], 'magnum.openstack.org/nodegroup': n['group']}
    return {
        'metadata': {'name': n['name'], 'uid': server, 'labels': labels},
        'spec': {'providerID': f'openstack:///{server}'},
        'status': {'addresses': [{'type': 'InternalIP', 'address': n['address']}],
                   'conditions': [{'type': 'Ready', 'status': 'True'}]}}
