from datetime import date

from odoo import api, fields, models

from ...core.tiers import Scale, Tier, get_tiers_on
from ..agreement.crm_contract_noted_mixin import NOTED_ELSEWHERE
from .crm_contract_tiered_rate_mixin import MODE_HELP, TIER_MODES

# Decimals of a price that moves with another.
PRICE_DIGITS = 6


class CrmContractPriceTier(models.Model):
    """From which quantity on a line or a rate of a contract has another price."""

    _name = 'crm.contract.price.tier'
    _description = 'Price Tier'
    _inherit = [
        'crm.program.mixin',
        'crm.linked.mixin',
        'crm.contract.price.tier.mixin',
        'crm.contract.noted.mixin',
    ]
    _order = 'line_id, rate_id, quantity_from, date_from, id'

    line_id = fields.Many2one('crm.contract.line', index='btree_not_null', ondelete='cascade')
    rate_id = fields.Many2one('crm.contract.rate', index='btree_not_null', ondelete='cascade')
    contract_id = fields.Many2one(
        'crm.contract',
        compute='_compute_contract_id',
        store=True,
        precompute=True,
        index=True,
        ondelete='cascade',
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    date_from = fields.Date(
        string='From', help='First day of the periods, or of the work, that have this price.'
    )

    _one_parent = models.Constraint(
        'CHECK ((line_id IS NULL) <> (rate_id IS NULL))',
        'A price tier belongs to a line or to a rate of a contract.',
    )
    _tier_unique = models.UniqueIndex(
        '(COALESCE(line_id, 0), COALESCE(rate_id, 0), quantity_from, '
        "COALESCE(date_from, '0001-01-01'))",
        'There is a price for this quantity and day already.',
    )

    @api.depends('line_id.contract_id', 'rate_id.contract_id')
    def _compute_contract_id(self):
        for tier in self:
            tier.contract_id = tier.line_id.contract_id or tier.rate_id.contract_id

    @api.model
    def _get_noted_fields(self):
        return ['quantity_from', 'price_unit', 'date_from']

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        tiers.contract_id._on_touch()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        self.contract_id._on_touch()
        return result

    # === PRICES === #

    def _get_tiers(self):
        """Return the tiers as ``Tier``."""
        return [
            Tier(tier.quantity_from, tier.price_unit, tier.date_from or date.min) for tier in self
        ]

    def _get_on(self, day):
        """Return those that hold on a day."""
        latest = {}
        for tier in self.sorted(lambda one: one.date_from or date.min):
            if not tier.date_from or tier.date_from <= day:
                latest[tier.quantity_from] = tier
        return self.browse(tier.id for tier in latest.values())

    def _scale(self, factor):
        """Let prices move in proportion, as that of their line or rate did."""
        for tier in self.with_context(crm_contract_noted=NOTED_ELSEWHERE):
            tier.price_unit = round(tier.price_unit * factor, PRICE_DIGITS)


class CrmContractLine(models.Model):
    """Recurring lines whose price depends on their quantity."""

    _inherit = 'crm.contract.line'

    tier_ids = fields.One2many(
        'crm.contract.price.tier',
        'line_id',
        string='Price Tiers',
        copy=True,
        help='Other prices for larger quantities. A revision of the price moves them along.',
    )
    tier_mode = fields.Selection(
        TIER_MODES, string='Tiers', required=True, default='graduated', help=MODE_HELP
    )

    @api.depends('tier_mode', 'tier_ids.quantity_from', 'tier_ids.price_unit', 'tier_ids.date_from')
    def _compute_amount(self):
        return super()._compute_amount()

    @api.model
    def _get_noted_fields(self):
        return [*super()._get_noted_fields(), 'tier_mode']

    def _get_whole_amount(self):
        scale = self._get_scale(date.max, self.price_unit)
        if self.is_metered or not scale.tiers:
            return super()._get_whole_amount()
        return self._get_amount(self.quantity, scale.get_price(self.quantity))

    def _get_scale(self, day, price=None):
        """Return how quantities are priced in a period that starts on a day, as ``Scale``.

        :param price: base price, by default that of the day
        """
        self.ensure_one()
        price = self._get_price_on(day) if price is None else price
        if not self.tier_ids:
            return Scale(price)
        return Scale(price, get_tiers_on(self.tier_ids._get_tiers(), day), self.tier_mode)

    def _get_steps_text(self, steps):
        """Return how a quantity is priced in words, empty where it has one price."""
        if len(steps) < 2:
            return ''
        return ' + '.join(
            f'{self._get_number_text(step.quantity)} x {self._get_number_text(step.price)}'
            for step in steps
        )

    # === REVISIONS === #

    def _change_prices(self, prices, days):
        """Let the tiers move with the price, from the same day on."""
        factors = {line: _get_factor(line.price_unit, price) for line, price in prices.items()}
        result = super()._change_prices(prices, days)
        for line in self.filtered('tier_ids'):
            day = days[line.contract_id]
            held = line.tier_ids._get_on(day)
            begun = held.filtered(lambda tier, day=day: tier.date_from == day)
            begun._scale(factors[line])
            silent = (held - begun).with_context(crm_contract_noted=NOTED_ELSEWHERE)
            for tier in silent:
                tier.copy({'date_from': day})._scale(factors[line])
        return result

    def _restore_prices(self, prices, days):
        result = super()._restore_prices(prices, days)
        # Searched together: lines that come one by one would read their tiers one by one.
        tiers = self.env['crm.contract.price.tier'].search([('line_id', 'in', self.ids)])
        gone = tiers.filtered(lambda tier: tier.date_from == days[tier.contract_id])
        gone.with_context(crm_contract_noted=NOTED_ELSEWHERE).unlink()
        return result


class CrmContractRate(models.Model):
    """Rates whose price depends on the hours of a month."""

    _name = 'crm.contract.rate'
    _inherit = ['crm.contract.tiered.rate.mixin', 'crm.contract.rate']

    tier_ids = fields.One2many(
        'crm.contract.price.tier',
        'rate_id',
        string='Price Tiers',
        copy=True,
        help='Other prices for more hours of a month, of all employees who have the rate. Hours '
        'are billed when their month is over. A revision of the price moves the tiers along.',
    )

    @api.model
    def _get_noted_fields(self):
        return [*super()._get_noted_fields(), 'tier_mode']

    def _get_scale(self, day):
        """Return how the hours of a month are priced that starts on a day, as ``Scale``."""
        self.ensure_one()
        tiers = get_tiers_on(self.tier_ids._get_tiers(), day)
        return Scale(self.price_unit, tiers, self.tier_mode)

    def _change_prices(self, prices, days):
        """Let the tiers move with the price."""
        factors = {rate: _get_factor(rate.price_unit, prices[rate]) for rate in self}
        successors = super()._change_prices(prices, days)
        for rate, successor in successors.items():
            successor.tier_ids._scale(factors[rate])
        return successors

    def _restore_prices(self, prices, days):
        before = {rate: rate.price_unit for rate in self}
        result = super()._restore_prices(prices, days)
        for rate in self.exists():
            rate.tier_ids._scale(_get_factor(before[rate], prices[rate]))
        return result


def _get_factor(old, new):
    """Return by how much a price moved."""
    return new / old if old else 1.0
