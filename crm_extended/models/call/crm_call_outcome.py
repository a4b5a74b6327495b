from odoo import fields, models


class CrmCallOutcome(models.Model):
    """What a call came to: reached, no answer, interested ..."""

    _name = 'crm.call.outcome'
    _description = 'Call Outcome'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint('UNIQUE (name)', 'There is already an outcome of this name.')
