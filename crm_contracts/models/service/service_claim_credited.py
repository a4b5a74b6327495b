from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

INVOICE_LINE = 'account.move.line'


class ServiceClaimLine(models.Model):
    """What accounting credited without a claim, which nobody can claim any more."""

    _inherit = 'service.claim.line'

    @api.model
    def _get_charged(self, family):
        charged = [
            member
            for member in family
            if member._name == INVOICE_LINE
            and member.parent_state != 'cancel'
            and not member._is_crm_refund()
        ]
        parts = [(line.quantity, line.product_uom_id) for line in charged]
        return [*super()._get_charged(family), *parts]

    @api.model
    def _get_credited(self, members):
        credited = defaultdict(list, super()._get_credited(members))
        for credit in self._find_credits(members):
            line = credit.crm_credited_line_id or credit
            credited[line].append((credit.quantity, credit.product_uom_id))
        return credited

    @api.model
    def _get_credit_names(self, members):
        names = self._find_credits(members).move_id.mapped('display_name')
        return [*super()._get_credit_names(members), *names]

    @api.model
    def _find_credits(self, members):
        """Return the lines of credit notes that give members back, drafts included.

        What a claim credited is claimed, and counts once.
        """
        ids = [member.id for member in members if member._name == INVOICE_LINE]
        if not ids:
            return self.env[INVOICE_LINE].sudo()
        found_sudo = (
            self.env[INVOICE_LINE]
            .sudo()
            .search(
                (Domain('crm_credited_line_id', 'in', ids) | Domain('id', 'in', ids))
                & Domain('parent_state', '!=', 'cancel')
                & Domain('move_id.move_type', 'in', ('out_refund', 'in_refund'))
            )
        )
        made = self._find_made_of_claims(found_sudo.move_id)
        return found_sudo.filtered(
            lambda line: line.move_id not in made and line._gives_crm_items_back()
        )

    @api.model
    def _find_made_of_claims(self, moves):
        """Return those documents that outcomes of claims became."""
        keys = [f'{move._name},{move.id}' for move in moves]
        items_sudo = self.sudo().search(Domain('outcome_document', 'in', keys)) if keys else ()
        return {item.outcome_document for item in items_sudo}
