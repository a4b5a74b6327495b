from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.family import Family, Tally


class ResPartner(models.Model):
    _name = 'res.partner'
    _inherit = ['crm.call.number.mixin', 'crm.counter.mixin', 'res.partner']

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
        compute='_compute_crm_interaction_count',
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
        ``compute='_compute_crm_counters'``, or with a compute of its own that calls
        :meth:`_fill_crm_counters` where a list of customers must not wait for it.

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
        self._fill_crm_counters('_compute_crm_counters')

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_interaction_count(self):
        """Count apart from the others: a list of customers does not wait for all that happened."""
        self._fill_crm_counters('_compute_crm_interaction_count')

    def _fill_crm_counters(self, compute):
        """Fill the counters of one compute."""
        names = [name for name in self._get_crm_counters() if self._fields[name].compute == compute]
        counts = self._count_crm(names)
        for partner in self:
            for name in names:
                partner[name] = counts[name, partner._origin.id]

    def _count_crm(self, names):
        """Count what some of the counters count, and nothing else.

        PostgreSQL is kept from starting workers and compiling, until the end of the transaction:
        that takes ten times as long as to look into a few indexes.

        :return: {(counter field, partner id): number in the partner's whole hierarchy}
        """
        self.env.cr.execute('SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0')
        counters = self._get_crm_counters()
        hierarchy = self._read_crm_hierarchy()
        return self._count_crm_documents({name: counters[name] for name in names}, hierarchy)

    def _fetch_crm_family(self):
        """Return the partners and everybody below them whom the user may see, archived ones too."""
        return self.browse(self._read_crm_hierarchy().parents)

    def _read_crm_hierarchy(self):
        """Return the family as a hierarchy, which tells on whose cards a document stands.

        One query however deep it is; core's walk takes one for each level.
        """
        if not self.ids:
            return Family({}, ())
        parent = SQL.identifier('child', 'parent_id', to_flush=self._fields['parent_id'])
        members = SQL(
            """WITH RECURSIVE family AS (
                   SELECT id FROM res_partner WHERE id IN %s
                    UNION
                   SELECT child.id FROM res_partner AS child JOIN family ON %s = family.id
               )
               SELECT id FROM family""",
            tuple(self.ids),
            parent,
        )
        query = self.with_context(active_test=False)._search(Domain.TRUE)
        query.add_where(SQL('%s IN (%s)', SQL.identifier(query.table, 'id'), members))
        names = ('id', 'parent_id', 'commercial_partner_id')
        rows = self.env.execute_query(
            query.select(*(self._field_to_sql(query.table, name, query) for name in names))
        )
        return Family(
            parents={partner_id: parent_id for partner_id, parent_id, _company_id in rows},
            companies={
                partner_id
                for partner_id, _parent_id, company_id in rows
                if partner_id == company_id
            },
        )

    # === OWN DOCUMENTS === #

    def _get_crm_customers(self):
        """Return whose documents a person reads in the portal: the company's, and what was his
        own before he joined it."""
        return self | self.commercial_partner_id

    def _fetch_crm_former_ids(self):
        """Return the ids of the contacts elsewhere that have documents of these companies."""
        if not self:
            return []
        models = self.env['crm.commercial.partner.mixin']._get_commercial_partner_models()
        elsewhere = Domain('commercial_partner_id', 'in', self.ids) & Domain(
            'partner_id', 'not in', self.ids
        )
        queries = [
            model.sudo()
            .with_context(active_test=False)
            ._search(elsewhere)
            .select(SQL.identifier(model._table, 'partner_id'))
            for model in models
        ]
        rows = self.env.execute_query(SQL(' UNION ').join(queries))
        return [partner_id for (partner_id,) in rows if partner_id]

    def _get_crm_document_domain(self, documents):
        """Return which documents of a model stand on the cards of the partners."""
        hierarchy = self._read_crm_hierarchy()
        family = self.browse(hierarchy.parents)
        if not self._has_crm_company(documents):
            return Domain('partner_id', 'in', family.ids)
        people = [id_ for id_ in family.ids if hierarchy.find_owners(id_, None) & set(self.ids)]
        return Domain('partner_id', 'in', family.ids + family._fetch_crm_former_ids()) & (
            Domain('commercial_partner_id', 'in', family.ids) | Domain('partner_id', 'in', people)
        )

    @api.model
    def _has_crm_company(self, documents):
        """Tell whether documents know the company of their customer at the time."""
        field = documents._fields.get('commercial_partner_id')
        return bool(field) and field.store

    # === COUNTERS === #

    def _count_crm_documents(self, counters, hierarchy):
        """Count all the counters in one statement, the documents of each model once.

        :param hierarchy: of the partners and everybody below them
        :return: {(counter field, partner id): number in the partner's whole hierarchy}
        """
        family = self.browse(hierarchy.parents)
        domains = defaultdict(dict)
        for field_name, (model_name, domain) in counters.items():
            domains[model_name][field_name] = domain
        queries = [
            query
            for model_name in domains
            if (query := family._get_crm_counter_query(model_name, domains[model_name]))
        ]
        tallies = defaultdict(list)
        rows = self.env.execute_query(SQL(' UNION ALL ').join(queries)) if queries else ()
        for model_name, *tally in rows:
            tallies[model_name].append(Tally(*tally))
        counts = Counter()
        for model_name, of_model in tallies.items():
            counts.update(hierarchy.count(list(domains[model_name]), of_model))
        return counts

    def _get_crm_counter_query(self, model_name, domains):
        """Return the SQL of the counters of a model, or None where there is nothing to count.

        :param domains: {counter field: domain}
        """
        documents = self.env[model_name].with_context(active_test=False)
        if not self or not documents.has_access('read'):
            return None
        query = documents._search(Domain.TRUE)
        if query.is_empty():
            return None
        query.add_where(self._get_crm_counted(documents, query))
        numbers = self._get_crm_numbers_sql(documents, query, domains.values())
        partner = documents._field_to_sql(query.table, 'partner_id', query)
        company = (
            documents._field_to_sql(query.table, 'commercial_partner_id', query)
            if self._has_crm_company(documents)
            else partner
        )
        return SQL(
            '(SELECT %s, %s, %s, ARRAY[%s] FROM %s WHERE %s GROUP BY 2, 3)',
            model_name,
            partner,
            company,
            SQL(', ').join(numbers),
            query.from_clause,
            query.where_clause or SQL('TRUE'),
        )

    def _get_crm_counted(self, documents, query):
        """Return the SQL of the documents of a whole family, each by a column with an index.

        The ids come as an array that PostgreSQL reads later: to weigh hundreds of them, one by
        one and for each model, takes it longer than to look them up.
        """
        columns, ids = ['partner_id'], self.ids
        if self.env['crm.commercial.partner.mixin']._is_commercial_partner_model(documents):
            columns.append('commercial_partner_id')
        elif self._has_crm_company(documents):
            ids += self._fetch_crm_former_ids()
        is_of = SQL('= ANY (ARRAY(SELECT unnest(%s::int[])))', ids)
        counted = (documents._field_to_sql(query.table, name, query) for name in columns)
        return SQL('(%s)', SQL(' OR ').join(SQL('%s %s', column, is_of) for column in counted))

    def _get_crm_counter_action(self, field_name, action_xmlid):
        """Return the window action that lists exactly what the counter counted."""
        model_name, domain = self._get_crm_counters()[field_name]
        return self._get_crm_list_action(
            action_xmlid,
            self._get_crm_document_domain(self.env[model_name]) & domain,
            {
                'active_test': False,
                'default_partner_id': self.id if len(self) == 1 else False,
            },
        )

    @api.model
    def _get_crm_statistics(self):
        """Return {counter field: (icon, label, colour)} of what a customer's small card tells."""
        return {'crm_call_count': ('fa-phone', self.env._('Calls'), 4)}

    def _compute_application_statistics_hook(self):
        """Add what is counted; a small card does not wait for the counters that it has not."""
        statistics = super()._compute_application_statistics_hook()
        told = {
            name: words
            for name, words in self._get_crm_statistics().items()
            if self.env.user.has_groups(self._fields[name].groups)
        }
        counts = self._count_crm(told) if told else {}
        for name, (icon, label, color) in told.items():
            for partner_id in self._origin.ids:
                if number := counts[name, partner_id]:
                    statistics[partner_id].append(
                        {
                            'iconClass': icon,
                            'value': number,
                            'label': label,
                            'tagClass': f'o_tag_color_{color}',
                        }
                    )
        return statistics

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
        action = self._put_crm_list_first(super().schedule_meeting())
        action['domain'] = [('id', 'in', self._compute_meeting().get(self.id, []))]
        return action
