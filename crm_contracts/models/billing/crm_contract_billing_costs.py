from odoo import fields, models

from .account_analytic_line_kind import ITEM_KINDS


class CrmContractBilling(models.Model):
    """Costs that were passed on and are corrected since: the difference is billed or credited.

    A row keeps what its costs came to when they were billed. What the costs on the account come to
    now, less what rows charge of them, is the difference; whoever bills it takes it into a row of
    its own. So it does not matter in which order documents are corrected, credited and taken back.
    """

    _inherit = 'crm.contract.billing'

    cost_kind = fields.Selection(
        [kind for kind in ITEM_KINDS if kind[0] != 'revenue'],
        string='Kind of Cost',
        readonly=True,
        help='Decides on the markup.',
    )
    cost_amount = fields.Float(
        string='Cost',
        readonly=True,
        help="What the costs that it bills came to, without markup, in the contract's currency.",
    )
    is_corrected = fields.Boolean(
        string='Cost Corrected',
        readonly=True,
        help='Its costs were changed since it was billed, or it bills such a difference.',
    )
    corrected_move_ids = fields.Many2many(
        'account.move',
        'crm_contract_billing_corrected_move_rel',
        'billing_id',
        'move_id',
        string='Corrected Documents',
        readonly=True,
        copy=False,
        help='Documents of vendors that were corrected after their costs were passed on.',
    )

    _corrected_index = models.Index('(contract_id) WHERE is_corrected')

    # === WHAT IS CORRECTED === #

    def _correct_costs(self, items):
        """Bill the difference, or take the line off where its invoice is a new draft still.

        :param items: costs of the row that are about to be changed or deleted
        """
        self.ensure_one()
        self._take_off_drafts(items)
        row = self.origin_id or self
        if not row._counts_costs():
            return
        moves = items.move_line_id.move_id
        if not row.is_corrected or moves - row.corrected_move_ids:
            row._note_correction(items)
        row.write(
            {
                'is_corrected': True,
                'corrected_move_ids': [fields.Command.link(id_) for id_ in moves.ids],
            }
        )

    def _take_off_drafts(self, items):
        """Take the row off a draft that was never posted: its costs are billed anew from it."""
        drafts = self._get_invoice_lines().move_id.filtered(
            lambda move: move.state == 'draft' and not move.posted_before
        )
        for draft in drafts:
            note = self.env._(
                '%(documents)s is corrected: what was passed on of it was taken off the draft, and '
                'is billed anew.',
                documents=items._get_crm_contract_document_links(),
            )
            self.contract_id._message_log(body=note)
            draft._drop_crm_contract_rows(self)

    def _note_correction(self, items):
        """Say on the contract whose cost is corrected, and with which invoice it was passed on."""
        self.contract_id._message_log(
            body=self.env._(
                '%(documents)s is corrected after it was passed on with %(invoices)s: the '
                'difference comes with the next invoice.',
                documents=items._get_crm_contract_document_links(),
                invoices=self._get_invoice_lines().move_id._get_crm_contract_links() or '-',
            )
        )

    def _get_invoice_names(self):
        """Return the names of the invoices that stand for the rows."""
        return ', '.join(self._get_invoice_lines().move_id.mapped('display_name')) or '-'

    # === THE DIFFERENCE === #

    def _counts_costs(self):
        """Say whether the row, or a part of it, settles its costs."""
        return any(row.state != 'released' or row.rebill for row in self | self.part_ids)

    def _get_charged_cost(self):
        """Return what a row and its parts charge of their costs, or are going to charge again."""
        family = self | self.part_ids
        settled = family.filtered(lambda row: row.state != 'released' or row.rebill)
        return sum(settled.mapped('cost_amount'))
