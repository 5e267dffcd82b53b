"""Decides by oslo.policy itself: a question on standard input, the answers on standard output."""

import json
import logging
import sys

from oslo_config import cfg
from oslo_policy import policy

logging.disable(logging.CRITICAL)


def enforcer(rules, default):
    conf = cfg.ConfigOpts()
    conf([], project="none", default_config_files=[], default_config_dirs=[])
    made = policy.Enforcer(conf, default_rule=default, use_conf=False)
    made.set_rules(policy.Rules.from_dict(rules, default))
    return made


def decide(enforcer, name, ask):
    try:
        return bool(enforcer.enforce(name, dict(ask["target"]), dict(ask["creds"])))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


question = json.load(sys.stdin)
made = enforcer(question["rules"], question["default"])
json.dump([{name: decide(made, name, ask) for name in question["rules"]} for ask in question["asks"]], sys.stdout)
