"""What the node scripts do with the cloud, by the parameters of the deployment."""
from keystoneauth1.identity import v3
from keystoneauth1 import session

import apis
from certificates import Authority, Failed

__all__ = ['Failed', 'configure']


def configure(server, p):
    """Configures a node; answers what was done. `Failed` says what cannot be."""
    if 'CLUSTER_UUID' not in p:
        return 'nothing that concerns the cloud'
    done, authority = [], None
    if p.get('TRUSTEE_USER_ID'):
        trustee = log_in(p)
        authority = Authority(trustee, p['MAGNUM_URL'], p['CLUSTER_UUID'])
        if p.get('TRUST_ID'):
            own_server(trustee, server, p['REGION_NAME'])
            done.append('the trust shows the server')
    apis.join(server, p, authority)
    if authority and authority.signed:
        done.append(f'signed: {", ".join(authority.signed)}')
    return '; '.join(done) or 'no certificates'


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
