from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.reactions import Reaction

# What the rows of the ledger and their invoices are in.
LEDGER_FIELDS = ('company_id', 'currency_id')


class CrmContract(models.Model):
    """What stays as it is once a contract was billed, and what is billed before it goes."""

    _inherit = 'crm.contract'
    _reactions = (
        Reaction({'partner_id'}, before='_check_customer_kept'),
        Reaction(LEDGER_FIELDS, before='_check_ledger_kept'),
    )

    def _check_ledger_kept(self, vals):
        """Refuse another company or currency once there are invoices in the one agreed."""
        changed = self.filtered(
            lambda contract: any(
                name in vals and contract[name].id != vals[name] for name in LEDGER_FIELDS
            )
        )
        billed = changed.sudo().filtered('billing_ids')[:1]
        if billed:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" was billed in %(currency)s by %(company)s '
                    'already. Close it and make another one to go on in another currency or '
                    'company.',
                    contract=billed.display_name,
                    currency=billed.currency_id.name,
                    company=billed.company_id.display_name,
                )
            )

    def _check_customer_kept(self, vals):
        """Refuse another customer once there are invoices; another contact of it may step in."""
        customer = self.env['res.partner'].browse(vals['partner_id']).commercial_partner_id
        changed = self.filtered(
            lambda contract: (
                contract.partner_id.id != vals['partner_id']
                and contract.commercial_partner_id != customer
            )
        )
        billed = changed.sudo().filtered('billing_ids')[:1]
        if billed:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" was billed to %(customer)s already. Close it and '
                    'make another one with %(other)s.',
                    contract=billed.display_name,
                    customer=billed.commercial_partner_id.display_name,
                    other=customer.display_name or self.env._('the new customer'),
                )
            )

    @api.constrains('active')
    def _check_archived_is_billed(self):
        """The scheduled billing sees no archived contract: what is open on one is lost."""
        archived = self.filtered(lambda contract: not contract.active)
        for contract in archived.sudo()._get_unbilled():
            raise ValidationError(
                self.env._(
                    'Not everything of the contract "%(contract)s" is billed yet. Bill it or mark '
                    'the rest as never to be billed before you archive it.',
                    contract=contract.display_name,
                )
            )

    def _get_unbilled(self):
        """Return the closed contracts of which something is left to bill, on whatever day."""
        closed = self.filtered(
            lambda contract: contract.state == 'closed' and contract._is_billable()
        )
        if not closed:
            return closed
        days = filter(None, closed.mapped('next_billing_date'))
        until = max([fields.Date.context_today(self), *days])
        plan = closed._preview_billing(until)
        return closed & closed.browse(
            entry['contract_id'] for entry in plan if not entry.get('waits')
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_billed(self):
        for contract in self.sudo():
            if contract.billing_ids:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" was billed. Archive it instead of deleting '
                        'it.',
                        contract=contract.display_name,
                    )
                )
