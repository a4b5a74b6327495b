from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _name = 'res.partner'
    _inherit = [
        'crm.acquisition.mixin',
        'crm.trigram.mixin',
        'crm.call.number.mixin',
        'res.partner',
    ]

    _crm_email_normalized_idx = models.Index(
        '(email_normalized) WHERE email_normalized IS NOT NULL'
    )
    _crm_phone_sanitized_idx = models.Index('(phone_sanitized) WHERE phone_sanitized IS NOT NULL')

    crm_call_count = fields.Integer(
        string='Calls',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )
    crm_call_planned_count = fields.Integer(
        string='Planned Calls',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )
    crm_call_held_count = fields.Integer(
        string='Held Calls',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )
    crm_interaction_count = fields.Integer(
        string='Interactions',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )

    crm_opportunity_open_count = fields.Integer(
        string='Open Opportunities',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )
    crm_opportunity_won_count = fields.Integer(
        string='Won Opportunities',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )
    crm_opportunity_lost_count = fields.Integer(
        string='Lost Opportunities',
        compute='_compute_crm_counters',
        groups='sales_team.group_sale_salesman',
    )

    def _get_crm_counters(self):
        """Declare the smart buttons of the customer card.

        Upper addons extend the mapping and declare each field with
        ``compute='_compute_crm_counters'``.

        :return: {counter field: (model, domain)}; the model needs a stored ``partner_id``.
        """
        return {
            'crm_call_count': ('crm.call', Domain.TRUE),
            'crm_call_planned_count': ('crm.call', Domain('state', '=', 'planned')),
            'crm_call_held_count': ('crm.call', Domain('state', '=', 'held')),
            'crm_interaction_count': ('crm.interaction', Domain.TRUE),
            'crm_opportunity_open_count': ('crm.lead', Domain('won_status', '=', 'pending')),
            'crm_opportunity_won_count': ('crm.lead', Domain('won_status', '=', 'won')),
            'crm_opportunity_lost_count': ('crm.lead', Domain('won_status', '=', 'lost')),
        }

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_counters(self):
        """Count the documents of each partner and of everybody below it in the hierarchy.

        Archived documents count too; what the user may not read does not.
        """
        counters = self._get_crm_counters()
        family = self._fetch_crm_family()
        counts = self._count_crm_documents(counters, family)
        for partner in self:
            for field_name in counters:
                partner[field_name] = counts[field_name, partner._origin.id]

    def _fetch_crm_family(self):
        """Return the partners and everybody below them whom the user may see, archived ones too.

        Two queries however deep the hierarchy is; core's walk takes one for each level.
        """
        if not self.ids:
            return self.browse()
        parent = SQL.identifier('child', 'parent_id', to_flush=self._fields['parent_id'])
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE family AS (
                       SELECT id FROM res_partner WHERE id IN %s
                        UNION
                       SELECT child.id FROM res_partner AS child JOIN family ON %s = family.id
                   )
                   SELECT id FROM family""",
                tuple(self.ids),
                parent,
            )
        )
        return self.with_context(active_test=False).search_fetch(
            [('id', 'in', [partner_id for (partner_id,) in rows])], ['parent_id']
        )

    def _count_crm_documents(self, counters, family):
        """Count all the counters in one statement, the documents of each model once.

        :return: {(counter field, partner id): number in the partner's whole hierarchy}
        """
        domains = defaultdict(dict)
        for field_name, (model_name, domain) in counters.items():
            domains[model_name][field_name] = domain
        queries = [
            query
            for model_name in domains
            if (query := self._get_crm_counter_query(model_name, domains[model_name], family))
        ]
        parents = {partner.id: partner.parent_id.id for partner in family}
        counts = Counter()
        rows = self.env.execute_query(SQL(' UNION ALL ').join(queries)) if queries else ()
        for model_name, partner_id, numbers in rows:
            found = dict(zip(domains[model_name], numbers, strict=True))
            while partner_id in parents:
                for field_name, number in found.items():
                    counts[field_name, partner_id] += number
                partner_id = parents[partner_id]
        return counts

    def _get_crm_counter_query(self, model_name, domains, family):
        """Return the SQL of the counters of a model, or None where there is nothing to count.

        :param domains: {counter field: domain}
        """
        documents = self.env[model_name].with_context(active_test=False)
        if not family or not documents.has_access('read'):
            return None
        query = documents._search(Domain('partner_id', 'in', family.ids))
        if query.is_empty():
            return None
        numbers = SQL(', ').join(
            SQL(
                'COUNT(*) FILTER (WHERE %s)',
                Domain(domain).optimize_full(documents)._to_sql(documents, query.table, query),
            )
            for domain in domains.values()
        )
        partner = documents._field_to_sql(query.table, 'partner_id', query)
        return SQL(
            '(SELECT %s, %s, ARRAY[%s] FROM %s WHERE %s GROUP BY %s)',
            model_name,
            partner,
            numbers,
            query.from_clause,
            query.where_clause or SQL('TRUE'),
            partner,
        )

    def _get_crm_counter_action(self, field_name, action_xmlid):
        """Return the window action that lists exactly what the counter counted."""
        _model_name, domain = self._get_crm_counters()[field_name]
        family = self._fetch_crm_family()
        action = self.env['ir.actions.act_window']._for_xml_id(action_xmlid)
        action['domain'] = list(Domain('partner_id', 'in', family.ids) & domain)
        action['context'] = {
            'active_test': False,
            'default_partner_id': self.id if len(self) == 1 else False,
        }
        return action

    def _compute_application_statistics_hook(self):
        data_list = super()._compute_application_statistics_hook()
        if not self.env.user.has_group('sales_team.group_sale_salesman'):
            return data_list
        calls, interactions = self.env._('Calls'), self.env._('Interactions')
        for partner in self:
            for count, icon, label, color in (
                (partner.crm_call_count, 'fa-phone', calls, 4),
                (partner.crm_interaction_count, 'fa-history', interactions, 0),
            ):
                if count:
                    data_list[partner.id].append(
                        {
                            'iconClass': icon,
                            'value': count,
                            'label': label,
                            'tagClass': f'o_tag_color_{color}',
                        }
                    )
        return data_list

    def action_view_crm_calls(self):
        """Open the calls with the customer and all its contacts."""
        return self._get_crm_counter_action('crm_call_count', 'crm_extended.crm_call_action_all')

    def action_log_crm_call(self):
        """Open the dialog that logs a call with the customer."""
        return self._get_crm_call_dialog('held')

    def action_plan_crm_call(self):
        """Open the dialog that plans a call with the customer."""
        return self._get_crm_call_dialog('planned')

    def _get_crm_call_dialog(self, state):
        self.ensure_one()
        return self.env['crm.call']._get_dialog_action(state, partner_id=self.id)

    def action_view_crm_interactions(self):
        """Open the timeline of the customer and all its contacts."""
        return self._get_crm_counter_action(
            'crm_interaction_count',
            'crm_extended.crm_interaction_action_timeline',
        )

    def schedule_meeting(self):
        """List the meetings that the button counts.

        The calendar comes second: it shows the attendees ticked in its side bar, which
        hides part of the customer's meetings.
        """
        action = super().schedule_meeting()
        action['views'] = sorted(action['views'], key=lambda view: view[1] != 'list')
        action['domain'] = [('id', 'in', self._compute_meeting().get(self.id, []))]
        return action
