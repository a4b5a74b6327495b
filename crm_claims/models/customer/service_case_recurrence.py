from odoo import fields, models


class ServiceCaseMixin(models.AbstractModel):
    """A case that comes back: which it is of, and for which day."""

    _inherit = 'service.case.mixin'

    recurrence_id = fields.Many2one(
        'service.recurrence',
        string='Recurring Case',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='What made this case.',
    )
    recurrence_date = fields.Date(
        string='Day of the Recurrence',
        readonly=True,
        copy=False,
        help='The day that the case was made for, before it was moved to a working day.',
    )
    date_planned = fields.Date(
        string='Planned for',
        copy=False,
        index='btree_not_null',
        tracking=True,
        help='The day of the visit or of the work, where one is planned.',
    )

    _recurrence_unique = models.UniqueIndex(
        '(recurrence_id, recurrence_date) WHERE recurrence_id IS NOT NULL',
        'The case of this day was made already.',
    )
