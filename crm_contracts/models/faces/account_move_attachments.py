from typing import NamedTuple

from odoo import api, fields, models


class CrmContractConditionsMixin(models.AbstractModel):
    """What customers of a contract get together with their invoices."""

    _inherit = 'crm.contract.conditions.mixin'

    invoice_attach_statement = fields.Boolean(
        string='Attach the Statement',
        help='Send invoices together with the hours and charges of the days that they charge.',
    )
    invoice_attach_receipts = fields.Boolean(
        string='Attach Receipts',
        help='Send invoices together with the documents of the costs that they pass on, as far as '
        'who sends them may read these.',
    )


class StatementDays(NamedTuple):
    """The days of which an invoice comes with the statement of a contract, both included."""

    contract: models.BaseModel
    date_from: object
    date_to: object


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _get_crm_contract_statements(self):
        """Return the statements that come with an invoice, of the days that it charges."""
        self.ensure_one()
        rows = self.sudo().invoice_line_ids.crm_contract_billing_id
        return [
            StatementDays(
                contract,
                min(row.period_start or row.date_due for row in own),
                max(row._get_last_day() or row.date_due for row in own),
            )
            for contract, own in rows.grouped('contract_id').items()
            if contract.invoice_attach_statement
        ]

    def _get_crm_contract_receipts(self):
        """Return the files of the documents whose costs an invoice passes on."""
        self.ensure_one()
        rows = self.sudo().invoice_line_ids.crm_contract_billing_id
        shown = rows.filtered(lambda row: row.contract_id.invoice_attach_receipts)
        costs = shown.analytic_line_ids.filtered(lambda item: item.crm_contract_kind != 'time')
        documents = costs.move_line_id.move_id
        return self.env['ir.attachment'].search(
            [('res_model', '=', documents._name), ('res_id', 'in', documents.ids)], order='id'
        )


class AccountMoveSend(models.AbstractModel):
    _inherit = 'account.move.send'

    @api.model
    def _get_default_mail_attachments_widget(self, move, mail_template, **options):
        """Add what contracts send with their invoices."""
        attachments = super()._get_default_mail_attachments_widget(move, mail_template, **options)
        return [
            *attachments,
            *self._get_crm_contract_statement_data(move),
            *self._get_crm_contract_receipt_data(move),
        ]

    @api.model
    def _get_crm_contract_statement_data(self, move):
        """Return the placeholder of the statements, which are printed when the mail is sent."""
        if move.move_type != 'out_invoice' or not move._get_crm_contract_statements():
            return []
        report = self.env.ref('crm_contracts.crm_contract_invoice_statement_action_print')
        title = report.with_context(lang=move.partner_id.lang).name
        name = f'{title} {move.name}.pdf'.replace('/', '_')
        return [
            {
                'id': f'placeholder_{name}',
                'name': name,
                'mimetype': 'application/pdf',
                'placeholder': True,
                'dynamic_report': report.report_name,
            }
        ]

    @api.model
    def _get_crm_contract_receipt_data(self, move):
        return [
            {
                'id': attachment.id,
                'name': attachment.name,
                'mimetype': attachment.mimetype,
                'placeholder': False,
                'protect_from_deletion': True,
            }
            for attachment in move._get_crm_contract_receipts()
        ]
