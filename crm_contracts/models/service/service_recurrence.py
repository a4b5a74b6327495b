from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...core.states import OVER_STATES, RUNNING_STATES


class ServiceRecurrence(models.Model):
    """What recurs under a contract: no case while the contract does not run or is suspended, and
    none any more when it is over."""

    _inherit = 'service.recurrence'

    contract_id = fields.Many2one(
        'crm.contract',
        check_company=True,
        index='btree_not_null',
        ondelete='cascade',
        tracking=True,
        domain=f"[('state', 'not in', {OVER_STATES}), ('company_id', '=', company_id)]",
        help='The contract under which the work is done. Days on which it does not run or is '
        'suspended are left out; when it is over, so is this.',
    )

    @api.model
    def _get_day_fields(self):
        return (*super()._get_day_fields(), 'contract_id.state')

    def _get_next_day(self):
        # sudo: who plans visits need not see contracts
        is_over = self.sudo().contract_id.state in OVER_STATES
        return False if is_over else super()._get_next_day()

    @api.constrains('contract_id', 'partner_id')
    def _check_contract_id(self):
        for recurrence in self:
            contract_sudo = recurrence.contract_id.sudo()
            company = recurrence.partner_id.commercial_partner_id
            if contract_sudo and contract_sudo.commercial_partner_id != company:
                raise ValidationError(
                    self.env._(
                        '"%(recurrence)s" cannot belong to the contract "%(contract)s": that is a '
                        'contract of another customer.',
                        recurrence=recurrence.display_name,
                        contract=contract_sudo.display_name,
                    )
                )

    def _check_links(self, vals_list):
        """The contract that is there comes back from the form, whoever may read contracts."""
        kept = self.sudo().contract_id
        return super()._check_links(
            [
                {name: value for name, value in vals.items() if name != 'contract_id'}
                if len(self) == 1 and _get_id(vals.get('contract_id')) in kept.ids
                else vals
                for vals in vals_list
            ]
        )

    def _filter_occurring(self, days):
        return (
            super()
            ._filter_occurring(days)
            .filtered(lambda recurrence: recurrence._is_under_contract_on(days[recurrence]))
        )

    def _is_under_contract_on(self, day):
        """Tell whether the contract runs on a day, where there is one."""
        contract_sudo = self.sudo().contract_id
        if not contract_sudo:
            return True
        is_past = contract_sudo.date_end and day > contract_sudo.date_end
        return (
            contract_sudo.state in RUNNING_STATES
            and day >= contract_sudo.date_start
            and (not is_past or contract_sudo.renewal_type == 'tacit')
            and not contract_sudo.suspension_ids._get_on(day)
        )

    def _prepare_case_values(self):
        values = super()._prepare_case_values()
        return {**values, 'contract_id': self.contract_id.id} if self.contract_id else values


def _get_id(value):
    """Return the id that a form sends, with or without the name."""
    return value.get('id') if isinstance(value, dict) else value
