from odoo import api, fields, models
from odoo.fields import Domain

from ...core.cases import CASE_MODELS


class ServiceCaseRowMixin(models.AbstractModel):
    """A record about one case, of whatever kind: whoever sees the case may see it.

    Its heirs have the field ``case_model``, and a record rule that asks for ``is_case_visible``.
    """

    _name = 'service.case.row.mixin'
    _description = 'Record of a Service Case'

    case_id = fields.Many2oneReference(model_field='case_model', required=True)
    is_case_visible = fields.Boolean(
        compute='_compute_is_case_visible',
        search='_search_is_case_visible',
        help='Whether the current user may see the case.',
    )

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_is_case_visible(self):
        for model_name, rows in self.grouped('case_model').items():
            cases = self.env[model_name].sudo(False).browse(rows.mapped('case_id'))
            visible = set(cases._filtered_access('read').ids)
            for row in rows:
                row.is_case_visible = row.case_id in visible

    @api.model
    def _search_is_case_visible(self, operator, value):
        if operator != 'in':
            return NotImplemented
        models = (self.env[model_name].sudo(False) for model_name in self._get_case_models())
        return Domain.OR(
            Domain('case_model', '=', model._name) & Domain('case_id', 'in', model._search([]))
            for model in models
            if model.has_access('read')
        )

    @api.model
    def _get_case_models(self):
        """Return the models of cases that there are rows for; override to add one."""
        return list(CASE_MODELS)

    @api.model
    def _selection_case_model(self):
        models = self.env['ir.model']
        return [(name, models._get(name).name) for name in self._get_case_models()]

    @api.model
    def _selection_priority(self):
        return self.env['service.case.mixin']._fields['priority']._description_selection(self.env)

    def action_open_case(self):
        """Open the claim or the ticket that the row is about."""
        self.ensure_one()
        return self.env[self.case_model].browse(self.case_id).get_formview_action()
