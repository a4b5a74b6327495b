"""A database at work is saved and restored by Odoo's own means, and goes on; a copy does not."""

import tempfile
from pathlib import Path

import psycopg2
import pytest

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from tests.install import databases

SOURCE, RESTORED, COPY = 'test_backup', 'test_backup_restored', 'test_backup_copy'
# Something is billed, captured, attached and queued; something more is due tomorrow.
WORK = """
import json
from dateutil.relativedelta import relativedelta
from odoo import Command, fields
today = fields.Date.today()
company = env.company
customer = env['res.partner'].create({'name': 'Bodegas Ebro', 'email': 'ebro@example.com'})
contract = env['crm.contract'].create({
    'name': 'Kept', 'partner_id': customer.id, 'date_start': today.replace(day=1),
    'date_end': today.replace(day=1) + relativedelta(years=1, days=-1),
    'line_ids': [Command.create({'name': 'Support', 'price_unit': 600.0})],
    'invoice_auto_post': True, 'invoice_auto_send': True,
})
contract.action_confirm()
contract._bill()
env['ir.attachment'].create({
    'name': 'signed.txt', 'raw': b'signed' * 1000, 'res_model': 'crm.contract',
    'res_id': contract.id,
})
team = env['service.team'].search([], limit=1)
env['service.team.alias'].search([('team_id', '=', team.id)]).unlink()
env['service.team.alias'].create({'team_id': team.id, 'alias_name': 'backup-help'})
env['crm.phone.line'].create({'name': 'Exchange'})
env['crm.capture.form'].create({'name': 'Website'})
company.crm_dial_address = 'sip:{number}@pbx.example.com'
env['crm.health']._open_door()
action = env['ir.actions.server'].create({
    'name': 'Export', 'model_id': env.ref('base.model_res_partner').id, 'state': 'code',
    'code': 'pass',
})
env['crm.segment'].create({'name': 'Exported', 'domain': '[]', 'enter_action_id': action.id})
env.cr.commit()
invoices = contract.billing_ids.move_line_ids.move_id
print('TOLD', json.dumps([[one.state, one.crm_contract_error] for one in invoices]))
"""
# What has to be the same, whoever reads it: rows, money, files, and the numbers that come next.
TELL = """
import hashlib, json
env.cr.execute("SELECT table_name FROM information_schema.tables "
               "WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
names = [name for name, in env.cr.fetchall() if name.startswith(('crm_', 'service_', 'account_'))]
rows = {}
for name in names:
    env.cr.execute(f'SELECT count(*) FROM "{name}"')
    rows[name] = env.cr.fetchone()[0]
ledger = env['crm.contract.billing'].search([])
lines = env['account.move.line'].search([('parent_state', '=', 'posted')])
files = env['ir.attachment'].search([('res_model', '=', 'crm.contract')])
sequences = env['ir.sequence'].search([('code', '=like', 'crm.%')])
sequences |= env['ir.sequence'].search([('code', '=like', 'service.%')])
whole = env['ir.attachment'].search([('store_fname', '!=', False)])
print('TOLD', json.dumps({
    'rows': rows,
    'ledger': [len(ledger), round(sum(ledger.mapped('amount')), 2)],
    'debit': [len(lines), round(sum(lines.mapped('debit')), 2)],
    'files': sorted(hashlib.sha256(one.raw).hexdigest() for one in files),
    'missing': [one.id for one in whole if not one.raw],
    'next': sorted((one.code, one.number_next_actual) for one in sequences),
    'contract': env['crm.contract'].search([('name', '=', 'Kept')]).amount_invoiced,
}))
"""
# A month later the restored one bills on, with the next number.
GO_ON = """
import json
from odoo import fields
from dateutil.relativedelta import relativedelta
contract = env['crm.contract'].search([('name', '=', 'Kept')])
before = len(contract.billing_ids)
contract._bill(until=fields.Date.today() + relativedelta(months=1))
numbers = contract.billing_ids.move_line_ids.move_id.filtered(lambda m: m.state == 'posted')
new = env['crm.contract'].create({'name': 'After', 'partner_id': contract.partner_id.id})
print('TOLD', json.dumps({
    'billed': len(contract.billing_ids) - before,
    'names': numbers.mapped('name'),
    'codes': [contract.code, new.code],
}))
"""
FLAGS = """
    SELECT 'job ' || cron_name FROM ir_cron
     WHERE active AND id NOT IN (
           SELECT res_id FROM ir_model_data
            WHERE model = 'ir.cron' AND module = 'base' AND name = 'autovacuum_job')
    UNION ALL SELECT 'line ' || token FROM crm_phone_line
               WHERE active OR token NOT LIKE 'neutralized %'
    UNION ALL SELECT 'form ' || token FROM crm_capture_form
               WHERE active OR token NOT LIKE 'neutralized %'
    UNION ALL SELECT 'consent ' || token FROM crm_capture_consent
               WHERE token NOT LIKE 'neutralized %'
    UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter
               WHERE key = 'crm_extended.health_token'
    UNION ALL SELECT 'dial ' || crm_dial_address FROM res_company
               WHERE crm_dial_address IS NOT NULL
    UNION ALL SELECT 'address ' || alias_full_name FROM mail_alias
               WHERE alias_name IS NOT NULL
                 AND (id IN (SELECT alias_id FROM service_team_alias)
                      OR id IN (SELECT alias_id FROM crm_team))
    UNION ALL SELECT 'contract ' || name FROM crm_contract
               WHERE invoice_auto_post OR invoice_auto_send
    UNION ALL SELECT 'template' FROM crm_contract_template
               WHERE invoice_auto_post OR invoice_auto_send
    UNION ALL SELECT 'invoice ' || id FROM account_move WHERE sending_data IS NOT NULL
    UNION ALL SELECT 'action' FROM crm_segment
               WHERE enter_action_id IS NOT NULL OR leave_action_id IS NOT NULL
    UNION ALL SELECT 'server ' || smtp_host FROM ir_mail_server
               WHERE active AND smtp_host <> 'invalid'
    UNION ALL SELECT 'fetching ' || name FROM fetchmail_server WHERE active
"""
KINDS = {'job', 'line', 'form', 'parameter', 'dial', 'address', 'contract', 'invoice', 'action'}


@pytest.mark.long
@tagged('post_install', '-at_install')
class TestBackup(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not databases.TEMPLATE:
            raise cls.skipTest(cls, 'only make test knows the installed database')
        for database in (SOURCE, RESTORED, COPY):
            cls.addClassCleanup(databases.drop, database)
            databases.drop(database)
        databases.create(SOURCE)
        cls.invoices = databases.shell(SOURCE, WORK)

    def test_backup_is_restored_whole_and_goes_on_billing(self):
        self.assertEqual(self.invoices, [['posted', False]])
        before = databases.shell(SOURCE, TELL)
        self.assertFalse(before['missing'])
        self.assertTrue(before['files'] and before['next'] and before['contract'])
        with tempfile.TemporaryDirectory() as folder:
            backup = Path(folder) / 'backup.zip'
            configuration = self._allow_databases(folder)
            self._run('db', 'dump', SOURCE, backup, configuration=configuration)
            self._run('db', 'load', RESTORED, backup, configuration=configuration)
        self.assertEqual(databases.shell(RESTORED, TELL), before)
        after = databases.shell(RESTORED, GO_ON)
        self.assertTrue(after['billed'])
        self.assertEqual(len(set(after['names'])), len(after['names']))
        self.assertNotIn(False, after['names'])
        self.assertEqual(len(set(after['codes'])), 2)

    def test_neutralised_copy_reaches_nobody(self):
        databases.create(COPY, SOURCE)
        told = self._get_flags()
        self.assertEqual(KINDS - {flag.split()[0] for flag in told}, set())
        self._run('neutralize', '-d', COPY)
        self.assertEqual(self._get_flags(), [])

    def _get_flags(self):
        with psycopg2.connect(dbname=COPY) as connection, connection.cursor() as cursor:
            cursor.execute(FLAGS)
            return [row[0] for row in cursor.fetchall()]

    def _allow_databases(self, folder):
        """Return a configuration in which databases may be managed."""
        text = Path(config['config'] or config.rcfile).read_text(encoding='utf-8')
        path = Path(folder) / 'odoo.conf'
        path.write_text(text.replace('list_db = False', 'list_db = True'), encoding='utf-8')
        return path

    def _run(self, *arguments, configuration=None):
        status, complaints, log = databases.run(*arguments, configuration=configuration)
        self.assertFalse(complaints, '\n'.join(complaints))
        self.assertEqual(status, 0, log[-3000:])
