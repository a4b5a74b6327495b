from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.figures import COUNTED_AS, NOTHING_CHARGED, Charged

SALE_DOCUMENTS = ('out_invoice', 'out_refund', 'out_receipt')


class CrmContractBiller(models.AbstractModel):
    """What documents charge customers for contracts: invoices less their credit notes.

    The ledger says what stands of its quantities. The money is what the documents say: taxes that
    are rounded for the whole invoice, rebates, and lines that somebody entered by hand.
    """

    _inherit = 'crm.contract.biller'

    def _get_charged_amounts(self, contracts):
        """Return {contract: {kind: Charged}}, constantly often for many contracts."""
        charged = defaultdict(lambda: defaultdict(lambda: NOTHING_CHARGED))
        found = self._get_ledger_charges(contracts) + self._get_entered_charges(contracts)
        for contract, row_kind, own in found:
            kind = COUNTED_AS.get(row_kind, row_kind)
            charged[contract][kind] = charged[contract][kind].plus(own)
        return charged

    def _get_ledger_charges(self, contracts):
        """Return [(contract, kind, Charged)] of the lines that charge or credit the ledger."""
        lines = self.env['account.move.line']
        groups = lines._read_group(
            Domain('crm_contract_billing_id.contract_id', 'in', contracts.ids)
            & lines._get_crm_contract_charging_domain(),
            [
                'crm_contract_billing_id.contract_id',
                'crm_contract_billing_id.kind',
                'parent_state',
                'currency_id',
                'move_id.invoice_date:day',
            ],
            ['amount_currency:sum', 'balance:sum'],
        )
        return [
            (contract, kind, self._get_charged(contract, state, currency, day, *amounts))
            for contract, kind, state, currency, day, *amounts in groups
        ]

    def _get_charged(self, contract, state, currency, day, amount, balance):
        """Return what journal items charge, in the currency of a contract.

        :param day: of their documents; those of drafts have none yet
        """
        company = contract.company_id
        charged = -amount
        if currency != contract.currency_id:
            day = day or fields.Date.context_today(self)
            charged = company.currency_id._convert(-balance, contract.currency_id, company, day)
        return Charged(charged, charged if state == 'draft' else 0.0)

    def _get_charging_moves(self, contracts):
        """Return the documents that charge or credit contracts, drafts included."""
        entered = [line.move_id for _contract, line, _amount in self._get_entered_lines(contracts)]
        return contracts.billing_ids.move_line_ids.move_id.union(*entered)

    # === LINES ENTERED BY HAND === #

    def _get_entered_charges(self, contracts):
        """Return [(contract, kind, Charged)] of the lines that somebody entered by hand."""
        return [
            (contract, 'other', Charged(amount, amount if line.parent_state == 'draft' else 0.0))
            for contract, line, amount in self._get_entered_lines(contracts)
        ]

    def _get_entered_lines(self, contracts):
        """Return [(contract, invoice line entered by hand, what it charges for the contract)].

        On the account of the contract, and neither of the ledger nor of an order.
        """
        sharing = {
            str(account.id): own for account, own in contracts._get_contracts_by_account().items()
        }
        lines = self.env['account.move.line'].search(self._get_entered_domain(contracts))
        shares = [
            (self._get_entered_owner(line, sharing[account]), line, percentage / 100)
            for line in lines
            for accounts, percentage in line.analytic_distribution.items()
            for account in accounts.split(',')
            if account in sharing
        ]
        own = set(contracts)
        return [
            (contract, line, self._get_entered_amount(contract, line, share))
            for contract, line, share in shares
            if contract in own
        ]

    def _get_entered_domain(self, contracts):
        return (
            Domain('analytic_distribution', 'in', contracts.analytic_account_id.ids)
            & Domain('crm_contract_billing_id', '=', False)
            & Domain('sale_line_ids', '=', False)
            & Domain('display_type', '=', 'product')
            & Domain('move_type', 'in', SALE_DOCUMENTS)
            & self.env['account.move.line']._get_crm_contract_charging_domain()
        )

    def _get_entered_owner(self, line, rivals):
        """Return whose a line is of the contracts on its account: its document's, else the day's.

        A credit note of the former contract is not its successor's, however late it comes.
        """
        moves = line.move_id | line.move_id.reversed_entry_id
        own = len(rivals) > 1 and rivals & moves.crm_contract_ids
        return own.sorted('id')[:1] if own else rivals._get_contract_on(line.date)

    def _get_entered_amount(self, contract, line, share):
        currency = contract.currency_id
        return currency.round(self._get_invoice_line_money(line, currency) * share)


class CrmContractBilling(models.Model):
    """What the documents of a row of the ledger charge."""

    _inherit = 'crm.contract.billing'

    amount_charged = fields.Monetary(
        string='Charged',
        compute='_compute_amount_charged',
        help="What its invoices charge less their credit notes, rebates too, in the contract's "
        'currency and without taxes. Drafts of invoices count, drafts of credit notes do not.',
    )
    amount_drafted = fields.Monetary(
        string='On Drafts',
        compute='_compute_amount_charged',
        help='Part of what is charged that stands on drafts still, without taxes.',
    )

    @api.depends('move_line_ids.amount_currency', 'move_line_ids.parent_state')
    def _compute_amount_charged(self):
        """Sum the documents of all rows in one query; who may read a row may read its sum."""
        lines = self.env['account.move.line'].sudo()
        biller = self.env['crm.contract.biller']
        groups = lines._read_group(
            Domain('crm_contract_billing_id', 'in', self.ids)
            & lines._get_crm_contract_charging_domain(),
            [
                'crm_contract_billing_id',
                'parent_state',
                'currency_id',
                'move_id.invoice_date:day',
            ],
            ['amount_currency:sum', 'balance:sum'],
        )
        charged = dict.fromkeys(self.ids, NOTHING_CHARGED)
        for row, *values in groups:
            own = biller._get_charged(row.contract_id, *values)
            charged[row.id] = charged[row.id].plus(own)
        for row in self:
            own = charged.get(row.id, NOTHING_CHARGED)
            row.amount_charged, row.amount_drafted = own


class AccountMoveLine(models.Model):
    _inherit = 'account.move.line'

    @api.model
    def _get_crm_contract_charging_domain(self):
        """Return the domain of the lines that count: a draft credit note gives nothing back yet.

        But for that of a refund, which is what the contract bills.
        """
        billed = Domain('move_type', '!=', 'out_refund') | Domain(
            'crm_contract_billing_id.quantity', '<', 0
        )
        return Domain('parent_state', '=', 'posted') | Domain('parent_state', '=', 'draft') & billed
