"""configure.py ETC DATA VENV: writes each service's configuration to ETC/.<project>/.

Files in conf/ are templates: $NAME is a variable of the environment, and a line `#include FILE name=value` stands for
conf/shared/FILE.conf. What packages bring along (paste pipelines and the like) is copied beside.
"""
import os
from pathlib import Path
import shutil
import string
import sys

ETC, DATA, VENV = map(Path, sys.argv[1:])
CONF = Path(__file__).parent / 'conf'
MAIN = {'glance': 'glance-api.conf'}
FOLDERS = ('glance/images', 'glance/staging', 'glance/tasks', 'nova/instances', 'cinder/coordination', 'neutron', 'octavia')


def render(path, names):
    lines = []
    for line in path.read_text().splitlines():
        line = string.Template(line).substitute(names)
        if line.startswith('#include '):
            file, *pairs = line.split()[1:]
            shared = CONF / 'shared' / f'{file}.conf'
            lines += render(shared, names | dict(pair.split('=', 1) for pair in pairs))
        else:
            lines.append(line)
    return lines


for folder in FOLDERS:
    (DATA / folder).mkdir(parents=True, exist_ok=True)
for template in sorted(CONF.glob('*.conf')):
    project = template.stem
    folder = ETC / f'.{project}'
    brought = VENV / 'etc' / project
    if brought.is_dir():
        shutil.copytree(brought, folder, dirs_exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    (DATA / 'lock' / project).mkdir(parents=True, exist_ok=True)
    text = render(template, os.environ | {'ETC': str(ETC), 'DATA': str(DATA)})
    (folder / MAIN.get(project, f'{project}.conf')).write_text('\n'.join(text) + '\n')
# The helper that plays the nodes looks for waiting stacks in every project; Heat allows that to nobody by default.
(ETC / '.heat' / 'policy.yaml').write_text('"stacks:global_index": "role:admin"\n')
