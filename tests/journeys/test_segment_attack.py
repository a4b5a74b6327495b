"""Random lives of segments and of what hangs on them, compared with a model on raw rows."""

from odoo.tests import TransactionCase, tagged

from tests.journeys.segment_edits import Attack
from tests.suite import LONG

SEEDS = range(60) if LONG else range(4)


@tagged('post_install', '-at_install')
class TestSegmentAttack(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'mailing.list' not in cls.env:
            cls.skipTest(cls, 'Email Marketing is not installed')
        cls.env = cls.env(context={**cls.env.context, 'tracking_disable': True})
        cls.env['crm.segment'].search([]).refresh_interval_unit = False
        number = cls.env.ref('crm_segmentation.metric_call_count')
        cls.metrics = {
            'number': number,
            'first': number.copy({'aggregate': 'days_since_first'}),
            'change': number.copy({'aggregate': 'change_amount'}),
        }
        cls.tags = cls.env['res.partner.category'].create([{'name': f'Atk {n}'} for n in range(3)])
        cls.groups = cls.env['crm.segment.group'].create([{'name': f'Atk {n}'} for n in range(2)])
        cls.lists = cls.env['mailing.list'].create([{'name': f'Atk {n}'} for n in range(2)])

    def test_a_random_life_is_what_the_model_says(self):
        for seed in SEEDS:
            with self.subTest(seed=seed), self.cr.savepoint() as savepoint:
                Attack(self, seed).live()
                savepoint.rollback()
            self.env.invalidate_all()
