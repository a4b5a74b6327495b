from __future__ import annotations

from odoo import api, fields, models, tools


class ServiceReferenceMixin(models.AbstractModel):
    """A pointer to a business document of whatever application is installed."""

    _name = 'service.reference.mixin'
    _description = 'Reference to a Business Document'

    ref = fields.Reference(
        selection='_selection_ref',
        string='Related Document',
        help='The order, invoice, delivery or any other document that this is about.',
    )

    @api.model
    def _selection_ref(self):
        return [
            (model_name, label)
            for model_name, label in self._get_ref_models(self.env.lang)
            if self.env[model_name].has_access('read')
        ]

    @api.model
    @tools.ormcache('lang')
    def _get_ref_models(self, lang: str) -> tuple[tuple[str, str], ...]:
        """Return (model, label) of each kind of document that may be referred to."""
        found = self.env['ir.model'].sudo().search([('is_mail_thread', '=', True)], order='name')
        return tuple(
            (model.model, model.name)
            for model in found
            if model.model in self.env and self._is_ref_model(self.env[model.model])
        )

    @api.model
    def _is_ref_model(self, model) -> bool:
        """Tell a business document: it has a chatter and somebody whom it concerns.

        Override to offer more or fewer kinds of document.
        """
        return (
            not model._abstract
            and not model._transient
            and 'partner_id' in model._fields
            and not model._name.startswith('res.')
        )
