"""What agent.sh does on a server: from the user data to the signal."""
import base64
import email
import json
import urllib.parse

from keystoneauth1.identity import v3
from keystoneauth1 import session

import node

LOGIN = '/var/lib/heat-cfntools/cfn-init-data'


class NotYet(Exception):
    """Heat does not hand the deployment out yet."""


def run(server, config):
    """Runs one deployment of a server, that with this config; answers what was said to Heat."""
    login = login_in(base64.b64decode(server['OS-EXT-SRV-ATTR:user_data']))
    heat = log_in(login['auth_url'], login['user_id'], login['password'], login['project_id'])
    region = login.get('region_name')
    metadata = ask(heat, region, 'GET', f'/stacks/{login["stack_id"]}/resources/{login["resource_name"]}/metadata')
    handed_out = {d['id']: d for d in metadata['metadata'].get('deployments', []) if d['group'] == 'script'}
    if config not in handed_out:
        raise NotYet(f'{server["name"]} is not handed {config}')
    inputs = {i['name']: i.get('value') for i in handed_out[config]['inputs']}
    result = {'deploy_stdout': '', 'deploy_stderr': '', 'deploy_status_code': 0}
    try:
        if server['name'].startswith('broken-'):
            raise node.Failed('told to fail by its name')
        result['deploy_stdout'] = node.configure(server['id'], parameters_of(inputs))
    except Exception as e:
        result.update(deploy_stderr=f'node {server["name"]}: {e}', deploy_status_code=1)
    # With the login of the deployment, not of the server.
    signaller = log_in(inputs['deploy_auth_url'], inputs['deploy_user_id'], inputs['deploy_password'], inputs['deploy_project_id'])
    ask(signaller, inputs.get('deploy_region_name'), 'POST',
        f'/stacks/{inputs["deploy_stack_id"]}/resources/{inputs["deploy_resource_name"]}/signal', result)
    return f'{inputs["deploy_action"]}: {result["deploy_stderr"] or result["deploy_stdout"]}'


def parameters_of(inputs):
    parameters = inputs.get('parameters', {})
    return json.loads(parameters) if isinstance(parameters, str) else parameters


def login_in(user_data):
    """Heat writes its login into Ignition as a file, and beside cloud-init as a part of a MIME message."""
    text = user_data.decode()
    if text.lstrip().startswith('{'):
        files = {f['path']: f for f in json.loads(text)['storage']['files']}
        data = urllib.parse.unquote(files[LOGIN]['contents']['source'].removeprefix('data:,'))
    else:
        parts = {part.get_filename(): part for part in email.message_from_string(text).walk()}
        data = parts['cfn-init-data'].get_payload(decode=True)
    return json.loads(data)['os-collect-config']['heat']


def log_in(url, user, password, project):
    url = url.rstrip('/').removesuffix('/v2.0')
    url = url if url.endswith('/v3') else url + '/v3'
    return session.Session(v3.Password(auth_url=url, user_id=user, password=password, project_id=project), timeout=120)


def ask(heat, region, method, path, body=None):
    where = {'service_type': 'orchestration', 'interface': 'public', 'region_name': region}
    answer = heat.request(path, method, endpoint_filter=where, json=body)
    return answer.json() if answer.content else None
