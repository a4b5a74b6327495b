from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


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
        due = self._origin._get_crm_claim_credits()
        invoices = {item._get_invoice_line().move_id for item in due}
        for move in self:
            move.crm_claim_credit_due = move._origin in invoices

    def _get_crm_claim_credits(self):
        """Return the items of claims whose credit of these invoices is due: those of the invoice
        and those of the orders that it charges."""
        items_sudo = self.env['service.claim.line'].sudo()
        kind = items_sudo._get_document_kinds()['account.move.line']
        members = {
            member
            for line in self.sudo().invoice_line_ids
            for member in items_sudo._get_family(line, kind)
        }
        return items_sudo._find_claiming(members).filtered(
            lambda item: (
                item.outcome == 'credit'
                and item.is_document_due
                and item._get_invoice_line().move_id in self
            )
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

    def _is_crm_refund(self):
        return self.move_type in ('out_refund', 'in_refund')

    def _gives_crm_items_back(self):
        """Say whether a line of a credit note gives items back: at another price it is a rebate,
        which leaves them with the customer."""
        charged = self.crm_credited_line_id
        if not charged or self._is_crm_contract_credit():
            return True
        is_rebate = self.crm_contract_is_rebate or self.discount != charged.discount
        return not is_rebate and not self.currency_id.compare_amounts(
            self.price_unit, charged.price_unit
        )

    def _check_crm_claim_credits(self):
        """Refuse lines of credit notes with which more is given back than was charged: by claims,
        by rebates and by what was credited without them, drafts included."""
        charged_sudo = self.sudo().crm_credited_line_id
        credits = defaultdict(charged_sudo.browse)
        for line in charged_sudo.search(
            Domain('crm_credited_line_id', 'in', charged_sudo.ids)
            & Domain('parent_state', '!=', 'cancel')
        ):
            credits[line.crm_credited_line_id] |= line
        for charged, lines in credits.items():
            # what is credited in parts is rounded in parts
            rounded = (len(lines) - 1) * charged.currency_id.rounding
            given = sum(lines.mapped('price_subtotal')) - rounded
            if charged.currency_id.compare_amounts(given, charged.price_subtotal) > 0:
                charged._refuse_crm_claim_credit(lines - self)

    def _refuse_crm_claim_credit(self, others):
        """Refuse to credit more of a line than it charges.

        :param others: lines of other credit notes
        """
        raise UserError(
            self.env._(
                'No more of "%(item)s" can be credited than %(invoice)s charges for it: '
                '%(charged)s without taxes. Credited before: %(credits)s. Lower what is granted; '
                'what goes beyond it is an item of its own, without an invoice.',
                item=self.name or self.product_id.display_name,
                invoice=self.move_id.display_name,
                charged=self.currency_id.format(self.price_subtotal),
                credits=', '.join(others.move_id.mapped('display_name')) or '-',
            )
        )

    def _copy_data_extend_business_fields(self, values):
        result = super()._copy_data_extend_business_fields(values)
        if 'move_reverse_cancel' in self.env.context:
            values['crm_credited_line_id'] = self.id
        return result
