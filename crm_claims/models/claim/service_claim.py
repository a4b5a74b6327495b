from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_extended.models.shared.crm_customer_document_mixin import CustomerFigures


class ServiceClaim(models.Model):
    """A complaint: of a customer to us, or of ours to a supplier."""

    _name = 'service.claim'
    _description = 'Claim'
    _inherit = 'service.case.mixin'
    _number_prefix = 'CLM'
    _portal_path = 'claims'

    partner_id = fields.Many2one(string='Customer or Supplier')
    merged_into_id = fields.Many2one('service.claim')
    follows_id = fields.Many2one('service.claim')
    follow_up_ids = fields.One2many('service.claim')
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
    def _get_crm_customer_figures(self):
        return CustomerFigures(
            domain=Domain('merged_into_id', '=', False) & Domain('against', '=', 'customer'),
            date='date_open',
            counts=('claim_count',),
        )

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

    def _check_granted(self):
        """Refuse to give what may not be granted; override to say what that is."""

    # === PORTAL AND RATING === #

    @api.model
    def _get_portal_fields(self):
        return super()._get_portal_fields() | {'against', 'claim_type_id'}

    @api.model
    def _prepare_portal_values(self, form):
        """A portal user claims against us; the type is one of those that the form offers."""
        type_id = form.get('claim_type_id') or ''
        # sudo: portal users read no configuration
        types_sudo = self.env['service.claim.type'].sudo()
        is_id = type_id.isdecimal() and len(type_id) < 10  # no larger number is an id
        chosen = types_sudo.search([('id', '=', int(type_id))]) if is_id else types_sudo
        return {**super()._prepare_portal_values(form), 'claim_type_id': chosen.id}

    def _is_rating_wanted(self):
        """A supplier is not asked what he thinks of our claim to him."""
        return super()._is_rating_wanted() and self.against == 'customer'
