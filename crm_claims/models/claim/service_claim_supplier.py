from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ...core.stages import CLOSED_KINDS


class ServiceClaim(models.Model):
    """The claim to a supplier that a customer's claim caused, linked both ways."""

    _inherit = 'service.claim'

    caused_by_id = fields.Many2one(
        'service.claim',
        string='Caused by',
        check_company=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='The claim of a customer that made us claim from the supplier.',
    )
    supplier_claim_ids = fields.One2many(
        'service.claim',
        'caused_by_id',
        string='Supplier Claims',
    )
    supplier_claim_count = fields.Integer(compute='_compute_supplier_claim_count')
    open_supplier_claim_count = fields.Integer(
        compute='_compute_supplier_claim_count',
        help='Claims to suppliers that this one caused and that are not closed: solving it asks '
        'first.',
    )

    @api.depends('supplier_claim_ids.stage_kind')
    def _compute_supplier_claim_count(self):
        for claim in self:
            kinds = claim.supplier_claim_ids.mapped('stage_kind')
            claim.supplier_claim_count = len(kinds)
            claim.open_supplier_claim_count = sum(kind not in CLOSED_KINDS for kind in kinds)

    @api.constrains('caused_by_id', 'against')
    def _check_caused_by_id(self):
        for claim in self | self.supplier_claim_ids:
            cause = claim.caused_by_id
            if cause and (claim.against, cause.against) != ('supplier', 'customer'):
                raise ValidationError(
                    self.env._(
                        '%(claim)s and %(cause)s cannot be linked: only a claim to a supplier '
                        'is caused by a claim of a customer.',
                        claim=claim.display_name,
                        cause=cause.display_name,
                    )
                )

    # === ACTIONS === #

    def action_create_supplier_claim(self):
        """Open the claim to the supplier, made with what the customer claims the first time.

        One that was rejected does not count: then another is made.
        """
        self.ensure_one()
        if self.against != 'customer':
            raise UserError(
                self.env._(
                    '%(claim)s is a claim to a supplier already.',
                    claim=self.display_name,
                )
            )
        self._take_turn_with(self)
        if self.supplier_claim_ids.filtered(lambda claim: claim.stage_kind != 'rejected'):
            return self.action_view_supplier_claims()
        claim = self.create(self._prepare_supplier_claim())
        body = self.env._('Claimed from the supplier: %(claim)s', claim=claim._get_html_link())
        self._message_log(body=body)
        return claim.get_formview_action()

    def action_view_supplier_claims(self):
        """Open the claims to suppliers that this one caused."""
        self.ensure_one()
        if len(self.supplier_claim_ids) == 1:
            return self.supplier_claim_ids.get_formview_action()
        counters = self.env['crm.counter.mixin']
        action = counters._get_crm_list_action(
            'crm_claims.service_claim_action', [('id', 'in', self.supplier_claim_ids.ids)], {}
        )
        return counters._put_crm_list_first(action)

    def action_view_cause(self):
        """Open the customer's claim that caused this one."""
        self.ensure_one()
        return self.caused_by_id.get_formview_action()

    # === BUSINESS METHODS === #

    def _prepare_supplier_claim(self):
        """Return the values of the claim to the supplier; override to say more."""
        self.ensure_one()
        supplier = self._get_only_supplier()
        return {
            'name': self.name,
            'against': 'supplier',
            'caused_by_id': self.id,
            'partner_id': supplier.id,
            'team_id': self.team_id.id,
            'user_id': self.user_id.id,
            'company_id': self.company_id.id,
            'currency_id': self.currency_id.id,
            'claim_type_id': self.claim_type_id.id,
            'cause_id': self.cause_id.id,
            'category_id': self.category_id.id,
            'line_ids': [Command.create(line._prepare_supplier_line()) for line in self.line_ids],
        }

    def _get_only_supplier(self):
        """Return the supplier that every product of the lines has first, or nobody."""
        suppliers = {
            line.product_id.seller_ids[:1].partner_id for line in self.line_ids if line.product_id
        }
        return suppliers.pop() if len(suppliers) == 1 else self.env['res.partner']
