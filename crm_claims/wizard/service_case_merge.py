from odoo import api, fields, models


class ServiceCaseMerge(models.TransientModel):
    """Show what a merge of claims or tickets does before it does it."""

    _name = 'service.case.merge'
    _description = 'Merge Claims or Tickets'
    _inherit = ['service.case.wizard']

    summary = fields.Html(
        compute='_compute_summary',
        sanitize=False,
        help='What survives, and what moves to it.',
    )
    has_several_customers = fields.Boolean(compute='_compute_summary')
    force = fields.Boolean(
        string='Merge although the customers differ',
        help='The customer of the survivor will see the messages of the others.',
    )

    @api.depends_context('active_model', 'active_ids', 'lang')
    def _compute_summary(self):
        cases = self._get_cases().exists()
        survivor = cases._get_merge_survivor()
        moved = (cases - survivor)._count_merge_moved()
        values = {
            'survivor': survivor,
            'merged': cases - survivor,
            'moved': ', '.join(f'{kind}: {count}' for kind, count in moved.items()),
        }
        self.summary = self.env['ir.qweb']._render('crm_claims.service_case_merge_summary', values)
        self.has_several_customers = cases._has_several_customers()

    def action_merge(self):
        """Merge the claims or tickets that the wizard was opened on, and open the survivor."""
        self.ensure_one()
        return self._get_cases().action_merge(force=self.force).get_formview_action()
