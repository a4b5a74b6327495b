"""``make test``: the suite against a copy of a template database that is built once."""

import contextlib
import os
import subprocess

from . import axe, console, core, database, paths, setup, system
from .postgres import Cluster

WORKERS = 2
# Applications that only some companies have, and the tests of what we do with them. Installing them
# takes longer than these tests, and what they add is not in the way of all others.
MORE = (
    'sale_stock',
    'purchase_stock',
    'repair',
    'l10n_es_edi_facturae',
    'l10n_es_edi_verifactu',
)
MORE_TESTS = (
    'crm_contracts/tests/service/test_claim_stock.py',
    'tests/journeys/test_spanish_invoices.py',
)
BROWSERS = ('google-chrome', 'chromium', 'chromium-browser', 'google-chrome-stable')
# Bundles made once here are not made again by the first browser test of every run.
PREPARE_WEB_CLIENT = """
env['ir.qweb']._pregenerate_assets_bundles()
env.cr.commit()
"""
# Loading a chart of accounts takes longer than most classes of tests that bill. Archived, the
# company is in nobody's way.
PREPARE_COMPANY = """
company = env['res.company'].create({'name': 'Prepared for tests'})
env['account.chart.template'].try_loading('generic_coa', company=company, install_demo=False)
company.account_fiscal_country_id = company.account_fiscal_country_id or env.ref('base.us')
env.user.company_ids -= company
company.active = False
env.cr.commit()
"""


def test():
    """Run the suite, or the part that T names: core, an addon, a file, a folder, or file::test.

    With MORE, run what wants further applications, in a database that has them.
    """
    with_more = bool(os.environ.get('MORE'))
    wanted = os.environ.get('T', '').split() or (list(MORE_TESTS) if with_more else [])
    if not wanted or 'core' in wanted:
        failed = core.test()
        if failed or wanted == ['core']:
            return failed
    targets = _targets([word for word in wanted if word != 'core'])
    with_browser = want_browser()
    source = setup.prepare()
    if with_browser:
        axe.ensure()
    with template(source) as (cluster, name):
        if with_more:
            name = _add_more(cluster, source, name)
        database.copy(cluster, name, 'test')
        command = pytest_command(database.configuration(cluster, source, db_name='test'), targets)
        if not with_browser:
            command += ['-m', 'not browser']
        environment = {
            **cluster.environ,
            'CRM_TEMPLATE': name,
            'CRM_FOUNDATION': _foundation_name(source),
            'CRM_INSTALL_LOG': str(paths.log(f'install-test-{name}')),
        }
        try:
            return subprocess.run(
                list(map(str, command)), cwd=paths.ROOT, env=environment, check=False
            ).returncode
        finally:
            database.drop(cluster, 'test')


@contextlib.contextmanager
def template(source):
    """Have the test cluster up, with the template database of exactly this tree in it."""
    cluster = Cluster('test', throwaway=True)
    with cluster.running():
        with setup.exclusive('template'):
            foundation = _foundation_name(source)
            name = f'addons_{database.addons_key()}_{foundation[-4:]}'
            _drop_outdated(cluster, {foundation, name, _with_more(name)})
            if not cluster.has(foundation):
                database.build(
                    cluster,
                    source,
                    foundation,
                    database.FOUNDATION,
                    'Building the test foundation: Odoo with demo data, once (2 to 3 minutes)',
                )
                _prepare_web_client(cluster, source, foundation)
            if not cluster.has(name):
                _build_template(cluster, source, foundation, name)
        yield cluster, name


def _build_template(cluster, source, foundation, name):
    database.build(
        cluster,
        source,
        name,
        paths.ADDON_NAMES,
        'Installing the four addons in the test template',
        origin=foundation,
    )
    _prepare_web_client(cluster, source, name)
    _prepare_company(cluster, source, name)


def _with_more(name):
    return f'{name}_more'


def _add_more(cluster, source, template_name):
    """Return the name of a template with the applications that only some companies have."""
    name = _with_more(template_name)
    with setup.exclusive('template'):
        if not cluster.has(name):
            title = f'Installing {", ".join(MORE)} beside the addons'
            database.build(cluster, source, name, MORE, title, origin=template_name)
    return name


def _prepare_web_client(cluster, source, name):
    """Make the bundles; those that the foundation has already are only looked at."""
    with console.Step('Preparing the web client for the tests'):
        configuration = database.configuration(cluster, source)
        database.shell(configuration, cluster, name, PREPARE_WEB_CLIENT)


def _prepare_company(cluster, source, name):
    """Have a company with its accounts at hand (`setup_independent_company` of BillingCase)."""
    with console.Step('Preparing a company with its accounts for the tests'):
        configuration = database.configuration(cluster, source)
        database.shell(configuration, cluster, name, PREPARE_COMPANY)


def _foundation_name(source):
    return f'foundation_{database.foundation_key(source)}'


def _drop_outdated(cluster, wanted):
    # Another command, such as make lint beside make test, leaves what is in use alone.
    in_use = {name for (name,) in cluster.query('SELECT DISTINCT datname FROM pg_stat_activity')}
    for name in cluster.databases():
        outdated = name.startswith(('foundation_', 'addons_')) and name not in wanted
        if outdated or (name.startswith('test') and name not in in_use):
            database.drop(cluster, name)


def _targets(wanted):
    """Translate ``T`` to paths: names of addons, or paths as they are."""
    targets = []
    for word in wanted:
        if word in paths.ADDON_NAMES or (paths.ROOT / word.partition('::')[0]).exists():
            targets.append(word)
        else:
            raise console.Failure(
                f'T={word} is neither core, an addon ({", ".join(paths.ADDON_NAMES)}) nor a path.'
            )
    # The long ones first: a worker that begins one last leaves the other idle.
    return targets or ['tests', *paths.ADDON_NAMES]


def want_browser():
    """Say whether tests in the browser run; where they should, have one."""
    if os.environ.get('BROWSER') == '0':
        return False
    if not system.find_or_install('chromium', *BROWSERS):
        raise console.Failure(
            'The browser tests need Chromium (Debian: apt-get install chromium, as root): '
            'install it, or run make test BROWSER=0 to leave them out.'
        )
    return True


def pytest_command(configuration, targets):
    """Return the command that runs tests against the database of a configuration."""
    shared = ['-n', WORKERS, '--dist', 'loadscope', '--no-loadscope-reorder']
    workers = [] if _is_small(targets) else shared
    return [
        *(paths.PYTHON, '-m', 'pytest', f'--odoo-config={configuration}', '--odoo-http'),
        *workers,
        *targets,
    ]


def _is_small(targets):
    """A single file is quicker in one process than two workers are at starting."""
    return len(targets) == 1 and '.py' in str(targets[0])
