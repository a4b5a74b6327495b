from odoo import api, models

from odoo.addons.base_import.models.base_import import FIELDS_RECURSION_LIMIT


class BaseImport(models.TransientModel):
    """The import screen offers what new records may come with, though no form lets it be typed."""

    _inherit = 'base_import.import'

    @api.model
    def get_fields_tree(self, model, depth=FIELDS_RECURSION_LIMIT):
        """Return the fields that a column can become, the initial ones of the program included."""
        importing = self.with_context(crm_importing=True)
        return super(BaseImport, importing).get_fields_tree(model, depth=depth)
