from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ServiceCategory(models.Model):
    """A node in the tree of subjects that claims and tickets are filed under."""

    _name = 'service.category'
    _description = 'Service Category'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']
    _parent_store = True
    _rec_name = 'complete_name'
    _order = 'complete_name, id'

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        string='Full Name',
        compute='_compute_complete_name',
        recursive=True,
        store=True,
    )
    active = fields.Boolean(default=True)
    parent_id = fields.Many2one(
        'service.category',
        string='Parent Category',
        index='btree_not_null',
        ondelete='restrict',
    )
    child_ids = fields.One2many('service.category', 'parent_id', string='Subcategories')
    parent_path = fields.Char(index=True)

    @api.depends('name', 'parent_id.complete_name')
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = f'{parent} / {category.name}' if parent else category.name

    @api.depends('name', 'parent_id')
    @api.depends_context('lang')
    def _compute_display_name(self):
        for category in self:
            parent = category.parent_id.display_name
            category.display_name = f'{parent} / {category.name}' if parent else category.name

    @api.constrains('parent_id')
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._(
                    'A category cannot be below itself. Choose another parent category.',
                )
            )
