from random import randint

from odoo import fields, models


class CrmContractTag(models.Model):
    _name = 'crm.contract.tag'
    _description = 'Contract Tag'
    _order = 'name, id'

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: self._default_color())

    _name_unique = models.Constraint('UNIQUE (name)', 'There is a contract tag with this name.')

    def _default_color(self):
        return randint(1, 11)
