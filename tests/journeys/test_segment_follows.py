"""Segments that follow invoices, claims and contracts have the members of those that do not."""

from datetime import timedelta
from random import Random

from odoo import Command
from odoo.fields import Datetime
from odoo.tests import freeze_time, tagged

from odoo.addons.crm_segmentation.tests.real_transactions import RealTransactionCase

from tests.suite import LONG

BEGIN = Datetime.to_datetime('2026-03-10 12:00:00')
ROUNDS = 100 if LONG else 8


@tagged('post_install', '-at_install')
class TestSegmentFollows(RealTransactionCase):
    def setUp(self):
        super().setUp()
        self.moment = BEGIN
        self.addCleanup(self._remove_documents)

    def _remove_documents(self):
        with self.registry.cursor() as cr:
            env = self.as_root(cr)
            mine = [('partner_id', 'in', self.partner_ids)]
            moves = env['account.move'].search(mine)
            moves.filtered(lambda move: move.state == 'posted').button_draft()
            moves.with_context(force_delete=True).unlink()
            env['sale.order'].search(mine).action_cancel()
            for model in ('service.claim', 'sale.order'):
                env[model].search(mine).unlink()

    def rule(self, env, metric, operator, value, period=(0, False)):
        return Command.create(
            {
                'metric_id': env.ref(f'crm_segmentation.metric_{metric}').id,
                'operator': operator,
                'value': value,
                'period_count': period[0],
                'period_unit': period[1],
            }
        )

    def create_pairs(self):
        with self.registry.cursor() as cr:
            env = self.as_root(cr)
            kinds = [
                [self.rule(env, 'invoiced_amount', '>=', 150, (3, 'month'))],
                [self.rule(env, 'invoiced_amount', '<', 100)],
                [self.rule(env, 'claim_count', '>=', 1, (1, 'month'))],
                [
                    self.rule(env, 'claim_count', '=', 0),
                    self.rule(env, 'ordered_amount', '>', 120, (1, 'year')),
                ],
            ]
        values = {'domain': "[('ref', '=like', 'REAL-%')]", 'match': 'any'}
        return [
            (
                self.create_segment(rule_ids=rules, **values),
                self.create_segment(rule_ids=rules, **values),
            )
            for rules in kinds
        ]

    def edit(self, function, chance):
        with self.registry.cursor() as cr, freeze_time(self.moment):
            env = self.as_root(cr)
            function(self, env, chance)

    def refresh(self, segment_id, incremental=True):
        with self.registry.cursor() as cr, freeze_time(self.moment):
            segment = self.as_root(cr)['crm.segment'].browse(segment_id)
            return segment._apply_changes(incremental=incremental)

    def is_followed(self, segment_id):
        with self.registry.cursor() as cr, freeze_time(self.moment):
            segment = self.as_root(cr)['crm.segment'].browse(segment_id)
            return segment._load_suspects(segment._get_refresh_mark()) is not None

    def members(self, segment_id):
        with self.registry.cursor() as cr:
            return self.open_partner_ids(self.as_root(cr), segment_id)

    def test_incremental_equals_full(self):
        chance = Random(5)
        pairs = self.create_pairs()
        followed = 0
        for _round in range(ROUNDS):
            for _edit in range(chance.randint(0, 2)):
                self.edit(chance.choice(EDITS), chance)
            self.moment += timedelta(hours=chance.choice((0, 2, 24 * 17)))
            for following, complete in pairs:
                followed += self.is_followed(following)
                self.refresh(following)
                self.refresh(complete, incremental=False)
                self.assertEqual(self.members(following), self.members(complete))
                self.assertEqual(self.refresh(following), {'enter': 0, 'leave': 0})
        self.assertGreater(followed, 1.5 * ROUNDS)


def _partner_id(case, chance):
    return chance.choice(case.partner_ids)


def _day(case, chance):
    return (case.moment - timedelta(days=chance.randint(0, 120))).date()


def _invoice(case, env, chance):
    move = env['account.move'].create(
        {
            'move_type': chance.choice(('out_invoice', 'out_invoice', 'out_refund')),
            'partner_id': _partner_id(case, chance),
            'invoice_date': _day(case, chance),
            'invoice_line_ids': [
                Command.create(
                    {'name': 'Real', 'price_unit': chance.choice((50, 200)), 'tax_ids': False}
                )
            ],
        }
    )
    move.action_post()


def _invoices(case, env):
    return env['account.move'].search([('partner_id', 'in', case.partner_ids)])


def _withdraw_invoice(case, env, chance):
    posted = _invoices(case, env).filtered(lambda move: move.state == 'posted')
    if posted:
        posted.browse(chance.choice(posted.ids)).button_draft()


def _delete_invoice(case, env, chance):
    drafts = _invoices(case, env).filtered(lambda move: move.state == 'draft')
    drafts[:1].with_context(force_delete=True).unlink()


def _claim(case, env, chance):
    env['service.claim'].create(
        {
            'name': 'Real',
            'partner_id': _partner_id(case, chance),
            'date_open': case.moment - timedelta(days=chance.randint(0, 50)),
        }
    )


def _give_claim_away(case, env, chance):
    claims = env['service.claim'].search([('partner_id', 'in', case.partner_ids)])
    claims[:1].partner_id = _partner_id(case, chance)


def _order(case, env, chance):
    order = env['sale.order'].create(
        {'partner_id': _partner_id(case, chance), 'date_order': case.moment}
    )
    env.flush_all()
    env.cr.execute(
        "UPDATE sale_order SET state = 'sale', amount_untaxed = %s WHERE id = %s",
        [chance.choice((100, 130)), order.id],
    )
    order.invalidate_recordset()


EDITS = (
    *[_invoice] * 3,
    *[_claim] * 2,
    _order,
    _withdraw_invoice,
    _delete_invoice,
    _give_claim_away,
)
