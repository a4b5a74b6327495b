from odoo import api, fields, models
from odoo.exceptions import UserError

LOCKED_FIELDS = {'amount', 'date', 'employee_id', 'product_uom_id', 'project_id', 'unit_amount'}


class AccountAnalyticLine(models.Model):
    _inherit = 'account.analytic.line'

    crm_contract_billing_id = fields.Many2one(
        'crm.contract.billing',
        string='Contract Billing',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='restrict',
        help='Row of the billing ledger that bills the item to the customer of the contract.',
    )
    crm_contract_non_billable = fields.Boolean(
        string='Not Billed to the Customer', help='The contract never bills the item.'
    )

    def write(self, vals):
        if vals.keys() & {*LOCKED_FIELDS, *self._get_plan_fnames()}:
            self._check_crm_contract_unbilled()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_crm_contract_billed(self):
        self._check_crm_contract_unbilled()

    def _check_crm_contract_unbilled(self):
        """Refuse to change what a contract billed already."""
        billed = self.sudo().filtered(
            lambda item: item.crm_contract_billing_id.state == 'invoiced'
        )[:1]
        if billed:
            raise UserError(
                self.env._(
                    '"%(item)s" was billed by the contract "%(contract)s". Cancel or credit that '
                    'invoice first.',
                    item=billed.name,
                    contract=billed.crm_contract_billing_id.contract_id.display_name,
                )
            )
