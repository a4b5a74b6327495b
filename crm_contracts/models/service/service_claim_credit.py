from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.crm_claims.models.claim.service_claim_outcome import OutcomeDocument
from odoo.addons.crm_extended.tools.numbers import format_number

DOCUMENTS = (
    OutcomeDocument('customer', 'credit', 'account.move', '_create_credit_notes'),
    OutcomeDocument('supplier', 'credit', 'account.move', '_create_credit_notes'),
    OutcomeDocument('customer', 'replacement', 'sale.order', '_create_replacement_orders'),
)


class ServiceClaimLine(models.Model):
    """Credit notes of exactly what was claimed, and orders that replace it."""

    _inherit = 'service.claim.line'

    credit_kind = fields.Selection(
        [('quantity', 'Items Back'), ('rebate', 'Rebate')],
        string='Credit as',
        compute='_compute_credit_kind',
        store=True,
        readonly=False,
        precompute=True,
        help='Items back: the quantity at the price of the invoice; what a contract billed is then '
        'billed again. Rebate: the amount granted on what stays sold and billed. Proposed: a '
        'rebate on what a contract billed, and where another amount is granted than claimed.',
    )

    @api.depends('amount_claimed', 'amount_granted', 'move_line_id')
    def _compute_credit_kind(self):
        for line in self:
            # sudo: who works on claims need not see the books
            is_contract = bool(line.sudo().move_line_id.crm_contract_billing_id)
            is_other = line.amount_granted and line.currency_id.compare_amounts(
                line.amount_granted, line.amount_claimed
            )
            line.credit_kind = 'rebate' if is_contract or is_other else 'quantity'

    @api.model
    def _get_outcome_makers(self):
        return (*DOCUMENTS, *super()._get_outcome_makers())

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {'credit_kind', 'move_line_id'}

    # === ACTIONS === #

    def action_create_credit_note(self):
        """Make the draft credit notes of the items, once, and open what there is of the claim.

        :raises UserError: for items of several claims, or without a credit as their outcome
        """
        claim = self.claim_id.ensure_one()
        if any(line.outcome != 'credit' for line in self):
            raise UserError(self.env._('Only what has a credit as its outcome is credited.'))
        claim.check_access('write')
        claim._take_turn_with(claim)
        self.filtered('is_document_due')._create_outcome_documents()
        return claim.action_view_outcome_documents()

    # === CREDIT NOTES === #

    def _create_credit_notes(self):
        """Return {item: draft credit note}, that of its invoice, else one of the items alone."""
        sources = {line: line._get_invoice_line() for line in self}
        invoiced = self.filtered(lambda line: sources[line])
        made = {}
        for lines in invoiced._get_rounds(sources):
            for move, own in lines.grouped(lambda line: sources[line].move_id).items():
                made |= dict.fromkeys(own, own._credit_invoice(move, sources))
        free = self - invoiced
        return made | dict.fromkeys(free, free._credit_freely() if free else None)

    def _get_invoice_line(self):
        """Return the line of a posted invoice, or bill, that charged the item, readable."""
        source = self._get_sources()[self]
        kind = self._get_document_kinds().get(source._name)
        family = self._get_family(source, kind) if kind else ()
        is_sale = self.claim_id.against == 'customer'
        charged = [
            member
            for member in family
            if member._name == 'account.move.line'
            and member.parent_state == 'posted'
            and (member.move_id.is_sale_document() == is_sale)
            and member.move_id.move_type not in ('out_refund', 'in_refund')
        ]
        charged.sort(key=lambda line: (line != source, line.id))
        return charged[0] if charged else self.env['account.move.line']

    def _get_rounds(self, sources):
        """Return the items in parts in which each line of an invoice is once.

        A credit note has each line of its invoice once; what is claimed of it twice, as a rebate
        and as items back, makes two.
        """
        rounds = defaultdict(self.browse)
        for lines in self.grouped(lambda line: sources[line]).values():
            for number, line in enumerate(lines):
                rounds[number] |= line
        return rounds.values()

    def _credit_invoice(self, invoice, sources):
        """Return the draft that reverses, of an invoice, the items and nothing else."""
        # the invoice is read as the program and credited as the user
        refund = invoice.sudo(False)._reverse_moves([self.claim_id._prepare_reversal(invoice)])
        items = {sources[line]: line for line in self}
        commands, rebates = [], refund.invoice_line_ids.browse()
        for line in refund.invoice_line_ids:
            item = items.get(line.crm_credited_line_id)
            if item and item.credit_kind == 'rebate':
                rebates |= line
            values = item and item._prepare_credit(line)
            commands.append(Command.update(line.id, values) if item else Command.delete(line.id))
        refund.invoice_line_ids = commands
        # sudo: only the program marks what touches the ledger of a contract
        rebates.filtered('crm_contract_billing_id').sudo().crm_contract_is_rebate = True
        refund.invoice_line_ids._check_crm_claim_credits()
        for line in refund.invoice_line_ids:
            items[line.crm_credited_line_id]._note_granted(line)
        return refund

    def _prepare_credit(self, line):
        """Return what of a reversed line changes: its quantity, or it becomes a rebate."""
        if self.credit_kind == 'rebate':
            return self._prepare_rebate(line)
        quantity = self._sum_in(line.product_uom_id, [(self.quantity, self.product_uom_id)])
        if self._compare_quantities(quantity, line.quantity) > 0:
            raise UserError(
                self.env._(
                    'Of "%(item)s" no more than %(left)s can be credited: the rest was credited '
                    'before. Lower the quantity, or grant a rebate.',
                    item=self.name,
                    left=format_number(self.env, line.quantity),
                )
            )
        return {'quantity': quantity}

    def _prepare_rebate(self, line):
        amount = self._get_granted_in(line.currency_id, line.crm_credited_line_id)
        priced = {
            'price_unit': amount,
            'quantity': 1.0,
            'discount': 0.0,
            'currency_id': line.currency_id,
            'product_id': line.product_id,
            'product_uom_id': line.product_uom_id,
        }
        return {
            'name': self.env._('Rebate: %(item)s', item=line.name or self.name),
            'quantity': 1.0,
            'discount': 0.0,
            'price_unit': line.tax_ids._get_crm_contract_price(line.company_id, priced),
        }

    def _get_granted_in(self, currency, charged=None):
        """Return what is granted, in the currency of an invoice at its day."""
        if not self.amount_granted:
            raise UserError(
                self.env._('Say how much is granted for "%(item)s" first.', item=self.name)
            )
        day = (charged and charged.sudo().invoice_date) or fields.Date.context_today(self)
        return self.currency_id._convert(self.amount_granted, currency, self.company_id, day)

    def _note_granted(self, line):
        """Note what a credit of items grants, where nobody said it."""
        if not self.amount_granted:
            amount = line.currency_id._convert(
                line.price_subtotal,
                self.currency_id,
                self.company_id,
                line.invoice_date or fields.Date.context_today(self),
            )
            # sudo: who credits need not work on the claim
            self.sudo().amount_granted = amount

    def _credit_freely(self):
        """Return a draft credit note of what no invoice is known of."""
        claim = self.claim_id
        move = self.env['account.move'].sudo(False).create(claim._prepare_free_credit())
        move.invoice_line_ids = [Command.create(line._prepare_free_line(move)) for line in self]
        for line in move.invoice_line_ids:
            line.price_unit = line.tax_ids._get_crm_contract_price(
                line.company_id,
                {
                    name: line[name]
                    for name in (
                        *('price_unit', 'quantity', 'discount'),
                        *('currency_id', 'product_id', 'product_uom_id'),
                    )
                },
            )
        return move

    def _prepare_free_line(self, move):
        return {
            'product_id': self.product_id.id,
            'name': f'{format_number(move.env, self.quantity)} x {self.name}',
            'quantity': 1.0,
            'price_unit': self._get_granted_in(move.currency_id),
        }

    # === REPLACEMENT === #

    def _create_replacement_orders(self):
        """Return {item: draft order}, one for all, which costs the customer nothing."""
        self._check_product()
        claim = self.claim_id
        order = self.env['sale.order'].create(
            {
                'partner_id': claim.partner_id.id,
                'company_id': claim.company_id.id,
                'origin': claim.number,
                'client_order_ref': claim.number,
                'order_line': [Command.create(line._prepare_replaced()) for line in self],
            }
        )
        order.order_line.write({'price_unit': 0.0, 'discount': 0.0})
        return dict.fromkeys(self, order)

    def _prepare_replaced(self):
        return {
            'product_id': self.product_id.id,
            'product_uom_qty': self.quantity,
            'product_uom_id': self.product_uom_id.id,
        }


class ServiceClaim(models.Model):
    _inherit = 'service.claim'

    def _prepare_reversal(self, invoice):
        """Return the values of the credit note of an invoice; override to say more."""
        today = fields.Date.context_today(self)
        return {
            'date': today,
            'invoice_date': today if invoice.is_sale_document() else False,
            'invoice_date_due': today,
            'invoice_payment_term_id': False,
            'ref': f'{invoice.name}, {self.number}',
        }

    def _prepare_free_credit(self):
        """Return the values of a credit note without an invoice; override to say more."""
        return {
            'move_type': 'out_refund' if self.against == 'customer' else 'in_refund',
            'partner_id': self.partner_id.id,
            'company_id': self.company_id.id,
            'currency_id': self.currency_id.id,
            'ref': self.number,
        }
