from odoo import api, fields, models


class ServiceClaim(models.Model):
    """What a claim asks for, what it gets, and what it costs us."""

    _inherit = 'service.claim'

    currency_id = fields.Many2one(
        'res.currency',
        compute='_compute_currency_id',
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    amount_claimed = fields.Monetary(
        compute='_compute_amount_claimed',
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help='The sum of the lines; typed where no line has an amount.',
    )
    amount_granted = fields.Monetary(
        compute='_compute_amount_granted',
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        help='The sum of the lines; typed where no line has an amount.',
    )
    amount_handling = fields.Monetary(
        string='Handling Cost',
        help='What it costs besides: transport, inspection, hours of work.',
    )
    amount_cost = fields.Monetary(
        string='Cost of the Claim',
        compute='_compute_amount_cost',
        store=True,
        precompute=True,
        help='What we grant the customer and the handling. What a supplier grants us is no cost.',
    )

    _amounts_not_negative = models.Constraint(
        'CHECK (amount_claimed >= 0 AND amount_granted >= 0 AND amount_handling >= 0)',
        'The amounts of a claim cannot be negative.',
    )

    @api.depends('company_id')
    def _compute_currency_id(self):
        for claim in self:
            claim.currency_id = claim.currency_id or claim.company_id.currency_id

    @api.depends('line_ids.amount_claimed')
    def _compute_amount_claimed(self):
        for claim in self:
            claim.amount_claimed = claim._sum_lines('amount_claimed')

    @api.depends('line_ids.amount_granted')
    def _compute_amount_granted(self):
        for claim in self:
            claim.amount_granted = claim._sum_lines('amount_granted')

    @api.depends('against', 'amount_granted', 'amount_handling')
    def _compute_amount_cost(self):
        for claim in self:
            granted = claim.amount_granted if claim.against == 'customer' else 0.0
            claim.amount_cost = granted + claim.amount_handling

    def _sum_lines(self, field_name: str) -> float:
        """Return the sum of the lines, or what was typed where the lines say nothing."""
        amounts = self.line_ids.mapped(field_name)
        return sum(amounts) if any(amounts) else self[field_name]
