from odoo import fields, models


class ServiceClaimType(models.Model):
    """What a claim is about: a defect, a late delivery, an invoice."""

    _name = 'service.claim.type'
    _description = 'Claim Type'
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
