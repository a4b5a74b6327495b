from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmContractStatement(models.TransientModel):
    """The period for which the consumption of contracts is printed or sent."""

    _name = 'crm.contract.statement'
    _description = 'Consumption Statement'
    _inherit = ['crm.linked.mixin']

    contract_ids = fields.Many2many('crm.contract', string='Contracts', required=True)
    date_from = fields.Date(
        string='From',
        compute='_compute_dates',
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    date_to = fields.Date(
        string='To',
        compute='_compute_dates',
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        help='Last day included.',
    )

    _dates_ordered = models.Constraint(
        'CHECK (date_to >= date_from)', 'A statement cannot end before it starts.'
    )

    @api.depends('contract_ids')
    def _compute_dates(self):
        """Propose the current term of the first contract, up to today."""
        for statement in self:
            contract = statement.contract_ids[:1]
            if contract:
                statement.date_from, statement.date_to = contract._get_statement_period()

    def action_print(self):
        """Print the statements."""
        return self.env.ref('crm_contracts.crm_contract_statement_action_print').report_action(self)

    def action_send(self):
        """Open the mail to the customer of the contract with its statement attached."""
        self.ensure_one()
        if len(self.contract_ids) != 1:
            raise UserError(self.env._('Statements are sent contract by contract: choose one.'))
        return self.contract_ids._get_composer_action(
            'crm_contracts.mail_template_contract_statement',
            default_attachment_ids=self._create_attachment().ids,
        )

    def _create_attachment(self):
        content, _type = self.env['ir.actions.report']._render_qweb_pdf(
            'crm_contracts.crm_contract_statement_action_print', self.ids
        )
        contract = self.contract_ids
        return self.env['ir.attachment'].create(
            {
                'name': f'{contract.display_name.replace("/", "-")}.pdf',
                'raw': content,
                'res_model': 'mail.compose.message',
                'mimetype': 'application/pdf',
            }
        )
