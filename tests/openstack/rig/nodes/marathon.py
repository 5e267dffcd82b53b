"""Marathon's API. Mesos has no certificates."""


def has_tls(p):
    return False


def port(p):
    return int(p['MARATHON_PORT'])


def answers(cluster, path):
    if path == '/ping':
        return 'pong'
    if path == '/v2/info':
        return {'name': 'marathon', 'version': '1.0', 'leader': 'rig:8080', 'frameworkId': 'rig', 'elected': True}
    if path == '/v2/tasks':
        return {'tasks': []}
    if path == '/v2/apps':
        return {'apps': []}
    return None
