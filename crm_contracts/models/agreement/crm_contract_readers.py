from __future__ import annotations

from odoo import api, models

# Who reads whole contracts. Everybody else reads of them what stands below and nothing more.
INSIDERS = ('sales_team.group_sale_salesman', 'account.group_account_invoice')
OUTSIDER_FIELDS = frozenset(
    {
        'id',
        'display_name',
        'active',
        'name',
        'code',
        'state',
        'partner_id',
        'commercial_partner_id',
        'company_id',
        'date_start',
        'date_end',
        'create_date',
        'write_date',
    }
)


class CrmContract(models.Model):
    """What is read of contracts by who is neither in sales nor in accounting."""

    _name = 'crm.contract'
    _inherit = ['mail.thread', 'crm.contract']

    @api.model
    def _get_outsider_fields(self) -> frozenset[str]:
        """Return the fields that agents and customers read; override to show more."""
        return OUTSIDER_FIELDS

    @api.model
    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            self.env.su or self._is_insider() or field.name in self._get_outsider_fields()
        )

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Keep the chatter, which quotes prices, from agents; customers have their own part of it.

        Files and activities are kept from them by record rules.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(message_operation)
        return dict.fromkeys(self, 'write') if self._is_agent() else operations

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Let nobody follow what they may not read.

        :raises AccessError: for agents
        """
        if self._is_agent():
            self.check_access('write')
        return super().message_subscribe(partner_ids, subtype_ids)

    @api.model
    def _is_agent(self) -> bool:
        """Tell whether the user is a colleague who reads contracts without their money."""
        return self.env.user._is_internal() and not self._is_insider()

    @api.model
    def _is_insider(self) -> bool:
        return any(map(self.env.user.has_group, INSIDERS))
