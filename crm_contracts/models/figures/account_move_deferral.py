from odoo import fields, models


class AccountMove(models.Model):
    _inherit = 'account.move'

    crm_contract_closing_day = fields.Date(
        string='Closing Day of Contracts',
        readonly=True,
        copy=False,
        index='btree_not_null',
        help='Day for which the entry defers or accrues the revenue of contracts.',
    )
