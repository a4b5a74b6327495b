"""A populated database of an earlier state, upgraded: nothing is lost, and nothing changes."""

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import psycopg2
import pytest

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from tests.suite import ADDONS, ROOT

DATABASE = 'test_upgrade'
# The state from which databases are upgraded, and where its addons lie.
BASE, FOLDER = '2bf7e30', 'addons'
POPULATE = """
contracts = env['crm.contract'].search([('state', 'in', ('open', 'to_renew'))])
contracts._bill()
env['crm.segment'].search([]).action_apply()
env.cr.commit()
"""
# What later states add to the demonstration data is no change of what was there.
LATER_DEMO = (
    'crm_contracts.crm_contract_offer_lumber',
    'crm_claims.service_recurrence_inspection',
    'crm_claims.service_ticket_gas_spring',
    'crm_claims.service_ticket_memory_hotel',
    'crm_claims.service_ticket_memory_office',
    'crm_claims.service_ticket_firmware',
    'crm_claims.service_ticket_holidays',
    'crm_claims.service_claim_lounge',
)
REMOVE = """
for name in %r:
    env.ref(name).unlink()
env.cr.commit()
"""
# What people see: amounts, states, clocks, memberships. Read by name, since ids are not theirs.
SHOWN = {
    'crm.contract': (
        'display_name state date_start date_end date_notice next_billing_date partner_id mrr '
        'amount_expected amount_invoiced amount_to_invoice amount_remaining revenue cost_total '
        'margin'
    ),
    'crm.contract.billing': 'display_name state kind period_start period_end quantity amount',
    'crm.contract.line': 'display_name price_unit amount next_period_start next_due_date',
    'crm.contract.term': 'display_name fixed_amount prepaid_quantity',
    'service.ticket': 'display_name stage_kind date_open date_deadline sla_state user_id',
    'service.claim': 'display_name stage_kind date_open date_deadline sla_state amount_cost',
    'service.sla.clock': 'target deadline warning_at reached_at',
    'crm.segment': 'display_name member_count domain author_id',
    'crm.segment.membership': 'partner_id segment_id date_in date_out reason',
    'crm.call': 'display_name state date duration partner_id lead_id attempt_count',
    'utm.campaign': 'display_name crm_lead_count crm_won_revenue crm_roi',
    'res.partner': 'display_name crm_call_count service_ticket_count crm_contract_count',
}
SHOW = """
import json
shown = {}
for model, names in json.loads(%r).items():
    names = [name for name in names.split() if name in env[model]._fields]
    rows = env[model].with_context(active_test=False, lang='en_US').search([]).read(names, load='')
    for row in rows:
        row.pop('id')
    shown[model] = sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)
print('SHOWN:' + json.dumps(shown))
"""
# What an earlier state had and later ones gave up, with the reason.
GIVEN_UP = ()
COLUMNS = """
    SELECT table_name || '.' || column_name || ' ' || data_type
      FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name ~ '^(crm|service)_'
    UNION ALL
    SELECT conrelid::regclass || ' ' || conname FROM pg_constraint
     WHERE contype IN ('c', 'f', 'u', 'x') AND conrelid::regclass::text ~ '^(crm|service)_'
"""
# Proposed to what is new alone.
CHOSEN_BY_NOBODY = """
    SELECT id FROM crm_contract WHERE portal_allow_notice
    UNION ALL
    SELECT id FROM res_company WHERE crm_contract_tax_required
"""


def _has_base():
    command = ['git', '-C', str(ROOT), 'cat-file', '-e', f'{BASE}^{{commit}}']
    return not subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.long
@tagged('post_install', '-at_install')
class TestUpgrade(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addClassCleanup(cls._drop)
        cls._drop()

    @classmethod
    def _drop(cls):
        subprocess.run(['dropdb', '--if-exists', '--force', DATABASE], check=True)

    def test_a_database_of_before_shows_the_same_afterwards(self):
        foundation = os.environ.get('CRM_FOUNDATION')
        if not foundation or not _has_base():
            self.skipTest(f'needs make test, and a clone that reaches back to {BASE}')
        subprocess.run(['createdb', '-T', foundation, DATABASE], check=True)
        with tempfile.TemporaryDirectory() as folder:
            before = self._extract_base(folder)
            self._run(before, '-i', ','.join(ADDONS), '--stop-after-init')
            self._run(before, 'shell', code=POPULATE)
            shown, columns = self._show(before), self._get_columns()
        self._run(str(ROOT), '-u', 'crm_extended', '--stop-after-init')
        self._run(str(ROOT), 'shell', code=REMOVE % (LATER_DEMO,))
        missing = {column for column in columns if not column.startswith(GIVEN_UP)}
        self.assertFalse(missing - self._get_columns(), 'columns and constraints that are gone')
        self.assertGreater(len(shown['crm.contract.billing']), 5)
        self.assertGreater(len(shown['crm.segment.membership']), 5)
        for model, rows in self._show(str(ROOT)).items():
            with self.subTest(model=model):
                self.assertEqual(rows, shown[model])
        self.assertFalse(self._query(CHOSEN_BY_NOBODY), 'what nobody agreed to before')

    # === HELPERS === #

    def _extract_base(self, folder):
        """Return the addons path of the earlier state."""
        command = ['git', '-C', str(ROOT), 'archive', BASE, FOLDER]
        archive = subprocess.run(command, capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder)
        return str(Path(folder) / FOLDER)

    def _show(self, addons):
        log = self._run(addons, 'shell', code=SHOW % json.dumps(SHOWN))
        (line,) = [line for line in log.splitlines() if line.startswith('SHOWN:')]
        return json.loads(line.removeprefix('SHOWN:'))

    def _get_columns(self):
        return set(self._query(COLUMNS))

    def _query(self, query):
        """Return the first column of the rows."""
        with psycopg2.connect(dbname=DATABASE) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return [row[0] for row in cursor.fetchall()]

    def _run(self, addons, *arguments, code=None):
        others = [path for path in config['addons_path'] if not Path(path).samefile(ROOT)]
        command = [sys.executable, '-m', 'odoo', *arguments]
        command += ['-c', config['config'] or config.rcfile, '-d', DATABASE, '--no-http']
        command += ['--addons-path', ','.join([*others, addons])]
        if arguments[0] != 'shell':
            command += ['--with-demo']
        result = subprocess.run(
            [str(word) for word in command],
            input=code,
            capture_output=True,
            text=True,
            cwd=config['data_dir'],
            check=False,
        )
        log = result.stdout + result.stderr
        complaints = [
            line for line in log.splitlines() if ' ERROR ' in line or ' CRITICAL ' in line
        ]
        self.assertFalse(complaints, '\n'.join(complaints))
        self.assertEqual(result.returncode, 0, log[-3000:])
        return log
