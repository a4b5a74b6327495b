from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.stages import OPEN_KINDS

# On these it depends which company somebody belongs to.
COMPANY_FIELDS = {'is_company', 'parent_id'}
COUNTER_GROUPS = 'crm_claims.crm_claims_group_agent,sales_team.group_sale_salesman'


class ResPartner(models.Model):
    _inherit = 'res.partner'

    service_claim_count = fields.Integer(
        string='Claims',
        compute='_compute_crm_counters',
        groups=COUNTER_GROUPS,
    )
    service_ticket_count = fields.Integer(
        string='Tickets',
        compute='_compute_crm_counters',
        groups=COUNTER_GROUPS,
    )

    service_claim_history_ids = fields.Many2many(
        'service.claim',
        string='Claim History',
        compute='_compute_service_claim_history_ids',
        context={'active_test': False},
        groups=COUNTER_GROUPS,
        help='The claims of the customer and of everybody below it, newest first.',
    )

    def write(self, vals):
        """Let who changes company read what the new one may at once, and nothing of the old one.

        Odoo remembers the rules of the portal with the company that they were made for.
        """
        result = super().write(vals)
        if vals.keys() & COMPANY_FIELDS and self._has_crm_portal_users():
            self.env.registry.clear_cache()
        return result

    def _has_crm_portal_users(self):
        users = self.env['res.users'].sudo().with_context(active_test=False)
        return bool(users.search_count([('partner_id', 'child_of', self.ids)], limit=1))

    def _get_crm_phone_documents(self):
        is_open = Domain('stage_kind', 'in', OPEN_KINDS)
        return super()._get_crm_phone_documents() | {
            'service.ticket': (self.env._('Tickets'), 'fa-life-ring', is_open),
            'service.claim': (self.env._('Claims'), 'fa-exclamation-triangle', is_open),
        }

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_service_claim_history_ids(self):
        _model_name, domain = self._get_crm_counters()['service_claim_count']
        claims = self.env['service.claim'].with_context(active_test=False)
        claims = claims.search_fetch(
            self._get_crm_document_domain(claims) & domain,
            ['partner_id', 'commercial_partner_id'],
            order='date_open desc, id desc',
        )
        hierarchy = self._read_crm_hierarchy()
        history = defaultdict(list)
        for claim in claims:
            for owner_id in hierarchy.find_owners(
                claim.partner_id.id, claim.commercial_partner_id.id
            ):
                history[owner_id].append(claim.id)
        for partner in self:
            partner.service_claim_history_ids = history[partner._origin.id]

    @api.model
    def _get_crm_statistics(self):
        claims, tickets = self.env._('Claims'), self.env._('Tickets')
        return super()._get_crm_statistics() | {
            'service_claim_count': ('fa-exclamation-triangle', claims, 2),
            'service_ticket_count': ('fa-life-ring', tickets, 2),
        }

    @api.model
    def _get_crm_first_buttons(self):
        return [*super()._get_crm_first_buttons(), 'action_view_service_claims']

    def _get_crm_counters(self):
        return super()._get_crm_counters() | {
            'service_claim_count': ('service.claim', Domain.TRUE),
            'service_ticket_count': ('service.ticket', Domain.TRUE),
        }

    def action_view_service_claims(self):
        """List the claims of the customer and of everybody below it."""
        return self._get_service_history_action(
            'service_claim_count',
            'crm_claims.service_claim_action',
        )

    def action_view_service_tickets(self):
        """List the tickets of the customer and of everybody below it."""
        return self._get_service_history_action(
            'service_ticket_count',
            'crm_claims.service_ticket_action',
        )

    def _get_service_history_action(self, field_name, action_xmlid):
        """Open as a list: the board folds what is closed, which is most of a history."""
        return self._put_crm_list_first(self._get_crm_counter_action(field_name, action_xmlid))
