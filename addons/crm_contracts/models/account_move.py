from markupsafe import Markup

from odoo import api, fields, models

from .account_move_line import CARRY_ON


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
        if operator != 'in':
            return NotImplemented
        return [('invoice_line_ids.crm_contract_billing_id.contract_id', operator, value)]

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

    def _get_crm_contract_note(self):
        """Return the first note of an invoice that contracts made."""
        self.ensure_one()
        links = Markup(', ').join(contract._get_html_link() for contract in self.crm_contract_ids)
        return self.env._('Invoice of the contract %(contracts)s', contracts=links)

    def _sync_crm_contract_billing(self, before):
        """Release or bind the ledger rows of documents that changed from the states before."""
        lines = self.invoice_line_ids.filtered('crm_contract_billing_id')
        charges = lines.filtered(lambda line: line.move_type == 'out_invoice')
        credits_ = lines.filtered(lambda line: line.move_type == 'out_refund')
        cancelled = charges.filtered(lambda line: line.parent_state == 'cancel')
        cancelled.crm_contract_billing_id.sudo()._release_uncharged()
        charges.filtered(
            lambda line: before[line.move_id] == 'cancel'
        )._stand_for_crm_contract_billing()
        credits_.filtered(lambda line: line.parent_state == 'posted')._credit_crm_contract_billing()
        credits_.filtered(
            lambda line: before[line.move_id] == 'posted'
        )._uncredit_crm_contract_billing()
