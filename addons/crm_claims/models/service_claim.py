from odoo import api, fields, models


class ServiceClaim(models.Model):
    """A complaint: of a customer to us, or of ours to a supplier."""

    _name = 'service.claim'
    _description = 'Claim'
    _inherit = [
        'service.claim.amount.mixin',
        'service.claim.supplier.mixin',
        'service.case.mixin',
    ]
    _number_prefix = 'CLM'

    partner_id = fields.Many2one(string='Customer or Supplier')
    merged_into_id = fields.Many2one('service.claim')
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
    line_ids = fields.One2many(
        'service.claim.line',
        'claim_id',
        string='Claimed Items',
        copy=True,
    )
    ticket_ids = fields.One2many('service.ticket', 'claim_id', string='Tickets')

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
    action_ids = fields.One2many('service.claim.action', 'claim_id', string='Actions')
    resolution = fields.Text(help='What was done about it.')

    @api.model
    def _get_merge_uniform_fields(self):
        return (*super()._get_merge_uniform_fields(), 'against', 'currency_id')

    @api.model
    def _get_merge_completed_fields(self):
        return (
            *super()._get_merge_completed_fields(),
            'claim_type_id',
            'cause_id',
            'root_cause',
            'action_type',
            'resolution',
            'amount_claimed',
            'amount_granted',
            'amount_handling',
            'caused_by_id',
        )
