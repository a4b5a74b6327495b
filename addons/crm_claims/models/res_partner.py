from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

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

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_service_claim_history_ids(self):
        _model_name, domain = self._get_crm_counters()['service_claim_count']
        family = self._fetch_crm_family()
        parents = {partner.id: partner.parent_id.id for partner in family}
        claims = self.env['service.claim'].with_context(active_test=False)
        claims = claims.search_fetch(
            Domain('partner_id', 'in', family.ids) & domain,
            ['partner_id'],
            order='date_open desc, id desc',
        )
        history = defaultdict(list)
        for claim in claims:
            partner_id = claim.partner_id.id
            while partner_id in parents:
                history[partner_id].append(claim.id)
                partner_id = parents[partner_id]
        for partner in self:
            partner.service_claim_history_ids = history[partner._origin.id]

    def _compute_application_statistics_hook(self):
        statistics = super()._compute_application_statistics_hook()
        if not self.env.user.has_groups(COUNTER_GROUPS):
            return statistics
        claims, tickets = self.env._('Claims'), self.env._('Tickets')
        for partner in self:
            for count, icon, label in (
                (partner.service_claim_count, 'fa-exclamation-triangle', claims),
                (partner.service_ticket_count, 'fa-life-ring', tickets),
            ):
                if count:
                    statistics[partner.id].append(
                        {
                            'iconClass': icon,
                            'value': count,
                            'label': label,
                            'tagClass': 'o_tag_color_2',
                        }
                    )
        return statistics

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
        action = self._get_crm_counter_action(field_name, action_xmlid)
        action['views'] = sorted(action['views'], key=lambda view: view[1] != 'list')
        return action
