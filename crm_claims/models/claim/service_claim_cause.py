from odoo import fields, models


class ServiceClaimCause(models.Model):
    """Where the trouble of a claim came from, for statistics."""

    _name = 'service.claim.cause'
    _description = 'Claim Cause'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
