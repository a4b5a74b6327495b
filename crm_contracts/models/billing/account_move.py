from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .crm_contract_billing import RECOMPUTED_KINDS

# A document that leaves this state charges the customer again: an invoice that was cancelled, or
# one whose credit note was posted.
CHARGES_AGAIN_FROM = {'out_invoice': 'cancel', 'out_refund': 'posted'}
# In the context, lets credit notes and corrected invoices carry on the rows of their invoice. As
# an object of this process, no client can send it.
CARRY_ON = object()


class AccountMove(models.Model):
    _inherit = 'account.move'

    crm_contract_ids = fields.Many2many(
        'crm.contract',
        string='Contracts',
        compute='_compute_crm_contract_ids',
        search='_search_crm_contract_ids',
        compute_sudo=True,
        help='Contracts that the document charges or credits.',
    )
    # The form of an invoice counts its payments, which salespeople may not read: without this they
    # bill a contract and cannot look at its invoice.
    payment_count = fields.Integer(compute_sudo=True)

    @api.depends('invoice_line_ids.crm_contract_billing_id')
    def _compute_crm_contract_ids(self):
        for move in self:
            move.crm_contract_ids = move.invoice_line_ids.crm_contract_billing_id.contract_id

    def _search_crm_contract_ids(self, operator, value):
        if operator not in ('any', 'in'):
            return NotImplemented
        domain = Domain('invoice_line_ids.crm_contract_billing_id.contract_id', operator, value)
        if operator == 'in' and False in value:
            domain |= ~Domain('invoice_line_ids.crm_contract_billing_id', '!=', False)
        return domain

    def write(self, vals):
        """Keep the billing ledger of the contracts to the state of the documents."""
        before = {move: move.state for move in self} if 'state' in vals else {}
        result = super().write(vals)
        changed = self.filtered(lambda move: before.get(move, move.state) != move.state)
        if changed:
            changed._sync_crm_contract_billing(before)
        return result

    def _reverse_moves(self, default_values_list=None, cancel=False):
        moves = self.with_context(crm_contract_billing=CARRY_ON)
        reverses = super(AccountMove, moves)._reverse_moves(default_values_list, cancel)
        reverses = reverses.with_env(self.env)
        reverses._check_crm_contract_left()
        return reverses

    def _check_crm_contract_left(self):
        """Refuse credit notes of invoices of contracts of which all was credited before."""
        for refund in self.filtered(lambda move: move.move_type == 'out_refund'):
            invoice = refund.reversed_entry_id
            is_nothing = not any(refund.invoice_line_ids.mapped('price_subtotal'))
            if is_nothing and invoice.amount_untaxed and invoice.sudo().crm_contract_ids:
                credits = (invoice.reversal_move_ids - refund).filtered(
                    lambda move: move.state == 'posted'
                )
                raise UserError(
                    self.env._(
                        'Everything on %(invoice)s was credited already: %(credits)s.',
                        invoice=invoice.display_name,
                        credits=', '.join(credits.mapped('display_name')) or '-',
                    )
                )

    def action_view_crm_contracts(self):
        """Open the contracts that the document charges or credits."""
        action = self.env['ir.actions.act_window']._for_xml_id('crm_contracts.crm_contract_action')
        action['domain'] = [('id', 'in', self.crm_contract_ids.ids)]
        return action

    def _credit_crm_contract_days(self, unused):
        """Return a draft credit note of days that the contracts do not cover any more.

        :param unused: {row of the ledger that the invoice charges: Unused}
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        refund = self._reverse_moves([{'date': today, 'invoice_date': today, 'ref': self.name}])
        commands = []
        for line in refund.invoice_line_ids:
            row = line.crm_contract_billing_id
            charged = self.invoice_line_ids.filtered(
                lambda one, own=row: one.crm_contract_billing_id == own
            )
            commands.append(
                Command.update(line.id, row._prepare_unused_credit(unused[row], charged[:1]))
                if row in unused
                else Command.delete(line.id)
            )
        refund.invoice_line_ids = commands
        return refund

    def _drop_crm_contract_rows(self, rows):
        """Take rows of the ledger off a draft, and delete one that charges nothing more.

        Where something is deducted of them, all of their contract goes: what it is deducted of
        has changed, so both are billed anew.
        """
        self.ensure_one()
        of_contracts = self.invoice_line_ids.crm_contract_billing_id.filtered(
            lambda row: row.contract_id in rows.contract_id
        )
        deducting = of_contracts.filtered(
            lambda row: row.kind in RECOMPUTED_KINDS and row.amount < 0
        ).contract_id
        rows |= of_contracts.filtered(lambda row: row.contract_id in deducting)
        lines = self.invoice_line_ids.filtered(lambda line: line.crm_contract_billing_id in rows)
        if lines == self.invoice_line_ids:
            self.unlink()
        else:
            lines.unlink()

    def _get_crm_contract_note(self):
        """Return the first note of an invoice that contracts made."""
        self.ensure_one()
        links = Markup(', ').join(contract._get_html_link() for contract in self.crm_contract_ids)
        if self.move_type == 'out_refund':
            return self.env._('Refunded costs of the contract %(contracts)s', contracts=links)
        return self.env._('Invoice of the contract %(contracts)s', contracts=links)

    def _get_crm_contract_links(self):
        """Return the links to the documents, for the chatter of their contracts."""
        return Markup(', ').join(move._get_html_link() for move in self)

    def _sync_crm_contract_billing(self, before):
        """Let the ledger follow the documents that changed from the states before."""
        lines = self.sudo().invoice_line_ids.filtered('crm_contract_billing_id')
        lines._check_crm_contract_credits()
        released = lines.filtered(lambda line: line._is_crm_contract_released())
        for line in released:
            if before[line.move_id] == CHARGES_AGAIN_FROM.get(line.move_type):
                line.crm_contract_billing_id._refuse_as_superseded()
        credited = released.filtered(lambda line: line.move_type == 'out_refund')
        credited.crm_contract_billing_id = False
        (lines - credited).crm_contract_billing_id._follow_documents()
