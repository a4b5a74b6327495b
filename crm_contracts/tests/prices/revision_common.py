from odoo import Command
from odoo.fields import Date

from ..billing_common import BillingCase


class RevisionCase(BillingCase):
    """An index that rises by 4 %, falls, and rises again, and contracts that follow it.

    It also has a value of some months before the start of the contracts, and one a year later.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.index = cls.env['crm.contract.index'].create(
            {
                'name': 'Consumer prices',
                'value_ids': [
                    Command.create({'month': month, 'value': value})
                    for month, value in (
                        ('2025-11-01', 99.0),
                        ('2026-01-01', 100.0),
                        ('2026-11-01', 102.96),
                        ('2027-01-01', 104.0),
                        ('2028-01-01', 102.0),
                        ('2029-01-01', 108.12),
                    )
                ],
            }
        )

    @classmethod
    def index_rule(cls, **values):
        return {'revision_type': 'index', 'revision_index_id': cls.index.id, **values}

    @classmethod
    def create_indexed(cls, *lines, **values):
        return cls.create_contract(*lines, **{'term_months': 12, **cls.index_rule(), **values})

    @classmethod
    def percentage_rule(cls, percentage):
        return cls.env['crm.contract.revising'].new(
            {'revision_type': 'percentage', 'revision_percentage': percentage}
        )

    def take_value(self, month):
        self.index.value_ids.filtered(lambda one: str(one.month) == month).unlink()

    def add_value(self, month, value):
        self.index.value_ids = [Command.create({'month': month, 'value': value})]

    def revise(self, contract, day, percentage=None):
        """Revise the prices from a day on, by a percentage or by the rule of the contract."""
        rule = percentage and self.percentage_rule(percentage)
        plan = contract._plan_price_revisions({contract: Date.to_date(day)}, rule)
        return contract._apply_price_revisions(plan)

    def renew_and_read(self, contract, times):
        """Return the price of the only line after each of some renewals."""
        prices = []
        for _number in range(times):
            contract._renew()
            prices.append(contract.line_ids.price_unit)
        return prices

    def last_revision(self, contract):
        return contract.revision_ids.sorted('date')[-1]

    def revision_activities(self, contract):
        kind = self.env.ref('crm_contracts.mail_activity_type_revision')
        return contract.activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def run_daily(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_contracts.ir_cron_contract_renewals').method_direct_trigger()

    def moves(self, contract):
        return [
            (str(move.date), move.amount)
            for move in contract.mrr_movement_ids.sorted(lambda one: (one.date, one.position))
        ]

    def count_queries(self, function):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
