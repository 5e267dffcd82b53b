"""Stand-ins for the clusters' own APIs, at the public addresses of masters or load balancers, over TLS with the node's
certificate where the cluster has TLS. As much as health checks and clients' first steps ask for."""
import dataclasses
import http.server
import ipaddress
import json
import os
import re
import ssl
import tempfile
import threading


@dataclasses.dataclass
class Cluster:
    ca: str = ''
    version: str = ''
    nodes: dict = dataclasses.field(default_factory=dict)  # by server id: name, role, group, address
    listener: http.server.ThreadingHTTPServer = None


clusters = {}
lock = threading.Lock()


def serve(server, p, authority):
    """Notes a node, has its certificates signed, and opens the cluster's API if this node is a master with a public address."""
    name, role = p['INSTANCE_NAME'], p.get('NODE_ROLE', 'worker')
    own = [p.get('KUBE_NODE_IP'), p.get('KUBE_NODE_PUBLIC_IP')]
    pair = None
    if authority:
        ca = authority.ca('kubernetes')
        authority.sign('kubernetes', f'system:node:{name}', 'system:nodes', own, [name])
        if role == 'master':
            addresses = own + [p.get('KUBE_API_PRIVATE_ADDRESS'), p.get('KUBE_API_PUBLIC_ADDRESS'), '127.0.0.1']
            pair = authority.sign('kubernetes', 'kube-apiserver', None, addresses, ['kubernetes', 'localhost'])
            authority.sign('etcd', name, None, own + ['127.0.0.1'], [name])
            authority.sign('front-proxy', 'front-proxy-client')
    with lock:
        cluster = clusters.setdefault(p['CLUSTER_UUID'], Cluster())
        cluster.version = p.get('KUBE_TAG', cluster.version)
        cluster.nodes[server] = {'name': name, 'role': role, 'group': p.get('NODEGROUP_NAME', ''), 'address': own[0]}
        address = p.get('KUBE_API_PUBLIC_ADDRESS') or p.get('KUBE_NODE_PUBLIC_IP')
        if role == 'master' and address and is_here(address) and not cluster.listener:
            cluster.ca = ca if authority else ''
            cluster.listener = listen((address, int(p['KUBE_API_PORT'])), cluster, pair)


def is_here(address):
    """Only floating addresses are routed to this machine."""
    return ipaddress.ip_address(address) in ipaddress.ip_network(os.environ['FLOATING'])


def close_those_without_servers(exists):
    with lock:
        known = list(clusters.items())
    for uuid, cluster in known:
        for server in [s for s in list(cluster.nodes) if not exists(s)]:
            cluster.nodes.pop(server, None)
        if not cluster.nodes:
            with lock:
                del clusters[uuid]
            if cluster.listener:
                cluster.listener.shutdown()
                cluster.listener.server_close()


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    tls = None

    def get_request(self):
        connection, peer = super().get_request()
        connection.settimeout(30)
        if self.tls:
            # The handshake is for the thread that serves the connection.
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, peer

    def handle_error(self, request, client_address):
        pass


def listen(address, cluster, pair):
    listener = Listener(address, type('Handler', (Kubernetes,), {'cluster': cluster}))
    if pair:
        listener.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile('w', suffix='.pem') as file:
            file.write(pair[1] + '\n' + pair[0])
            file.flush()
            listener.tls.load_cert_chain(file.name)
        listener.tls.load_verify_locations(cadata=cluster.ca)
        listener.tls.verify_mode = ssl.CERT_REQUIRED
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    return listener


class Answers(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    cluster = None

    def do_GET(self):
        body = self.answer(self.path.partition('?')[0].rstrip('/'))
        status = 404 if body is None else 200
        data = (body or '') if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        self.send_header('Content-Type', 'text/plain' if isinstance(body, str) else 'application/json')
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data.encode())

    def log_message(self, *_):
        pass


class Kubernetes(Answers):
    def answer(self, path):
        if path in ('/healthz', '/livez', '/readyz'):
            return 'ok'
        if path == '/version':
            return {'major': '1', 'minor': '0', 'gitVersion': self.cluster.version}
        if path == '/api/v1/nodes':
            return kubernetes_list('NodeList', [kubernetes_node(id, n) for id, n in list(self.cluster.nodes.items())])
        if re.fullmatch(r'/api/v1(/namespaces/[^/]+)?/(pods|services|persistentvolumes)', path):
            return kubernetes_list('List', [])
        return None


def kubernetes_list(kind, items):
    return {'kind': kind, 'apiVersion': 'v1', 'metadata': {'resourceVersion': '1'}, 'items': items}


def kubernetes_node(server, node):
    return {
        'metadata': {'name': node['name'], 'uid': server, 'labels': {
            'magnum.openstack.org/role': node['role'], 'magnum.openstack.org/nodegroup': node['group']}},
        'spec': {'providerID': f'openstack:///{server}'},
        'status': {'addresses': [{'type': 'InternalIP', 'address': node['address']}],
                   'conditions': [{'type': 'Ready', 'status': 'True'}]}}
