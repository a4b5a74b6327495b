from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..segment.reasons import CRITERIA_ERRORS, say_reason

CRITERIA_FIELDS = {
    'model',
    'partner_path',
    'domain',
    'part_domain',
    'aggregate',
    'measure',
    'date_field',
    'currency_rate',
}
MEASURE_TYPES = ('integer', 'float', 'monetary')
DATE_TYPES = ('date', 'datetime')
# What can be told apart, and counted once.
DISTINCT_TYPES = (*MEASURE_TYPES, *DATE_TYPES, 'many2one', 'char', 'selection', 'boolean')
LINK_TYPES = ('many2one',)
END_TYPES = ('many2one', 'many2many')
# Of these a document counts for the contacts with the address.
ADDRESSES = ('email', 'email_normalized')
# From the line of a document to the contact; more would only burden the database.
MAX_LINKS = 5


class CrmSegmentMetric(models.Model):
    """A named measure of contacts on any installed model, such as the invoiced amount.

    The model is referred to by name, so that a metric outlives the addon of its model: without
    the model it is hidden, and it is back with the model. It reads stored fields that its
    writer may read.
    """

    _name = 'crm.segment.metric'
    _description = 'Segment Metric'
    _inherit = 'crm.program.mixin'
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    rule_ids = fields.One2many('crm.segment.rule', 'metric_id', string='Rules', readonly=True)

    # What is measured
    model = fields.Char(
        required=True,
        help='Technical name of the documents that are measured, such as "crm.call".',
    )
    partner_path = fields.Char(
        string='Path to the Contact',
        required=True,
        default='partner_id',
        help='Stored fields that lead from a document to its contact, joined by dots. They may end '
        'with an e-mail address, whose contacts are meant; of contacts themselves it is "id".',
    )
    domain = fields.Char(
        string='Documents',
        default='[]',
        help='Which documents count. Archived ones do not, unless this says otherwise.',
    )
    aggregate = fields.Selection(
        [
            ('count', 'Number'),
            ('sum', 'Sum'),
            ('avg', 'Average'),
            ('min', 'Lowest'),
            ('max', 'Highest'),
            ('days_since_last', 'Days since the last'),
            ('count_distinct', 'Number of different values'),
            ('days_since_first', 'Days since the first'),
            ('days_between', 'Days between them, on average'),
            ('days_until', 'Days until the anniversary of the first'),
            ('share', 'Share of a part, in %'),
            ('change_percent', 'Change against the period before, in %'),
            ('change_amount', 'Change against the period before'),
        ],
        required=True,
        default='count',
        help='Without documents numbers, a sum and a change are zero, the days since the last are '
        'longer than any number, and everything else is nothing. So are the days between documents '
        'where there is one alone, a share where the whole is not more than zero, and a change in '
        '% where the period before had not more than zero. An anniversary of 29 February is on '
        '28 February in other years; the first day itself is none.',
    )
    measure = fields.Char(
        string='Measured Field',
        help='Stored number of the document, or the field whose different values are counted. '
        "Amounts are converted to the currency of the segment's company, else of its author's "
        'company. A share and a change without it are those of the number of documents.',
    )
    part_domain = fields.Char(
        string='Part', help='Which of the documents are the part whose share is measured.'
    )
    date_field = fields.Char(
        string='Date',
        help='Stored date of the document: what periods, days and anniversaries look at.',
    )
    currency_rate = fields.Selection(
        [('document', 'Of the date of the document'), ('today', 'Of today')],
        required=True,
        default='document',
        help='Which rate converts amounts in other currencies.',
    )

    # Whether it can be used
    is_available = fields.Boolean(
        compute='_compute_is_available',
        search='_search_is_available',
        help='The model and the fields are installed.',
    )
    warning = fields.Char(
        compute='_compute_warning', help='What would make measuring many contacts slow.'
    )

    _measure_given = models.Constraint(
        "CHECK (aggregate NOT IN ('sum', 'avg', 'min', 'max', 'count_distinct') "
        'OR measure IS NOT NULL)',
        'A sum, an average, a lowest, a highest and different values need a measured field.',
    )
    _date_given = models.Constraint(
        "CHECK (aggregate NOT IN ('days_since_last', 'days_since_first', 'days_between', "
        "'days_until', 'change_percent', 'change_amount') OR date_field IS NOT NULL)",
        'Days, anniversaries and changes need a date.',
    )
    _part_given = models.Constraint(
        "CHECK (aggregate <> 'share' OR part_domain IS NOT NULL)",
        'A share needs to know which documents are the part.',
    )

    @api.depends('model', 'partner_path', 'measure', 'date_field')
    def _compute_is_available(self):
        for metric in self:
            metric.is_available = not metric._get_missing()

    def _search_is_available(self, operator, value):
        if operator != 'in':
            return NotImplemented
        metrics = self.sudo().with_context(active_test=False).search(Domain.TRUE)
        return Domain('id', 'in', metrics.filtered('is_available').ids)

    @api.depends('model', 'partner_path')
    def _compute_warning(self):
        for metric in self:
            metric.warning = metric.is_available and metric._get_slow_path_warning()

    # === CONSTRAINTS === #

    @api.constrains(*CRITERIA_FIELDS)
    def _check_measure(self):
        """Refuse what does not compile for who writes it; what is not installed is left alone."""
        # Constraints run as superuser, but this one asks what the writer may read.
        for metric in self.with_user(self.env.user).filtered('is_available'):
            metric._check_paths()
            try:
                # also while the metric does not measure a share: it may do so tomorrow
                metric._get_part_criteria(metric.env[metric.model])
                metric._get_measure_sql(
                    metric.env, metric.env.company, period=metric._get_tried_period()
                )
            except CRITERIA_ERRORS as error:
                raise ValidationError(
                    self.env._(
                        'The metric "%(metric)s" cannot be used: %(reason)s.',
                        metric=metric.name,
                        reason=say_reason(self.env, error),
                    )
                ) from error

    def write(self, vals):
        """Who changes what is measured answers for the segments that use it."""
        result = super().write(vals)
        if vals.keys() & CRITERIA_FIELDS:
            segments = self._get_users()
            segments._check_asked()
            segments._answer_for(self.env)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        users = self._get_users()
        if users:
            raise UserError(
                self.env._(
                    'The rules of the segments %(segments)s use the metric. Archive it, or remove '
                    'the rules first.',
                    segments=users.mapped('name'),
                )
            )

    def _get_users(self):
        """Return the segments that measure with it; extended by who adds uses."""
        return self.sudo().rule_ids.segment_id

    # === WHICH FIELDS ARE READ === #

    def _get_missing(self):
        """Return the name of the model or field that is not installed, if any."""
        self.ensure_one()
        if self.model not in self.env:
            # who has not chosen yet lacks a model
            return self.model or 'model'
        for model_name, field_name in self._get_used_fields():
            if model_name is None or field_name not in self.env[model_name]._fields:
                return f'{model_name or self.model}.{field_name}'
        return False

    def _get_used_fields(self):
        """Return [(model name, field name)]; the model is None where the path is broken."""
        used = []
        model_name = self.model
        for field_name in (self.partner_path or '').split('.'):
            used.append((model_name, field_name))
            field = model_name and self.env[model_name]._fields.get(field_name)
            model_name = field.comodel_name if field else None
        used += [(self.model, name) for name in (self.measure, self.date_field) if name]
        return used

    def _check_paths(self):
        """Refuse fields that are not stored columns of the right kind."""
        self.ensure_one()
        *links, end = self.partner_path.split('.')
        if len(links) > MAX_LINKS:
            raise ValidationError(
                self.env._(
                    'The path to the contact of the metric "%(metric)s" has more than %(count)s '
                    'fields before the contact.',
                    metric=self.name,
                    count=MAX_LINKS,
                )
            )
        model = self.env[self.model]
        for name in links:
            model = self.env[self._check_field(model, name, LINK_TYPES).comodel_name]
        if not self._leads_to_contact(model, end):
            raise ValidationError(
                self.env._(
                    'The path "%(path)s" of the metric "%(metric)s" does not lead to a contact.',
                    path=self.partner_path,
                    metric=self.name,
                )
            )
        documents = self.env[self.model]
        if self.measure:
            is_distinct = self.aggregate == 'count_distinct'
            types = DISTINCT_TYPES if is_distinct else MEASURE_TYPES
            self._check_field(documents, self.measure, types)
        if self.date_field:
            self._check_field(documents, self.date_field, DATE_TYPES)

    def _leads_to_contact(self, model, name):
        """Say whether a field leads to a contact: as a link, by its address, or being its id."""
        if name in ADDRESSES:
            return bool(self._check_field(model, name, ('char',)))
        if name == 'id':
            model.check_access('read')
            return model._name == 'res.partner'
        return self._check_field(model, name, END_TYPES).comodel_name == 'res.partner'

    def _check_field(self, model, name, types):
        """Return the field of a model if a metric may read it."""
        field = model._fields[name]
        if field.store and field.column_type is not None and not field.company_dependent:
            is_stored = True
        else:
            is_stored = field.store and field.type == 'many2many'
        if not is_stored or field.type not in types:
            raise ValidationError(
                self.env._(
                    'The metric "%(metric)s" cannot use the field "%(field)s" of "%(model)s": '
                    'it needs a stored field of the type %(types)s, the same for all companies.',
                    metric=self.name,
                    field=name,
                    model=model._description,
                    types=list(types),
                )
            )
        model.check_access('read')
        model._check_field_access(field, 'read')
        return field

    def _get_slow_path_warning(self):
        """Return what to tell when finding the documents of a contact means reading all."""
        length = len(self.partner_path.split('.'))
        for model_name, field_name in self._get_used_fields()[:length]:
            model = self.env[model_name]
            field = model._fields[field_name]
            if field.type in ('many2one', 'char') and model._auto and not field.index:
                return self.env._(
                    'The field "%(field)s" of "%(model)s" has no index: '
                    'with many documents measuring a few contacts is slow.',
                    field=field_name,
                    model=model._description,
                )
        return False
