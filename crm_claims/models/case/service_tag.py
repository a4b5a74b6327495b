from random import randint

from odoo import fields, models


class ServiceTag(models.Model):
    """A free label for claims and tickets."""

    _name = 'service.tag'
    _description = 'Service Tag'
    _order = 'name, id'

    name = fields.Char(required=True, translate=True)
    color = fields.Integer(default=lambda self: self._default_color())

    _name_unique = models.UniqueIndex('(name)', 'There is already a tag with this name.')

    def _default_color(self):
        return randint(1, 11)
