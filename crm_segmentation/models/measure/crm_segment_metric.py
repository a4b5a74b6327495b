from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

CRITERIA_FIELDS = {
    'model',
    'partner_path',
    'domain',
    'aggregate',
    'measure',
    'date_field',
    'currency_rate',
}


class CrmSegmentMetric(models.Model):
    """A named measure of contacts on any installed model, such as the invoiced amount.

    The model is referred to by name, so that a metric outlives the addon of its model: without
    the model it is hidden, and it is back with the model.
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
        help='Stored fields that lead from a document to its contact, joined by dots.',
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
        ],
        required=True,
        default='count',
        help='Without documents a number and a sum are zero, the days since the last are '
        'longer than any number, and an average, lowest and highest are nothing.',
    )
    measure = fields.Char(
        string='Measured Field',
        help='Stored number of the document. Amounts are converted to the currency of the '
        "segment's company, else of its author's company.",
    )
    date_field = fields.Char(
        string='Date',
        help='Stored date of the document: what periods and the days since the last look at.',
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
        "CHECK (aggregate IN ('count', 'days_since_last') OR measure IS NOT NULL)",
        'A sum, an average, a lowest or a highest needs a measured field.',
    )
    _date_given = models.Constraint(
        "CHECK (aggregate <> 'days_since_last' OR date_field IS NOT NULL)",
        'The days since the last document need a date.',
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
                metric._get_measure_sql(metric.env, metric.env.company)
            except (ValueError, TypeError, SyntaxError, KeyError, RecursionError) as error:
                raise ValidationError(
                    self.env._(
                        'The metric "%(metric)s" cannot be used: %(reason)s.',
                        metric=metric.name,
                        reason=error,
                    )
                ) from error

    def write(self, vals):
        """Who changes what is measured answers for the segments that use it."""
        result = super().write(vals)
        if vals.keys() & CRITERIA_FIELDS:
            self.sudo().rule_ids.segment_id._answer_for(self.env)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.sudo().rule_ids
        if used:
            raise UserError(
                self.env._(
                    'The rules of the segments %(segments)s use the metric. Archive it, or remove '
                    'the rules first.',
                    segments=used.segment_id.mapped('name'),
                )
            )
