"""Each addon on top of nothing but what it depends on: installed, upgraded, uninstalled."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from tests.suite import ADDONS, ADDONS_PATH, LONG

DATABASE = 'test_lifecycle'
# In the order in which the foundation below them grows. Every run tries the least and the most,
# LONG=1 also what is between.
STAGES = (
    ('crm_extended', ('crm_extended', 'crm_segmentation')),
    ('crm_claims', ('crm_claims',)),
    ('crm_contracts', ('crm_contracts',)),
)
UNINSTALL = """
env['ir.module.module'].search([('name', '=', 'crm_extended')]).button_immediate_uninstall()
"""
# What people and the program leave at models of ours, which name the model by a text.
USE = """
ours = [
    model for model in map(env.__getitem__, env.registry)
    if model._original_module in %r and not model._abstract and not model._transient
]
for model in ours:
    env['ir.filters'].create({'name': 'Left', 'model_id': model._name, 'domain': '[]'})
    env['ir.exports'].create({'name': 'Left', 'resource': model._name})
    env['ir.attachment'].create({
        'name': 'left.txt', 'raw': model._name.encode(), 'res_model': model._name, 'res_id': 1,
    })
    texts = [name for name, one in model._fields.items() if one.store and one.type == 'char']
    for field in texts[:1]:
        env['ir.default'].set(model._name, field, 'Left')
env['crm.health']._open_door()
print('used:', len(ours))
env.cr.commit()
"""
FILL_A_MAILING_LIST = """
env['res.partner'].create({'name': 'Ana', 'email': 'ana@example.com', 'ref': 'OUTLIVE'})
env['crm.segment'].create({
    'name': 'Outlives',
    'domain': "[('ref', '=', 'OUTLIVE')]",
    'mailing_list_id': env['mailing.list'].create({'name': 'News'}).id,
}).action_apply()
env.cr.commit()
env.ref('crm_segmentation.ir_cron_segment_effects').method_direct_trigger()
env.cr.commit()
env.invalidate_all()
print('on the list:', env['mailing.list'].search([('name', '=', 'News')]).contact_count)
"""
UNINSTALL_MAILINGS = """
env['ir.module.module'].search([('name', '=', 'mass_mailing')]).button_immediate_uninstall()
"""
APPLY_WITHOUT_MAILINGS = """
segment = env['crm.segment'].search([('name', '=', 'Outlives')])
env['res.partner'].create({'name': 'Eva', 'email': 'eva@example.com', 'ref': 'OUTLIVE'})
segment.action_apply()
env.cr.commit()
env.ref('crm_segmentation.ir_cron_segment_effects').method_direct_trigger()
env.cr.commit()
env.invalidate_all()
print('members:', segment.member_count, segment.effect_error, segment.mailing_model_id.id)
"""
STRUCTURE = """
    SELECT table_name || '.' || column_name || ' ' || data_type
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT 'constraint ' || conname FROM pg_constraint WHERE contype <> 'n'
"""
# Odoo's own modules keep their notes of which of our models inherited what from theirs; and the
# Leads menu stays on, since switching it off would put the user's leads out of sight.
RECORDS = """
    SELECT model || ' ' || module || '.' || name FROM ir_model_data
     WHERE model NOT IN ('ir.model.inherit', 'ir.model.fields.selection')
    UNION ALL SELECT 'cron ' || cron_name FROM ir_cron
    UNION ALL SELECT 'sequence ' || coalesce(code, name) FROM ir_sequence
    UNION ALL SELECT 'parameter ' || key FROM ir_config_parameter
    UNION ALL SELECT 'view ' || coalesce(model, '') || name FROM ir_ui_view
    UNION ALL SELECT 'group ' || id FROM res_groups
    UNION ALL SELECT 'implied group ' || gid || ' ' || hid FROM res_groups_implied_rel
     WHERE hid NOT IN (SELECT res_id FROM ir_model_data
                        WHERE module = 'crm' AND name = 'group_use_lead')
    UNION ALL SELECT 'group ' || gid || ' of menu ' || menu_id FROM ir_ui_menu_group_rel
"""
# What names a model that is not there any more.
ORPHANS = """
    SELECT 'orphan ' || kind || ' of ' || model FROM (
        SELECT 'filter', model_id FROM ir_filters
        UNION ALL SELECT 'export', resource FROM ir_exports
        UNION ALL SELECT 'attachment', res_model FROM ir_attachment
        UNION ALL SELECT 'message', model FROM mail_message
        UNION ALL SELECT 'follower', res_model FROM mail_followers
        UNION ALL SELECT 'activity', res_model FROM mail_activity
        UNION ALL SELECT 'kind of activity', res_model FROM mail_activity_type
        UNION ALL SELECT 'subtype', res_model FROM mail_message_subtype
        UNION ALL SELECT 'mail template', model FROM mail_template
        UNION ALL SELECT 'window', res_model FROM ir_act_window
        UNION ALL SELECT 'report', model FROM ir_act_report_xml
        UNION ALL SELECT 'view', model FROM ir_ui_view
    ) AS named (kind, model)
     WHERE model NOT IN (SELECT model FROM ir_model)
"""


def _odoo(*arguments, code=None):
    command = [sys.executable, '-m', 'odoo', *arguments]
    command += ['-c', config['config'] or config.rcfile, '-d', DATABASE, '--no-http']
    result = subprocess.run(
        [str(word) for word in command],
        input=code,
        capture_output=True,
        text=True,
        cwd=config['data_dir'],
        check=False,
    )
    log = result.stdout + result.stderr
    complaints = [line for line in log.splitlines() if ' ERROR ' in line or ' CRITICAL ' in line]
    return result.returncode, complaints, log


def _dependencies(addon):
    """Return what an addon needs of Odoo itself, through the addons of ours below it."""
    manifest = ast.literal_eval((ADDONS_PATH / addon / '__manifest__.py').read_text())
    needed = set()
    for name in manifest['depends']:
        needed |= _dependencies(name) if name in ADDONS else {name}
    return needed


@pytest.mark.long
@tagged('post_install', '-at_install')
class TestLifecycle(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._drop()
        subprocess.run(['createdb', DATABASE], check=True)
        # As Odoo does in the databases that it creates; not every server has it.
        extension = 'CREATE EXTENSION IF NOT EXISTS pg_trgm'
        subprocess.run(['psql', '-qd', DATABASE, '-c', extension], check=False)
        cls.addClassCleanup(cls._drop)

    @classmethod
    def _drop(cls):
        subprocess.run(['dropdb', '--if-exists', '--force', DATABASE], check=True)

    def test_every_addon_comes_and_goes_without_residue(self):
        stages = STAGES if LONG else STAGES[::2]
        self.assertEqual([stages[0], stages[-1]], [STAGES[0], STAGES[-1]])
        for addon, installed in stages:
            self._run('-i', ','.join(sorted(_dependencies(addon))), '--stop-after-init')
            before = self._facts()
            for name in installed:
                self._run('-i', name, '--stop-after-init')
            self.assertNotEqual(self._facts(), before)
            self._run('-u', 'crm_extended', '--stop-after-init')
            self.assertRegex(self._run('shell', code=USE % (ADDONS,)), r'used: [1-9]')
            self._run('shell', code=UNINSTALL)
            after = self._facts()
            with self.subTest(addon=addon):
                self.assertFalse(after - before, 'left behind')
                self.assertFalse(before - after, 'taken along')

    def test_segments_outlive_email_marketing(self):
        self._run('-i', 'mass_mailing,crm_segmentation', '--stop-after-init')
        self.assertIn('on the list: 1', self._run('shell', code=FILL_A_MAILING_LIST))
        self._run('shell', code=UNINSTALL_MAILINGS)
        log = self._run('shell', code=APPLY_WITHOUT_MAILINGS)
        self.assertIn('members: 2 False False', log)

    def _run(self, *arguments, code=None):
        status, complaints, log = _odoo(*arguments, code=code)
        self.assertFalse(complaints, '\n'.join(complaints))
        self.assertEqual(status, 0, log[-3000:])
        return log

    def _facts(self):
        with psycopg2.connect(dbname=DATABASE) as connection, connection.cursor() as cursor:
            cursor.execute(f'{STRUCTURE} UNION ALL {RECORDS} UNION ALL {ORPHANS}')
            return {row[0] for row in cursor.fetchall()}


def test_the_stages_cover_every_addon():
    assert {name for _stage, installed in STAGES for name in installed} == set(ADDONS)
    assert Path(os.environ.get('PGHOST', '/')).exists()
