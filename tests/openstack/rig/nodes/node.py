"""What the node scripts do with the cloud, by the cluster's parameters."""
import threading

from keystoneauth1.identity import v3
from keystoneauth1 import session

import apis
from certificates import Authority, Failed

__all__ = ['Failed', 'configure']

lock = threading.Lock()


def configure(server, parameters):
    """Configures a node; answers what was done. `Failed` says which step cannot."""
    trustee = log_in(parameters)
    done = []
    if parameters.get('TRUST_ID'):
        own_server(trustee, server, parameters['REGION_NAME'])
        done.append('the trust shows the server')
    if str(parameters.get('TLS_DISABLED', False)).lower() == 'true':
        apis.serve(server, parameters, None)
        return ', '.join(done + ['no TLS'])
    authority = Authority(trustee, parameters['MAGNUM_URL'], parameters['CLUSTER_UUID'])
    apis.serve(server, parameters, authority)
    done.append(f'signed: {", ".join(authority.signed)}')
    return ', '.join(done)


def log_in(p):
    trust = p.get('TRUST_ID')
    scope = {'trust_id': trust} if trust else {'unscoped': True}
    auth = v3.Password(auth_url=p['AUTH_URL'], user_id=p['TRUSTEE_USER_ID'], password=p['TRUSTEE_PASSWORD'], **scope)
    trustee = session.Session(auth, timeout=120)
    try:
        trustee.get_token()
    except Exception as e:
        raise Failed(f'login as the trustee: {e}')
    return trustee


def own_server(trustee, server, region):
    where = {'service_type': 'compute', 'interface': 'public', 'region_name': region}
    answer = trustee.get(f'/servers/{server}', endpoint_filter=where, raise_exc=False)
    if answer.status_code != 200:
        raise Failed(f'the trust does not show the server: {answer.status_code} {answer.text[:300]}')
