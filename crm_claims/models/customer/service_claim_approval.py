from odoo import api, fields, models
from odoo.exceptions import UserError


class ServiceClaim(models.Model):
    """What is granted beyond the limit of the team has to be approved before a claim is solved."""

    _inherit = 'service.claim'

    amount_approved = fields.Monetary(
        string='Approved',
        readonly=True,
        copy=False,
        tracking=True,
        help='The amount that was granted when it was approved: more than that has to be approved '
        'again.',
    )
    is_approval_needed = fields.Boolean(
        compute='_compute_is_approval_needed',
        help='More is granted than the team may grant without approval, and it is not approved.',
    )

    @api.depends(
        *('against', 'amount_granted', 'amount_approved'),
        *('currency_id', 'team_id.approval_amount'),
    )
    def _compute_is_approval_needed(self):
        for claim in self:
            limit = claim.team_id.approval_amount
            claim.is_approval_needed = (
                limit > 0
                and claim.against == 'customer'
                and claim.currency_id.compare_amounts(claim.amount_granted, claim.amount_approved)
                > 0
                and claim._get_granted_in_company_currency() > limit
            )

    def write(self, vals):
        """What was approved was so many of another currency."""
        other = self.browse()
        if 'currency_id' in vals:
            other = self.filtered(
                lambda claim: claim.amount_approved and claim.currency_id.id != vals['currency_id']
            )
        result = super().write(vals)
        # sudo: that it was approved is for the program to write
        other.sudo().amount_approved = 0.0
        return result

    def _get_granted_in_company_currency(self):
        company = self.company_id or self.env.company
        return self.currency_id._convert(
            self.amount_granted,
            company.currency_id,
            company,
            self.date_open or fields.Datetime.now(),
        )

    def _check_transition(self, kind):
        result = super()._check_transition(kind)
        if kind == 'solved':
            self._check_granted()
        return result

    def _check_granted(self):
        """Refuse what is granted without the approval that it needs."""
        result = super()._check_granted()
        for claim in self:
            if claim.is_approval_needed:
                raise UserError(
                    self.env._(
                        '%(claim)s grants more than the team %(team)s may without approval. Ask '
                        'its leader or a manager for approval first.',
                        claim=claim.display_name,
                        team=claim.team_id.display_name,
                    )
                )
        return result

    def _on_approved(self):
        result = super()._on_approved()
        for claim in self:
            # sudo: that it was approved is for the program to write
            claim.sudo().amount_approved = claim.amount_granted
        return result
