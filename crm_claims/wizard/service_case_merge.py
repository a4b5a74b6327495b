from odoo import Command, api, fields, models
from odoo.fields import Domain

PICKED = {'service.claim': 'claim_ids', 'service.ticket': 'ticket_ids'}


class ServiceCaseMerge(models.TransientModel):
    """Show what a merge of claims or tickets does before it does it.

    From a list it is about what was selected there; from a form the others are chosen here.
    """

    _name = 'service.case.merge'
    _description = 'Merge Claims or Tickets'
    _inherit = ['crm.linked.mixin', 'service.case.wizard']

    case_model = fields.Char(default=lambda self: self.env.context.get('active_model'))
    is_from_form = fields.Boolean(
        default=lambda self: len(self.env.context.get('active_ids') or ()) == 1
    )
    claim_ids = fields.Many2many(
        'service.claim',
        string='Claims',
        default=lambda self: self._default_picked('service.claim'),
        help='What is merged with it. Proposed: what else is open of the same customer.',
    )
    ticket_ids = fields.Many2many(
        'service.ticket',
        string='Tickets',
        default=lambda self: self._default_picked('service.ticket'),
        help='What is merged with it. Proposed: what else is open of the same customer.',
    )
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
    tell_customer = fields.Boolean(
        default=True,
        help='One mail, in the language of the customer: which number goes on.',
    )

    @api.model
    def _default_picked(self, model_name):
        """Propose what else is open of the customer, where the dialog is opened from a form."""
        if self.env.context.get('active_model') != model_name:
            return None
        cases = self.env[model_name].browse(self.env.context.get('active_ids')).exists()
        if len(cases) != 1 or not cases.commercial_partner_id:
            return None
        others = cases.search(
            Domain('commercial_partner_id', '=', cases.commercial_partner_id.id)
            & Domain('stage_kind', 'not in', ('solved', 'rejected'))
            & Domain('company_id', '=', cases.company_id.id)
            & Domain('id', '!=', cases.id),
            limit=20,
        )
        return [Command.set(others.ids)]

    @api.depends('claim_ids', 'ticket_ids')
    @api.depends_context('active_model', 'active_ids', 'lang')
    def _compute_summary(self):
        for dialog in self:
            cases = dialog._get_cases().exists()
            survivor = cases._get_merge_survivor()
            moved = (cases - survivor)._count_merge_moved()
            values = {
                'survivor': survivor,
                'merged': cases - survivor,
                'moved': ', '.join(f'{kind}: {count}' for kind, count in moved.items()),
            }
            dialog.summary = self.env['ir.qweb']._render(
                'crm_claims.service_case_merge_summary', values
            )
            dialog.has_several_customers = cases._has_several_customers()

    def _get_cases(self):
        """Return what was selected, and what was chosen in the dialog."""
        cases = super()._get_cases()
        return cases | cases.browse(self[PICKED[cases._name]].ids) if self.is_from_form else cases

    def action_merge(self):
        """Merge the claims or tickets, tell the customer if wanted, and open the survivor."""
        self.ensure_one()
        survivor = self._get_cases().action_merge(force=self.force)
        if self.tell_customer:
            survivor._tell_merged()
        return survivor.get_formview_action()
