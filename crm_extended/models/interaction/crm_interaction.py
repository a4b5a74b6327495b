from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, ormcache

# A row's id is that of its origin times BRANCHES plus the number of its branch. No more than
# needed: ids travel over XML-RPC, which ends at 2^31.
BRANCHES = 32
# hours: less room cuts the subject off
SHORTEST_IN_CALENDAR = 1
# {what stands on a document: its field with the document's model}
ON_A_DOCUMENT = {'mail.activity': 'res_model', 'mail.message': 'model'}


class CrmInteraction(models.Model):
    """Every past or planned contact with a customer, one row each, whatever it was.

    Nothing is stored: the rows are a union of queries on the source documents
    (:meth:`_get_interaction_queries`), each under the rights that the user has on those
    documents, so that nobody reads here what the document itself would refuse.
    """

    _name = 'crm.interaction'
    _description = 'Interaction'
    _auto = False
    _order = 'date desc, id desc'
    # Beyond the columns that the ORM names in the queries by itself.
    _depends = {
        'calendar.attendee': ['event_id', 'partner_id', 'state'],
        'crm.call': ['phone_state'],
        'mail.activity': ['active', 'calendar_event_id', 'date_deadline', 'res_id', 'user_id'],
        'res.partner': ['commercial_partner_id'],
        'res.users': ['partner_id', 'share'],
    }

    # What
    origin_id = fields.Integer(
        readonly=True,
        help='Id of the database row that gave this one; leads from the id to its source.',
    )
    res_model = fields.Char(string='Document Model', readonly=True)
    res_id = fields.Many2oneReference(
        string='Document ID',
        model_field='res_model',
        readonly=True,
    )
    kind = fields.Selection(
        selection=[
            ('opportunity', 'Opportunity'),
            ('meeting', 'Meeting'),
            ('call', 'Call'),
            ('activity', 'Activity'),
        ],
        readonly=True,
    )
    event = fields.Selection(
        selection=[
            ('created', 'Created'),
            ('won', 'Won'),
            ('lost', 'Lost'),
            ('not_held', 'Not Held'),
        ],
        readonly=True,
        help='Which moment in the life of the document this is.',
    )
    name = fields.Char(string='Subject', readonly=True)
    medium_id = fields.Many2one(comodel_name='utm.medium', string='Channel', readonly=True)
    # When
    date = fields.Datetime(readonly=True)
    duration = fields.Float(
        readonly=True,
        help='How long it took or will take, in hours; 0 where nobody knows.',
    )
    is_all_day = fields.Boolean(
        string='All Day',
        readonly=True,
        help='It has a day and no hour.',
    )
    is_planned = fields.Boolean(
        string='Planned',
        readonly=True,
        help='It has not taken place yet.',
    )
    is_overdue = fields.Boolean(
        string='Overdue',
        readonly=True,
        help='It should have taken place by now.',
    )
    # With whom
    partner_id = fields.Many2one(comodel_name='res.partner', string='Customer', readonly=True)
    commercial_partner_id = fields.Many2one(
        comodel_name='res.partner',
        string='Customers',
        readonly=True,
    )
    # Who
    user_id = fields.Many2one(comodel_name='res.users', string='Salesperson', readonly=True)
    team_id = fields.Many2one(comodel_name='crm.team', string='Sales Team', readonly=True)
    company_id = fields.Many2one(comodel_name='res.company', readonly=True)
    # UX
    icon = fields.Char(compute='_compute_appearance')
    color = fields.Integer(compute='_compute_appearance')

    # === COMPUTE === #

    @api.depends('kind')
    def _compute_appearance(self):
        appearances = self._get_appearances()
        for interaction in self:
            interaction.icon, interaction.color = appearances[interaction.kind]

    # === ACTIONS === #

    def action_open(self):
        """Open the source document, if the user may read it."""
        self.ensure_one()
        document = self._get_document()
        document.check_access('read')
        return document.get_formview_action()

    # === BUSINESS === #

    @api.model
    def _get_appearances(self):
        """Return {kind: (icon, colour)}; extended with the kinds of upper addons."""
        return {
            'opportunity': ('fa-star', 8),
            'meeting': ('fa-calendar', 3),
            'call': ('fa-phone', 4),
            'activity': ('fa-check-square-o', 10),
        }

    def _get_document(self):
        """Return the document to open: that on which an activity or a message stands."""
        self.check_access('read')
        source = self.env[self.res_model].browse(self.res_id)
        model_field = ON_A_DOCUMENT.get(self.res_model)
        if model_field and source[model_field]:
            return self.env[source[model_field]].browse(source.res_id)
        return source

    # === SEARCH === #

    def _search(self, domain, *args, **kwargs):
        # To compile so many branches takes longer than to read them.
        self.env.cr.execute('SET LOCAL jit = off')
        domain = Domain(domain).map_conditions(self._lead_to_the_origin)
        if any(condition.field_expr == 'partner_id' for condition in domain.iter_conditions()):
            domain = domain.map_conditions(self._filter_by_company)
        return super()._search(domain, *args, **kwargs)

    def _lead_to_the_origin(self, condition):
        """Let a search by id use the indexes of the source tables."""
        if condition.field_expr != 'id' or condition.operator not in ('in', '='):
            return condition
        ids = condition.value if condition.operator == 'in' else [condition.value]
        if not all(isinstance(id_, int) for id_ in ids):
            return condition
        return condition & Domain('origin_id', 'in', [id_ // BRANCHES for id_ in ids])

    def _filter_by_company(self, condition):
        """Let a search for customers find them by their index, and the company only filter.

        To weigh the indexes of both in every branch takes PostgreSQL longer than to read one.
        """
        if condition.field_expr != 'commercial_partner_id' or condition.operator not in ('in', '='):
            return condition

        def to_sql(model, alias, query):
            return SQL('(%s) IS TRUE', condition.optimize_full(model)._to_sql(model, alias, query))

        return Domain.custom(to_sql=to_sql)

    # === QUERIES === #

    @api.model
    def _is_wanted(self, *numbers):
        """Tell whether one of the branches is asked for."""
        wanted = self.env.context.get('crm_interaction_branches')
        return wanted is None or not set(numbers).isdisjoint(wanted)

    @property
    def _table_query(self):
        queries = [query for query in self._get_interaction_queries().values() if query]
        return SQL(' UNION ALL ').join(
            SQL('(%s)', query) for query in queries or [self._get_empty_query()]
        )

    @api.model
    def _get_empty_query(self):
        """Return the SQL of no rows, for whom may read none of what is asked for."""
        columns = [
            SQL('NULL::%s AS %s', SQL(field.column_type[1]), SQL.identifier(field.name))
            for field in self._get_interaction_fields()
        ]
        return SQL('SELECT NULL::bigint AS id, %s WHERE FALSE', SQL(', ').join(columns))

    @api.model
    def _get_interaction_queries(self):
        """Declare where interactions come from.

        Upper addons extend the mapping with :meth:`_get_interaction_query`, each branch under
        a number of its own below ``BRANCHES``, for good: the ids of the rows depend on it.
        0 to 9 and 24 belong to this addon, 10 to 14 and 25 to the cases of customers, 15 to 23
        to contracts and sales, 26 to 31 to whoever comes next.

        :return: {number of the branch: SQL, or None where the user may read nothing}
        """
        return {
            3: self._get_call_query(),
            **self._get_activity_queries(),
        }

    @api.model
    def _get_interaction_query(self, number, model_name, domain=Domain.TRUE, joins=(), **columns):
        """Return the SQL of a branch: a row for each document that the user may read.

        :param number: the branch's own number, or the SQL of one of several that are wanted
        :param domain: which documents
        :param joins: (alias, table, SQL condition) of more tables: a row for each match
        :param columns: per field of this model the field of the document (or SQL) that
            fills it; without it the field of the same name does, where there is one, and
            None leaves it empty
        """
        documents = self.env[model_name].with_context(active_test=False)
        if isinstance(number, int) and not self._is_wanted(number):
            return None
        if not documents.has_access('read'):
            return None
        query = documents._search(domain)
        if query.is_empty():
            return None
        for alias, table, condition in joins:
            query.add_join('JOIN', alias, table, condition)
        return self._select_interactions(number, documents, query, columns)

    @api.model
    def _select_interactions(self, number, documents, query, columns):
        """Return the SQL that selects every stored field of this model from the query.

        :param number: the branch's own number, or the SQL of one of several
        """
        columns = {
            'res_model': SQL('%s', documents._name),
            'res_id': 'id',
            'origin_id': 'id',
            'is_planned': SQL('FALSE'),
            'is_overdue': SQL('FALSE'),
            'is_all_day': SQL('FALSE'),
            **columns,
        }
        columns.setdefault(
            'commercial_partner_id',
            self._get_commercial_partner(
                documents,
                query.table,
                query,
                self._get_column(documents, query, columns, 'partner_id'),
            ),
        )
        origin = self._get_column(documents, query, columns, 'origin_id')
        return query.select(
            SQL('%s::bigint * %s + %s AS id', origin, BRANCHES, number),
            *(
                SQL('(%s)%s', self._get_column(documents, query, columns, name), as_field)
                for name, as_field in self._get_interaction_columns()
            ),
        )

    @api.model
    def _get_interaction_fields(self):
        return [
            field
            for field in self._fields.values()
            if field.store and field.column_type and field.name != 'id'
        ]

    @api.model
    @ormcache()
    def _get_interaction_columns(self):
        """Return (field, SQL that gives a value its type and name) of what every branch selects."""
        return tuple(
            (field.name, SQL('::%s AS %s', SQL(field.column_type[1]), SQL.identifier(field.name)))
            for field in self._get_interaction_fields()
        )

    @api.model
    def _get_column(self, documents, query, columns, name):
        own = name if name in documents._fields and documents._fields[name].store else None
        source = columns.get(name, own)
        if source is None:
            return SQL('NULL')
        if isinstance(source, SQL):
            return source
        return documents._field_to_sql(query.table, source, query)

    @api.model
    def _get_commercial_partner(self, documents, alias, query, partner):
        """Return the SQL of the document's company of its time, else the customer's of today."""
        if self._knows_commercial_partner(documents):
            return documents._field_to_sql(alias, 'commercial_partner_id', query)
        return self._join_commercial_partner(query, partner)

    @api.model
    def _knows_commercial_partner(self, documents):
        """Say whether a document has the company itself; a contact is its own customer."""
        mixin = self.env['crm.commercial.partner.mixin']
        return documents._name == 'res.partner' or mixin._is_commercial_partner_model(documents)

    @api.model
    def _join_commercial_partner(self, query, partner):
        """Join the customer for its commercial entity; a filter on it uses the index."""
        query.add_join('LEFT JOIN', 'customer', 'res_partner', SQL('customer.id = %s', partner))
        field = self.env['res.partner']._fields['commercial_partner_id']
        return SQL.identifier('customer', 'commercial_partner_id', to_flush=field)

    # === BRANCHES === #

    @api.model
    def _get_call_query(self):
        planned = SQL("crm_call.state = 'planned'")
        return self._get_interaction_query(
            3,
            'crm.call',
            Domain('state', '!=', 'cancelled'),
            kind=SQL("'call'"),
            event=SQL("CASE WHEN crm_call.state = 'not_held' THEN 'not_held' END"),
            is_planned=planned,
            is_overdue=SQL(
                "%s AND crm_call.date < %s AND crm_call.phone_state IS DISTINCT FROM 'ringing'",
                planned,
                fields.Datetime.now(),
            ),
        )
