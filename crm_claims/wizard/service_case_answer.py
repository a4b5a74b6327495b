from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class ServiceCaseAnswer(models.TransientModel):
    """Answer claims or tickets, one or many: each customer gets it on their own case."""

    _name = 'service.case.answer'
    _description = 'Answer Claims or Tickets'
    _inherit = ['crm.linked.mixin', 'service.case.wizard']

    macro_id = fields.Many2one(
        'service.macro',
        domain=lambda self: [
            ('case_model', 'in', ('both', self.env.context.get('active_model'))),
        ],
        help='Its text goes to each customer in their language, and the rest of it is done.',
    )
    body = fields.Html(string='Text', help='The same text for each customer, as it is.')
    stage_kind = fields.Selection(
        [('waiting', 'Wait for the answer'), ('solved', 'Solve')],
        string='Afterwards',
        help='Empty: what the macro says, else the stage stays.',
    )
    case_count = fields.Integer(string='Answered', compute='_compute_preview')
    preview = fields.Html(
        string='What the first gets',
        compute='_compute_preview',
        help='The text of the macro for the first of them, in the language of its customer.',
    )

    @api.depends('macro_id')
    @api.depends_context('active_model', 'active_ids')
    def _compute_preview(self):
        cases = self._get_cases().exists()
        for dialog in self:
            dialog.case_count = len(cases)
            dialog.preview = dialog._get_preview(cases[:1])

    def _get_preview(self, case):
        is_shown = case and self.macro_id._has_text()
        return self.macro_id._render_texts(case)[case.id] if is_shown else False

    def action_answer(self):
        """Send the text to each customer, then do what the macro and the dialog say."""
        self.ensure_one()
        if not (self.macro_id or self.stage_kind) and is_html_empty(self.body):
            raise UserError(self.env._('Choose a macro or write a text.'))
        cases = self._get_cases()
        bodies = self._prepare_bodies(cases)
        if bodies:
            cases._send_answers(bodies)
        if self.macro_id:
            self.macro_id._apply_to(cases, self.stage_kind)
        else:
            cases._move_to_kind(self.stage_kind)
        return {'type': 'ir.actions.act_window_close'}

    def _prepare_bodies(self, cases):
        """Return {case id: text}; empty if there is nothing to say."""
        if self.macro_id._has_text():
            return self.macro_id._render_texts(cases)
        return {} if is_html_empty(self.body) else dict.fromkeys(cases.ids, self.body)
