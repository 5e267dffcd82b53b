"""Prints the commands of python-magnumclient's plug-in for `openstack`, each with its own long options, as JSON."""
from importlib.metadata import distribution
import json
import sys


def options(entry_point):
    parser = entry_point.load()(None, None).get_parser(entry_point.name)
    # What formats the output is in groups of its own.
    own = (option for action in parser._optionals._group_actions for option in action.option_strings)
    return sorted(option for option in own if option.startswith('--') and option != '--help')


commands = [e for e in distribution('python-magnumclient').entry_points if e.group == 'openstack.container_infra.v1']
json.dump({e.name.replace('_', ' '): options(e) for e in commands}, sys.stdout)
