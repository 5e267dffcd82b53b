"""Docker's certificates and API, of a swarm."""


def has_tls(p):
    return p.get('DOCKER_TLS') == 'true'


def port(p):
    return int(p['SWARM_PORT'])


def sign(p, authority):
    name, master = p['INSTANCE_NAME'], p['NODE_ROLE'] == 'master'
    addresses = [p.get(n) for n in ('NODE_IP', 'NODE_PUBLIC_IP', 'API_PRIVATE_ADDRESS', 'API_PUBLIC_ADDRESS')]
    names = ['localhost', name] if master else []
    pair = authority.sign('kubernetes', name, 'swarm', addresses + ['127.0.0.1'] if master else [], names)
    return pair if master else None


def answers(cluster, path):
    nodes = list(cluster.nodes.items())
    masters = [n for _, n in nodes if n['role'] == 'master']
    if path == '/_ping':
        return 'OK'
    if path == '/info':
        return {'Swarm': {'LocalNodeState': 'active', 'ControlAvailable': True, 'Error': '', 'Managers': len(masters),
                          'Nodes': len(nodes)}}
    if path == '/nodes':
        return [node(server, n) for server, n in nodes]
    if path in ('/services', '/tasks', '/containers/json'):
        return []
    return None


def node(server, n):
    master = n['role'] == 'master'
    shown = {
        'ID': server, 'Version': {'Index': 1}, 'Spec': {'Role': 'manager' if master else 'worker', 'Availability': 'active'},
        'Description': {'Hostname': n['name']}, 'Status': {'State': 'ready', 'Addr': n['address']}}
    if master:
        shown['ManagerStatus'] = {'Reachability': 'reachable', 'Leader': True, 'Addr': f'{n["address"]}:2377'}
    return shown
