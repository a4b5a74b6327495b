"""``make coexist``: Odoo's own suites in a database in which CRM Extended is installed too."""

import subprocess
from pathlib import Path

from . import database, paths, setup, testing
from .postgres import Cluster

DATABASE = 'coexist'
# What Odoo's suites want beside what they test, and what it is about.
MODULES = ('mass_mailing_crm', 'crm_sms', 'crm_extended')
SUITES = ('sales_team', 'utm', 'crm', 'calendar', 'mass_mailing')
# Counts two queries too many after its neighbours, with Odoo by itself as well.
FAILING = ('test_assign_perf_no_duplicates',)
# Odoo's tests expect its own words: English alone.
LANGUAGES = 'en_US'
# And leads out of sight, as before CRM Extended shows them: a new record is an opportunity then.
HIDE_LEADS = """
env.ref('base.group_user').implied_ids -= env.ref('crm.group_use_lead')
env.cr.commit()
"""


def coexist():
    """Run the suites of the applications that we extend."""
    with_browser = testing.want_browser()
    source = setup.prepare()
    cluster = Cluster('test', throwaway=True)
    with cluster.running():
        title = f'Installing CRM Extended beside {", ".join(SUITES)}'
        database.build(cluster, source, DATABASE, MODULES, title, languages=LANGUAGES)
        configuration = database.configuration(cluster, source, db_name=DATABASE)
        database.shell(configuration, cluster, DATABASE, HIDE_LEADS)
        try:
            return subprocess.run(
                [
                    *map(str, testing.pytest_command(configuration, _folders(source))),
                    *('-k', _choice(with_browser)),
                ],
                cwd=paths.ROOT,
                env=cluster.environ,
                check=False,
            ).returncode
        finally:
            database.drop(cluster, DATABASE)


def _folders(source):
    return [Path(source.import_path) / 'odoo' / 'addons' / suite / 'tests' for suite in SUITES]


def _choice(with_browser):
    """Leave out what fails without us, and the tours where there is no browser."""
    return ' and '.join(f'not {name}' for name in FAILING + (() if with_browser else ('tour',)))
