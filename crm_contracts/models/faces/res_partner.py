from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResPartner(models.Model):
    _inherit = 'res.partner'

    crm_contract_count = fields.Integer(
        string='Contracts',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )

    def _get_crm_counters(self):
        return {
            **super()._get_crm_counters(),
            'crm_contract_count': ('crm.contract', Domain.TRUE),
        }

    @api.model
    def _get_crm_statistics(self):
        return super()._get_crm_statistics() | {
            'crm_contract_count': ('fa-file-text-o', self.env._('Contracts'), 10),
        }

    def _get_crm_phone_documents(self):
        runs = Domain('state', 'in', ('open', 'to_renew'))
        return super()._get_crm_phone_documents() | {
            'crm.contract': (self.env._('Contracts'), 'fa-file-text-o', runs),
        }

    def action_view_crm_contracts(self):
        """Open the contracts that the contracts counter counts."""
        return self._get_crm_counter_action(
            'crm_contract_count', 'crm_contracts.crm_contract_action'
        )

    def _check_crm_merge(self):
        """Sealed entries name whom they are with: a merge would break their seal."""
        sealed = [('partner_id', 'in', self.ids), ('move_id.inalterable_hash', '!=', False)]
        # sudo: whoever merges need not see the accounts
        line_sudo = self.env['account.move.line'].sudo().search(sealed, limit=1)
        if line_sudo:
            raise UserError(
                self.env._(
                    'There are sealed accounting entries with %(contact)s: let that contact be the '
                    'one that stays.',
                    contact=line_sudo.partner_id.display_name,
                )
            )
        return super()._check_crm_merge()
