from odoo import api, models
from odoo.exceptions import UserError

# In the context of a claim that is entered as solved: history grants what it granted. As an
# object of this process, no client can send it.
ENTERING = object()
GRANTING_FIELDS = {'amount_granted', 'currency_id', 'line_ids'}


class ServiceClaim(models.Model):
    """A claim that is solved grants no more than was approved before it was."""

    _inherit = 'service.claim'

    @api.model_create_multi
    def create(self, vals_list):
        entering = self.with_context(service_claim_enters=ENTERING)
        return super(ServiceClaim, entering).create(vals_list).with_env(self.env)

    def write(self, vals):
        if not vals.keys() & GRANTING_FIELDS:
            return super().write(vals)
        before = self._get_granted_when_solved()
        result = super().write(vals)
        self._check_not_raised(before)
        return result

    def _get_granted_when_solved(self):
        """Return {claim that is solved: what it grants}, but for those that are just entered."""
        if self.env.context.get('service_claim_enters') is ENTERING:
            return {}
        solved = self.filtered(lambda claim: claim.stage_kind == 'solved')
        return {claim: claim._get_granted_in_company_currency() for claim in solved}

    def _check_not_raised(self, before):
        """Refuse to raise what solved claims grant above what they may without another approval.

        :param before: what they granted, as ``_get_granted_when_solved`` says
        """
        for claim, amount in before.items():
            company = claim.company_id or self.env.company
            raised = claim._get_granted_in_company_currency()
            if claim.is_approval_needed and company.currency_id.compare_amounts(raised, amount) > 0:
                raise UserError(
                    self.env._(
                        '%(claim)s is solved, and what it grants was settled. Reopen it to grant '
                        'more, and ask for approval before it is solved again.',
                        claim=claim.display_name,
                    )
                )


class ServiceClaimLine(models.Model):
    _inherit = 'service.claim.line'

    @api.model_create_multi
    def create(self, vals_list):
        claims = self.env['service.claim'].browse(
            {vals['claim_id'] for vals in vals_list if vals.get('claim_id')}
        )
        before = claims._get_granted_when_solved()
        lines = super().create(vals_list)
        claims._check_not_raised(before)
        return lines

    def write(self, vals):
        if 'amount_granted' not in vals:
            return super().write(vals)
        before = self.claim_id._get_granted_when_solved()
        result = super().write(vals)
        self.claim_id._check_not_raised(before)
        return result
