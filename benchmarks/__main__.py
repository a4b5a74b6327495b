"""``python -m benchmarks CONFIGURATION DATABASE fill SIZE | flows | run [CASE …]``."""

import os
import sys

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from . import flows, scale
from .cases import CASES
from .harness import measure, report


def main(configuration, database, command, *words):
    config.parse_config(['-c', configuration, '-d', database, '--log-level=error'])
    with Registry(database).cursor() as cursor:
        env = api.Environment(cursor, api.SUPERUSER_ID, {})
        if command == 'fill':
            scale.fill(env, words[0])
            cursor.commit()
            return
        if command == 'flows':
            flows.report(env(user=env.ref('base.user_admin')), show='files' in words)
            cursor.rollback()
            return
        administrator = env.ref('base.user_admin')
        env = env(user=administrator)
        wanted = ' '.join(words)
        cases = [case for case in CASES if wanted in case.name]
        rounds = int(os.environ.get('ROUNDS') or 0)
        report([(case, _measure(env, case, rounds)) for case in cases])
        cursor.rollback()


def _measure(env, case, rounds):
    # A large size takes an hour: say what is at work.
    print(f'{case.name} …', file=sys.stderr, flush=True)
    return measure(env, case, rounds)


if __name__ == '__main__':
    main(*sys.argv[1:])
