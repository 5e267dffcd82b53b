"""run.py FOLDER LOG EXCLUDED...: runs magnum-tempest-plugin's tests but those excluded, and prints what became of each as JSON.

    {"listed": [NAME...], "results": [{"name", "status", "reason"}...]}

`listed` is every test of the plugin by tempest's own discovery, whether it ran or not; a status is one of unittest's (`success`, `fail`,
`skip`...). A class that fails in its set-up is a result named `setUpClass (...)`.
"""
import io
import json
import os
from pathlib import Path
import re
import shutil
import string
import subprocess
import sys

import subunit
import tempest
import testtools

FOLDER, LOG = map(Path, sys.argv[1:3])
EXCLUDED = sys.argv[3:]
ALL = r'^magnum_tempest_plugin\.'
# This class has its users made once, and deletes them after its first test: each of its tests needs a process of its own.
ISOLATED = r'^magnum_tempest_plugin\.tests\.api\.v1\.test_cluster\.'


def configure():
    (FOLDER / 'lock').mkdir(parents=True, exist_ok=True)
    template = string.Template((Path(__file__).parent / 'tempest.conf').read_text())
    (FOLDER / 'tempest.conf').write_text(template.substitute(os.environ, FOLDER=FOLDER, LOG=LOG))
    discovery = Path(tempest.__file__).parent / 'test_discover'
    (FOLDER / '.stestr.conf').write_text(f'[DEFAULT]\ntest_path={discovery}\ntop_dir={discovery.parent.parent}\n')


def stestr(*words):
    environment = os.environ | {
        'TEMPEST_CONFIG_DIR': str(FOLDER), 'TEMPEST_CONFIG': 'tempest.conf', 'PYTHONWARNINGS': 'ignore', 'HOME': str(FOLDER)}
    program = Path(sys.executable).parent / 'stestr'
    done = subprocess.run([program, *words], cwd=FOLDER, env=environment, stdout=subprocess.PIPE)
    return done.stdout


def results(stream):
    """A test that was begun and did not end counts: its status stays `inprogress` then."""
    found = []

    def ended(test):
        details = {name: content.as_text() for name, content in test['details'].items()}
        reason = details.get('reason') or details.get('traceback') or '\n'.join(details.values())
        found.append({'name': test['id'], 'status': test['status'], 'reason': reason})

    into = testtools.StreamToDict(ended)
    into.startTestRun()
    subunit.ByteStreamToStreamResult(io.BytesIO(stream), non_subunit_name='output').run(into)
    into.stopTestRun()
    # What is not of a test is what the workers printed.
    return [result for result in found if result['name'] != 'output' and result['status'] != 'exists']


shutil.rmtree(FOLDER, ignore_errors=True)
configure()
stestr('init')
# Tests carry their attributes in brackets after their names.
listed = [line.split('[')[0] for line in stestr('list').decode().split() if re.match(ALL, line)]
excluded = [f'^{re.escape(name)}\\b' for name in EXCLUDED]
(FOLDER / 'isolated').write_text('\n'.join(excluded))
(FOLDER / 'together').write_text('\n'.join([*excluded, ISOLATED]))
found = []
for words in (('--concurrency', '2', '--exclude-list', 'together', ALL), ('--isolated', '--exclude-list', 'isolated', ISOLATED)):
    found += results(stestr('run', '--subunit', *words))
for result in found:
    result['name'] = result['name'].split('[')[0]
json.dump({'listed': listed, 'results': found}, sys.stdout)
