"""The demo company in both languages, as each of its people finds it (LONG=1)."""

import json
import os
import subprocess
import sys
import unittest

import pytest

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from tests.suite import LONG

DATABASE = 'test_demo_company'
SPEAK = """
env.ref('base.user_admin').lang = %r
env['mail.mail'].search([]).unlink()
env.cr.commit()
"""
# What nobody can be sure of at any hour: meetings are over in the evening, runs at once.
MAY_BE_EMPTY = {'meetings', 'runs', 'log_call', 'target', 'mrr', 'margins'}
TELL = """
import json
from collections import Counter
from datetime import date, timedelta

import pytz

from odoo import fields
from odoo.addons.crm_suite_demo.story.people import ROLES
from odoo.addons.crm_suite_demo.words import get_words

company = env['res.company'].search([], order='id desc', limit=1)
own = [('company_id', '=', company.id)]


def count(model, group, domain=own):
    records = env[model].with_context(active_test=False)
    return {str(key): number for key, number in records._read_group(domain, [group], ['__count'])}


def tell_home(login):
    user = env['res.users'].search([('login', '=', login)])
    context = {'lang': user.lang, 'tz': user.tz, 'allowed_company_ids': company.ids}
    home = env(user=user, su=False, context=context)['crm.home']
    role = next(
        role for role, one in home._get_home_roles().items()
        if env.ref(one['action']).id == user.action_id.id
    )
    blocks = home.action_tell_home(role)['blocks']
    whole = [
        home.action_tell_home_card(role, block['key']) if block.get('is_later') else block
        for block in blocks
    ]
    return {block['key']: block.get('count') or bool(block.get('value')) for block in whole}


movements = env['crm.contract.mrr.movement']._read_group(
    own, ['date:month'], ['company_amount:sum'], order='date:month'
)
contracts = env['crm.contract'].search(own)
lines = env['account.move.line'].search(
    [('crm_contract_billing_id', '!=', False), ('parent_state', '=', 'posted'),
     ('display_type', '=', 'product'), ('move_id.move_type', '=', 'out_invoice'), *own]
)
drafts = env['crm.contract.billing'].search(
    [*own, ('state', '=', 'invoiced'), ('move_line_ids.parent_state', '=', 'draft')]
)
ledger = env['crm.contract.billing'].search([*own, ('state', '=', 'invoiced')])
today = fields.Date.today()
words = get_words(env.ref('base.user_admin').lang)
zone = pytz.timezone(words.ZONE)
print('TOLD', json.dumps({
    'homes': {login: tell_home(login) for login in [*ROLES, 'admin']},
    'mrr': [amount for _month, amount in movements],
    'mrr_now': sum(contracts.mapped('mrr')),
    'ledger': sum((ledger - drafts).mapped('amount')),
    'invoiced': -sum(lines.mapped('balance')),
    'contracts': count('crm.contract', 'state'),
    'leads': count('crm.lead', 'won_status'),
    'channels': count('crm.lead', 'medium_id'),
    'calls': count('crm.call', 'state'),
    'tickets': count('service.ticket', 'stage_kind'),
    'claims': count('service.claim', 'stage_kind'),
    'clocks': count('service.sla.report', 'state'),
    'payments': count('account.move', 'payment_state', [*own, ('move_type', '=', 'out_invoice')]),
    'credits': env['account.move'].search_count(
        [*own, ('move_type', '=', 'out_refund'), ('state', '=', 'posted')]
    ),
    'ratings': env['service.rating.report'].search_count([]),
    'renewals': len(set(env['crm.contract'].search(
        [*own, ('state', 'in', ('open', 'to_renew')), ('date_notice', '<=', today + timedelta(90))]
    ).ids)),
    'campaigns': [campaign.crm_roi for campaign in env['utm.campaign'].search(own)],
    'sizes': env['crm.segment.size'].search_count([]),
    'left': env['crm.segment.membership'].search_count([('date_out', '!=', False)]),
    'duplicates': count('crm.duplicate', 'state', []),
    'merges': env['crm.lead.merge'].search_count([]),
    'runs': count('crm.cadence.run', 'state', []),
    'visits': env['crm.visit'].search_count(own),
    'mails': env['mail.mail'].search_count([]),
    'kinds': count('crm.interaction', 'kind'),
    'shown': {
        'merged tickets': env['service.ticket'].with_context(active_test=False).search_count(
            [*own, ('merged_into_id', '!=', False)]
        ),
        'snoozed tickets': env['service.ticket'].search_count([*own, ('is_snoozed', '=', True)]),
        'incidents': env['service.ticket'].search_count([*own, ('problem_id', '!=', False)]),
        'recurring tickets': env['service.ticket'].search_count(
            [*own, ('recurrence_id', '!=', False)]
        ),
        'packs': env['crm.contract.pack'].search_count(
            [('contract_id.company_id', '=', company.id)]
        ),
        'revisions by hand': env['crm.contract.price.revision'].search_count(
            [*own, ('contract_id.revision_type', '=', 'none')]
        ),
        'billing runs': env['crm.contract.billing.run'].search_count([('state', '=', 'done')]),
        'failed invoices': env['account.move'].search_count(
            [*own, ('crm_contract_error', '!=', False)]
        ),
        'leads of cards': env['crm.lead'].with_context(active_test=False).search_count(
            [*own, ('name', 'like', words.CARDS_SUBJECT)]
        ),
        'solved claims to suppliers': env['service.claim'].search_count(
            [*own, ('against', '=', 'supplier'), ('stage_kind', '=', 'solved')]
        ),
    },
    'old claims': env['service.claim'].search_count(
        [*own, ('stage_kind', 'in', ('new', 'open')), ('create_date', '<', today - timedelta(90))]
    ),
    'at night': [
        str(moment)
        for moment in [
            *env['crm.call'].search([*own, ('state', '=', 'planned')]).mapped('date'),
            *env['calendar.event'].search(
                [('user_id.company_id', '=', company.id), ('allday', '=', False)]
            ).mapped('start'),
        ]
        if not 8 <= pytz.utc.localize(moment).astimezone(zone).hour < 18
    ],
    'owners': env['crm.segment'].search(own).user_id.mapped('login'),
    'teams': env['service.team'].search(['|', *own, ('company_id', '=', False)]).mapped('name'),
    'logo': bool(company.logo) and not company.uses_default_logo,
    'names': [company.name, env['crm.lead'].search(own, limit=1).name],
}))
"""


def _odoo(*arguments, code=None):
    command = [sys.executable, '-m', 'odoo', *map(str, arguments)]
    command += ['-c', config['config'] or config.rcfile, '-d', DATABASE, '--no-http']
    return subprocess.run(
        command, input=code, capture_output=True, text=True, cwd=config['data_dir'], check=False
    )


@pytest.mark.long
@unittest.skipUnless(LONG, 'LONG=1 lets the company work for twelve months, twice')
@tagged('post_install', '-at_install')
class TestDemoCompany(BaseCase):
    def install(self, lang):
        subprocess.run(['dropdb', '--if-exists', '--force', DATABASE], check=True)
        self.addCleanup(subprocess.run, ['dropdb', '--if-exists', '--force', DATABASE], check=True)
        template = os.environ['CRM_TEMPLATE']
        subprocess.run(['createdb', '-T', template, DATABASE], check=True)
        _odoo('shell', code=SPEAK % lang)
        result = _odoo('-i', 'crm_suite_demo', '--stop-after-init')
        complaints = [
            line
            for line in result.stderr.splitlines()
            if any(level in line for level in (' WARNING ', ' ERROR ', ' CRITICAL '))
        ]
        self.assertFalse(complaints, '\n'.join(complaints))
        told = _odoo('shell', code=TELL)
        [line] = [line for line in told.stdout.splitlines() if line.startswith('TOLD ')] or [
            self.fail(told.stdout[-2000:] + told.stderr[-4000:])
        ]
        return json.loads(line.removeprefix('TOLD '))

    def test_english(self):
        told = self.install('en_US')
        self.assertEqual(told['names'][0], 'Blackwater Machinery')
        self.check(told)

    def test_spanish(self):
        told = self.install('es_ES')
        self.assertEqual(told['names'][0], 'Maquinaria Ribera')
        self.check(told)

    def check(self, told):
        for login, blocks in told['homes'].items():
            for key, number in blocks.items():
                if key not in MAY_BE_EMPTY:
                    with self.subTest('home', login=login, block=key):
                        self.assertTrue(number)
        self.check_contracts(told)
        self.check_sales(told)
        self.check_service(told)
        self.check_shown(told)
        self.assertEqual(told['mails'], 0)

    def check_contracts(self, told):
        levels = [sum(told['mrr'][: number + 1]) for number in range(len(told['mrr']))]
        self.assertGreaterEqual(len(levels), 12)
        self.assertGreater(levels[-1], 1.5 * levels[0])
        self.assertTrue(any(amount < 0 for amount in told['mrr']) or levels)
        self.assertAlmostEqual(levels[-1], told['mrr_now'], 0)
        self.assertAlmostEqual(told['ledger'], told['invoiced'], 2)
        self.assertEqual(
            set(told['contracts']),
            {'draft', 'offered', 'open', 'to_renew', 'closed', 'cancelled'},
        )
        self.assertTrue({'paid', 'not_paid'} <= set(told['payments']))
        for name in ('credits', 'renewals', 'visits'):
            self.assertTrue(told[name], name)

    def check_sales(self, told):
        self.assertGreaterEqual(sum(told['leads'].values()), 290)
        self.assertGreaterEqual(min(told['leads'].values()), 30)
        self.assertGreaterEqual(len(told['channels']), 5)
        self.assertGreaterEqual(sum(told['calls'].values()), 380)
        self.assertEqual(set(told['calls']), {'held', 'not_held', 'planned'})
        self.assertTrue(any(roi > 1 for roi in told['campaigns']))
        self.assertTrue({'open', 'merged'} <= set(told['duplicates']))
        for name in ('merges', 'runs', 'sizes', 'left'):
            self.assertTrue(told[name], name)

    def check_service(self, told):
        self.assertGreaterEqual(sum(told['tickets'].values()), 240)
        self.assertTrue({'new', 'open', 'waiting', 'solved'} <= set(told['tickets']))
        self.assertTrue({'open', 'solved', 'rejected'} <= set(told['claims']))
        self.assertGreater(told['clocks']['met'], told['clocks']['missed'])
        self.assertGreater(told['clocks']['missed'], 10)
        self.assertGreater(told['ratings'], 80)

    def check_shown(self, told):
        """What a visitor may look for is there, and nothing that no company would have."""
        for name, number in told['shown'].items():
            with self.subTest(name):
                self.assertTrue(number)
        self.assertEqual(told['old claims'], 0)
        self.assertEqual(told['at night'], [])
        self.assertEqual(told['owners'], ['salesmanager'])
        self.assertTrue(told['logo'])
