"""Stand-ins for the clusters' own APIs, as much as health checks and clients' first steps ask for.

A master of a cluster opens one at its public address, or at that of the load balancer, where users look for it: over TLS
with the node's certificate if the cluster has TLS. Private addresses are not of this machine: nobody answers there.
"""
import dataclasses
import http.server
import ipaddress
import json
import os
import ssl
import tempfile
import threading

import docker
import kubernetes
import marathon

FLOATING = ipaddress.ip_network(os.environ['FLOATING'])


@dataclasses.dataclass
class Cluster:
    version: str = ''
    nodes: dict = dataclasses.field(default_factory=dict)  # by server id: name, role, group, address
    listener: http.server.ThreadingHTTPServer = None


clusters = {}
lock = threading.Lock()


def coe(p):
    return kubernetes if 'KUBE_API_PORT' in p else marathon if 'MARATHON_PORT' in p else docker


def join(server, p, authority):
    """Has a node's certificates signed, and opens the cluster's API if this is the first master with a public address."""
    kind = coe(p)
    pair = kind.sign(p, authority) if kind.has_tls(p) else None
    ca = authority.ca('kubernetes') if pair else None
    own = p.get('KUBE_NODE_IP') or p.get('NODE_IP')
    public = p.get('KUBE_NODE_PUBLIC_IP') or p.get('NODE_PUBLIC_IP')
    balancer = p.get('KUBE_API_PUBLIC_ADDRESS') or p.get('API_PUBLIC_ADDRESS')
    address = balancer or public or own
    with lock:
        cluster = clusters.setdefault(p['CLUSTER_UUID'], Cluster())
        cluster.version = p.get('KUBE_TAG', cluster.version)
        cluster.nodes[server] = {'name': p['INSTANCE_NAME'], 'role': p['NODE_ROLE'], 'address': own,
                                 'group': p.get('NODEGROUP_NAME', '')}
        if p['NODE_ROLE'] == 'master' and not cluster.listener and ipaddress.ip_address(address) in FLOATING:
            cluster.listener = listen((address, kind.port(p)), kind.answers, cluster, ca, pair)


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


def listen(address, answers, cluster, ca, pair):
    listener = Listener(address, type('Handler', (Handler,), {'cluster': cluster, 'answers': staticmethod(answers)}))
    if pair:
        listener.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile('w', suffix='.pem') as file:
            file.write(pair[1] + '\n' + pair[0])
            file.flush()
            listener.tls.load_cert_chain(file.name)
        listener.tls.load_verify_locations(cadata=ca)
        listener.tls.verify_mode = ssl.CERT_REQUIRED
    threading.Thread(target=listener.serve_forever, daemon=True).start()
    return listener


class Handler(http.server.BaseHTTPRequestHandler):
    """`answers(cluster, path)` is text, something for JSON, or None where there is nothing."""
    protocol_version = 'HTTP/1.1'
    cluster = answers = None

    def do_GET(self):
        body = self.answers(self.cluster, self.path.partition('?')[0].rstrip('/'))
        data = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(404 if body is None else 200)
        self.send_header('Content-Type', 'text/plain' if isinstance(body, str) else 'application/json')
        self.send_header('Content-Length', str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass
