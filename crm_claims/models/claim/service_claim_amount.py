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
    company_currency_id = fields.Many2one(
        string='Company Currency', related='company_id.currency_id'
    )
    amount_net_cost = fields.Monetary(
        string='Net Cost',
        compute='_compute_amount_net_cost',
        store=True,
        precompute=True,
        currency_field='company_currency_id',
        help='What the claim costs us in the end, in the currency of the company at the rates of '
        'the days on which the claims were opened: its cost and the handling of the claims to '
        'suppliers that it caused, less what the suppliers grant. A claim to a supplier that was '
        'caused by another claim is counted there.',
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

    @api.depends(
        'amount_cost',
        'caused_by_id',
        'company_id',
        'currency_id',
        'date_open',
        'supplier_claim_ids.active',
        'supplier_claim_ids.amount_cost',
        'supplier_claim_ids.amount_granted',
        'supplier_claim_ids.currency_id',
    )
    def _compute_amount_net_cost(self):
        for claim in self:
            claim.amount_net_cost = 0.0 if claim.caused_by_id else claim._get_net_cost()

    def _get_net_cost(self) -> float:
        """Return what the claim and those to suppliers that it caused cost, as the company counts.

        The supplier's part of a claim that was merged is with the claim that took it over.
        """
        suppliers = self.supplier_claim_ids.filtered('active')
        recovered = sum(
            claim._convert_to_company(claim.amount_granted - claim.amount_cost)
            for claim in suppliers
        )
        return self._convert_to_company(self.amount_cost) - recovered

    def _convert_to_company(self, amount: float) -> float:
        company = self.company_id
        if self.currency_id == company.currency_id:
            return amount
        return self.currency_id._convert(amount, company.currency_id, company, self.date_open)

    def _sum_lines(self, field_name: str) -> float:
        """Return the sum of the lines, or what was typed where the lines say nothing."""
        amounts = self.line_ids.mapped(field_name)
        return sum(amounts) if any(amounts) else self[field_name]
