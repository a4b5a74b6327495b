from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractItemPeriod(ItemCase):
    """Every line of an invoice says which days it charges, in the customer's language."""

    def _names(self, move):
        return move.invoice_line_ids.sorted('id').mapped('name')

    def test_hours_and_costs_carry_their_first_and_last_day(self):
        for day in ('2026-03-10', '2026-01-20', '2026-02-03'):
            self.book(self.ben, 1, day)
        self.spend_without_entry(100.0)
        move = self.contract._bill()
        self.assertEqual(
            self._names(move),
            [
                'Costs\nOn 03/05/2026',
                'Support - Ben\nFrom 01/20/2026 to 03/10/2026',
            ],
        )
        rows = self.live(self.contract)
        self.assertEqual(
            [(str(row.period_start), str(row.period_end)) for row in rows.sorted('kind')],
            [('2026-03-05', '2026-03-06'), ('2026-01-20', '2026-03-11')],
        )

    def test_every_line_speaks_the_language_of_the_customer(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.support.with_context(lang='es_ES').name = 'Soporte'
        self.partner_a.lang = 'es_ES'
        self.contract.line_ids.date_due = '2026-03-15'
        self.book(self.ben, 1)
        self.spend_without_entry(100.0)
        self.assertEqual(
            self._names(self.contract._bill()),
            [
                'Costes\nEl 05/03/2026',
                'Soporte - Ben\nEl 10/03/2026',
                'Delivery\nEl 15/03/2026',
            ],
        )

    def test_milestone_without_a_date_shows_none(self):
        self.contract.line_ids.write({'date_due': False, 'is_done': True})
        self.assertEqual(self._names(self.contract._bill()), ['Delivery'])

    def test_hours_billed_again_keep_their_days(self):
        self.book(self.ben, 3)
        move = self.contract._bill()
        move.action_post()
        self.credit(move, quantity=1)
        again = self.contract._bill()
        self.assertEqual(self._names(again), ['Support - Ben\nOn 03/10/2026'])

    def test_days_of_hours_hinder_nobody(self):
        """The same days may be billed in several rows, and released rows may stand again."""
        self.book(self.ben, 1)
        first = self.contract._bill()
        self.book(self.ben, 2)
        second = self.contract._bill()
        first.button_cancel()
        first.button_draft()
        self.assertEqual((first | second).mapped('amount_untaxed'), [60.0, 120.0])
        self.assertFalse(self.contract._bill())
