from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Command, Domain

from .account_move_line import CARRY_ON

# A document that leaves this state charges the customer again: an invoice that was cancelled, or
# one whose credit note was posted.
CHARGES_AGAIN_FROM = {'out_invoice': 'cancel', 'out_refund': 'posted'}


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
        return reverses.with_env(self.env)

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
            commands.append(
                Command.update(line.id, row._prepare_unused_credit(unused[row], line))
                if row in unused
                else Command.delete(line.id)
            )
        refund.invoice_line_ids = commands
        return refund

    def _drop_crm_contract_rows(self, rows):
        """Take rows of the ledger off a draft, and delete one that charges nothing more."""
        self.ensure_one()
        lines = self.invoice_line_ids.filtered(lambda line: line.crm_contract_billing_id in rows)
        if lines == self.invoice_line_ids:
            self.unlink()
        else:
            lines.unlink()

    def _get_crm_contract_note(self):
        """Return the first note of an invoice that contracts made."""
        self.ensure_one()
        links = Markup(', ').join(contract._get_html_link() for contract in self.crm_contract_ids)
        return self.env._('Invoice of the contract %(contracts)s', contracts=links)

    def _get_crm_contract_links(self):
        """Return the links to the documents, for the chatter of their contracts."""
        return Markup(', ').join(move._get_html_link() for move in self)

    def _get_crm_contract_action(self, xmlid):
        """Return the action that opens documents, or says that there are some now."""
        if not self or not self.has_access('read'):
            return self._get_crm_contract_notice()
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        action['context'] = {'create': False}
        if len(self) == 1:
            action.update({'view_mode': 'form', 'views': [(False, 'form')], 'res_id': self.id})
        else:
            action['domain'] = [('id', 'in', self.ids)]
        return action

    def _get_crm_contract_notice(self):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'message': self.env._('%(count)s drafts were made.', count=len(self)),
                'type': 'success',
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def _sync_crm_contract_billing(self, before):
        """Let the ledger follow the documents that changed from the states before."""
        lines = self.sudo().invoice_line_ids.filtered('crm_contract_billing_id')
        released = lines.filtered(lambda line: line._is_crm_contract_released())
        for line in released:
            if before[line.move_id] == CHARGES_AGAIN_FROM.get(line.move_type):
                line.crm_contract_billing_id._refuse_as_superseded()
        credited = released.filtered(lambda line: line.move_type == 'out_refund')
        credited.crm_contract_billing_id = False
        (lines - credited).crm_contract_billing_id._follow_documents()
