from odoo import api, fields, models
from odoo.fields import Command

from .crm_contract_tiered_rate_mixin import MODE_HELP, TIER_MODES


class CrmContractTemplateTier(models.Model):
    """From which quantity on a template proposes another price."""

    _name = 'crm.contract.template.tier'
    _description = 'Price Tier of a Template'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.contract.price.tier.mixin']
    _order = 'line_id, rate_id, quantity_from, id'

    line_id = fields.Many2one(
        'crm.contract.template.line', index='btree_not_null', ondelete='cascade'
    )
    rate_id = fields.Many2one(
        'crm.contract.template.rate', index='btree_not_null', ondelete='cascade'
    )
    company_id = fields.Many2one(
        'res.company', compute='_compute_company_id', store=True, precompute=True
    )

    _one_parent = models.Constraint(
        'CHECK ((line_id IS NULL) <> (rate_id IS NULL))',
        'A price tier belongs to a line or to a rate of a template.',
    )
    _tier_unique = models.UniqueIndex(
        '(COALESCE(line_id, 0), COALESCE(rate_id, 0), quantity_from)',
        'There is a price for this quantity already.',
    )

    @api.depends('line_id.company_id', 'rate_id.company_id')
    def _compute_company_id(self):
        for tier in self:
            tier.company_id = (tier.line_id or tier.rate_id).company_id

    def _prepare_tiers(self):
        """Return the commands that give a line or rate of a contract these tiers."""
        return [
            Command.create({'quantity_from': tier.quantity_from, 'price_unit': tier.price_unit})
            for tier in self
        ]

    def _get_prices(self):
        return {tier.quantity_from: tier.price_unit for tier in self}


class CrmContractTemplateLine(models.Model):
    """Lines that propose prices for larger quantities."""

    _inherit = 'crm.contract.template.line'

    tier_ids = fields.One2many(
        'crm.contract.template.tier',
        'line_id',
        string='Price Tiers',
        copy=True,
        help='Other prices for larger quantities.',
    )
    tier_mode = fields.Selection(
        TIER_MODES, string='Tiers', required=True, default='graduated', help=MODE_HELP
    )

    @api.model
    def _get_proposed_fields(self):
        return [*super()._get_proposed_fields(), 'tier_mode']

    def _prepare_proposed(self):
        return {**super()._prepare_proposed(), 'tier_ids': self.tier_ids._prepare_tiers()}


class CrmContractLine(models.Model):
    _inherit = 'crm.contract.line'

    def _is_as_proposed(self):
        """Keep a line whose tiers somebody changed; a form that is not saved knows none."""
        tiers = {tier.quantity_from: tier.price_unit for tier in self.tier_ids}
        proposed = self.template_line_id.tier_ids._get_prices()
        return super()._is_as_proposed() and (not tiers or tiers == proposed)


class CrmContractTemplateRate(models.Model):
    """Rates that propose prices for more hours of a month."""

    _name = 'crm.contract.template.rate'
    _inherit = ['crm.contract.tiered.rate.mixin', 'crm.contract.template.rate']

    tier_ids = fields.One2many(
        'crm.contract.template.tier',
        'rate_id',
        string='Price Tiers',
        copy=True,
        help='Other prices for more hours of a month, of all employees who have the rate.',
    )

    def _prepare_contract_rate(self):
        return {
            **super()._prepare_contract_rate(),
            'template_rate_id': self.id,
            **self._prepare_tiers(),
        }

    def _prepare_tiers(self):
        """Return what a rate of a contract gets that its list does not show."""
        return {'tier_mode': self.tier_mode, 'tier_ids': self.tier_ids._prepare_tiers()}


class CrmContractRate(models.Model):
    _inherit = 'crm.contract.rate'

    template_rate_id = fields.Many2one(
        'crm.contract.template.rate',
        string='Rate of the Template',
        index='btree_not_null',
        ondelete='set null',
        help='Proposed this rate.',
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Complete what a template proposed: a form hands back what its list shows, and no more."""
        ids = {vals['template_rate_id'] for vals in vals_list if vals.get('template_rate_id')}
        origins = self.env['crm.contract.template.rate'].browse(ids)
        tiers = {origin.id: origin._prepare_tiers() for origin in origins}
        return super().create(
            [{**tiers.get(vals.get('template_rate_id'), {}), **vals} for vals in vals_list]
        )
