from odoo import api, fields, models


class ServiceClaim(models.Model):
    """A complaint: of a customer to us, or of ours to a supplier."""

    _name = 'service.claim'
    _description = 'Claim'
    _inherit = ['service.case.mixin']
    _number_prefix = 'CLM'

    partner_id = fields.Many2one(string='Customer or Supplier')
    against = fields.Selection(
        [('customer', 'Customer Claim'), ('supplier', 'Supplier Claim')],
        string='Party',
        required=True,
        default='customer',
        tracking=True,
        help='A customer claim reaches us; a supplier claim is ours to a supplier.',
    )
    claim_type_id = fields.Many2one(
        'service.claim.type',
        string='Type',
        index='btree_not_null',
        ondelete='restrict',
    )

    # Analysis and outcome
    cause_id = fields.Many2one(
        'service.claim.cause',
        index='btree_not_null',
        ondelete='restrict',
    )
    root_cause = fields.Text(help='Why it happened, in words.')
    action_type = fields.Selection(
        [('corrective', 'Corrective Action'), ('preventive', 'Preventive Action')],
        help='Corrective removes the trouble; preventive keeps it from coming back.',
    )
    resolution = fields.Text(help='What was done about it.')

    # Amounts
    currency_id = fields.Many2one(
        'res.currency',
        compute='_compute_currency_id',
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    amount_claimed = fields.Monetary()
    amount_granted = fields.Monetary()

    _amounts_not_negative = models.Constraint(
        'CHECK (amount_claimed >= 0 AND amount_granted >= 0)',
        'The amounts of a claim cannot be negative.',
    )

    @api.depends('company_id')
    def _compute_currency_id(self):
        for claim in self:
            claim.currency_id = claim.currency_id or claim.company_id.currency_id
