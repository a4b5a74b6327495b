from ..billing_common import ItemCase


class AdvanceCase(ItemCase):
    """A hundred a month from January on, and an advance of 250 that the invoices use up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreed = cls.create_contract()
        cls.own = cls.agreed.with_user(cls.salesman)

    def add_advance(self, amount=250.0, contract=None, **values):
        return self.env['crm.contract.advance'].create(
            {
                'contract_id': (contract or self.agreed).id,
                'amount': amount,
                'date_due': '2026-01-01',
                'product_id': self.support.id,
                **values,
            }
        )

    def bill(self, until=None, contract=None):
        moves = (contract or self.agreed)._bill(until)
        return [
            [line.price_subtotal for line in move.invoice_line_ids.sorted('id')] for move in moves
        ]

    def rest(self):
        self.agreed.invalidate_recordset()
        return self.agreed.advance_rest
