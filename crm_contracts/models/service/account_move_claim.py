from odoo import api, fields, models


class AccountMove(models.Model):
    """Invoices that are claimed, and credited because of it."""

    _name = 'account.move'
    _inherit = ['service.claimed.mixin', 'account.move']

    crm_claim_credit_due = fields.Boolean(
        compute='_compute_crm_claim_credit_due',
        compute_sudo=True,
        help='Claims grant a credit of items of this invoice that was not made yet.',
    )

    @api.depends('invoice_line_ids')
    def _compute_crm_claim_credit_due(self):
        due = self._get_crm_claim_credits()
        for move in self:
            move.crm_claim_credit_due = move in due.move_line_id.move_id

    def _get_crm_claim_credits(self):
        """Return the items of claims whose credit of these invoices is due."""
        return (
            self.env['service.claim.line']
            .sudo()
            .search([('move_line_id.move_id', 'in', self.ids), ('outcome', '=', 'credit')])
            .filtered('is_document_due')
        )

    def action_credit_crm_claims(self):
        """Make the draft credit notes of what claims grant, for who need not work on claims.

        :raises AccessError: for who may not make credit notes
        """
        self.ensure_one()
        self.check_access('write')
        self.browse().check_access('create')
        # sudo: the items are read as what is credited of an invoice that the user may change
        credits = self._get_crm_claim_credits()
        for lines in credits.grouped('claim_id').values():
            lines.claim_id._take_turn_with(lines.claim_id)
            lines._link_documents(lines._create_credit_notes())
        credits.claim_id._get_credit_requests(self).action_feedback()
        made = {document.id for document in credits._get_outcome_documents().values()}
        return self.browse(made)._get_crm_contract_action('account.action_move_out_refund_type')


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'

    crm_credited_line_id = fields.Many2one(
        'account.move.line',
        string='Credited Line',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='The line of the invoice or bill that a line of its credit note reverses.',
    )

    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        if 'move_reverse_cancel' in self.env.context:
            values['crm_credited_line_id'] = self.id
        return result
