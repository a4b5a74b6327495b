from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.agreement.crm_contract_revision_rule_mixin import RULE_FIELDS


class CrmContractRevising(models.TransientModel):
    """Shows how the prices of contracts would be revised, and does what it shows."""

    _name = 'crm.contract.revising'
    _description = 'Revise Prices'
    _inherit = ['crm.linked.mixin', 'crm.contract.revision.rule.mixin']

    contract_ids = fields.Many2many('crm.contract', string='Contracts', required=True)
    company_id = fields.Many2one('res.company', default=lambda self: self.env.company)
    revision_type = fields.Selection(
        string='Prices Change By',
        default='contract',
        help='What you choose here for all stands in for the price revision of the contracts.',
    )
    date = fields.Date(
        string='From',
        help='First day of the new prices. Empty: for each contract the first day of its next '
        'term, or of the one whose prices wait to be revised.',
    )
    line_ids = fields.One2many(
        'crm.contract.revising.line',
        'wizard_id',
        string='By Contract',
        compute='_compute_preview',
        store=True,
        readonly=False,
    )
    price_ids = fields.One2many(
        'crm.contract.revising.price',
        'wizard_id',
        string='By Price',
        compute='_compute_preview',
        store=True,
        readonly=False,
    )
    has_held = fields.Boolean(compute='_compute_warnings')
    has_charged = fields.Boolean(compute='_compute_warnings')
    can_apply = fields.Boolean(compute='_compute_can_apply')

    @api.depends('contract_ids', 'date', *RULE_FIELDS)
    def _compute_preview(self):
        for wizard in self:
            plan = wizard._get_plan()
            wizard.line_ids = [
                Command.clear(),
                *(Command.create(wizard._prepare_line(revision)) for revision in plan),
            ]
            wizard.price_ids = [
                Command.clear(),
                *(
                    Command.create(wizard._prepare_price(revision, price))
                    for revision in plan
                    for price in revision.price_ids
                ),
            ]

    @api.depends('line_ids.held', 'line_ids.charged_count')
    def _compute_warnings(self):
        for wizard in self:
            wizard.has_held = any(wizard.line_ids.mapped('held'))
            wizard.has_charged = any(wizard.line_ids.mapped('charged_count'))

    @api.depends('price_ids.is_included')
    def _compute_can_apply(self):
        for wizard in self:
            wizard.can_apply = any(wizard.price_ids.mapped('is_included'))

    # === PREVIEW === #

    @api.model
    def _selection_revision_type(self):
        labels = {
            'contract': self.env._('As each contract says'),
            'percentage': self.env._('The same percentage for all'),
            'index': self.env._('The same index for all'),
        }
        return list(labels.items())

    def _get_plan(self):
        """Return the revisions of the contracts; reads only."""
        contracts = self.contract_ids._origin
        rule = None if self.revision_type == 'contract' else self
        return contracts._plan_price_revisions(self._get_days(contracts), rule)

    def _get_days(self, contracts):
        """Return {contract: first day of its new prices}."""
        return {contract: self.date or contract._get_revision_day() for contract in contracts}

    def _prepare_line(self, revision):
        shown = self.line_ids._fields
        return {name: value for name, value in revision.as_dict().items() if name in shown}

    def _prepare_price(self, revision, price):
        contract = self.env['crm.contract'].browse(revision.contract_id)
        return {
            **price.as_dict(),
            'contract_id': contract.id,
            'currency_id': contract.currency_id.id,
            'price_proposed': price.price_new,
        }

    # === APPLY === #

    def action_apply(self):
        """Revise the prices as the preview shows them."""
        self.ensure_one()
        revisions = self._get_revisions()
        if not revisions:
            raise UserError(self.env._('There is no price to revise. Look why in the list.'))
        self.contract_ids._apply_price_revisions(revisions)
        return {'type': 'ir.actions.act_window_close'}

    def _get_revisions(self):
        """Return the planned revisions with the prices as the user left them.

        :raises UserError: if the plan is not the one that the preview shows
        """
        plan = [revision for revision in self._get_plan() if not revision.held]
        rows = {row._get_key(): row for row in self.price_ids}
        self._check_as_previewed(plan, rows)
        wanted = [
            revision._replace(
                price_ids=tuple(
                    price._replace(**rows[key]._prepare_typed_price())
                    for key, price in self._get_keyed_prices(revision)
                    if rows[key].is_included
                )
            )
            for revision in plan
        ]
        return [revision for revision in wanted if revision.price_ids]

    def _get_keyed_prices(self, revision):
        return [((revision.contract_id, *price.key), price) for price in revision.price_ids]

    def _check_as_previewed(self, plan, rows):
        days = {line.contract_id.id: line.date for line in self.line_ids if not line.held}
        shown = {key: (row.price_old, row.price_proposed) for key, row in rows.items()}
        planned = {
            key: (price.price_old, price.price_new)
            for revision in plan
            for key, price in self._get_keyed_prices(revision)
        }
        if shown != planned or days != {one.contract_id: one.date for one in plan}:
            raise UserError(
                self.env._(
                    'Something changed since the preview was made: a contract, its prices or an '
                    'index. Open it again and look at the new prices.'
                )
            )


class CrmContractRevisingLine(models.TransientModel):
    _name = 'crm.contract.revising.line'
    _description = 'Revise Prices: Contract'
    _inherit = ['crm.linked.mixin']
    _parent_link = 'wizard_id'

    wizard_id = fields.Many2one('crm.contract.revising', required=True, ondelete='cascade')
    contract_id = fields.Many2one('crm.contract', required=True, ondelete='cascade')
    currency_id = fields.Many2one(related='contract_id.currency_id')
    date = fields.Date(string='From')
    percentage_raw = fields.Float(string='Before Limits (%)')
    percentage = fields.Float(string='Percent')
    charged_count = fields.Integer(
        string='Periods Invoiced Before',
        help='Periods from this day on that are invoiced at the old price already, and stay so.',
    )
    held = fields.Char(string='Held Back')
    annual_difference = fields.Monetary(
        string='Per Year', compute='_compute_annual_difference', help='Of what is not left out.'
    )

    @api.depends('contract_id', 'wizard_id.price_ids.annual_difference')
    def _compute_annual_difference(self):
        for wizard, lines in self.grouped('wizard_id').items():
            prices = wizard.price_ids.grouped('contract_id')
            for line in lines:
                own = prices.get(line.contract_id, wizard.price_ids.browse())
                line.annual_difference = sum(own.mapped('annual_difference'))


class CrmContractRevisingPrice(models.TransientModel):
    _name = 'crm.contract.revising.price'
    _description = 'Revise Prices: Price'
    _inherit = ['crm.linked.mixin', 'crm.contract.revised.price.mixin']
    _parent_link = 'wizard_id'

    wizard_id = fields.Many2one('crm.contract.revising', required=True, ondelete='cascade')
    contract_id = fields.Many2one('crm.contract', required=True, ondelete='cascade')
    is_included = fields.Boolean(
        string='Revise', default=True, help='Not ticked: keeps the old price.'
    )
    price_proposed = fields.Float(
        string='Proposed Price', min_display_digits='Product Price', help='As calculated.'
    )

    @api.depends('is_included')
    def _compute_differences(self):
        """What is left out changes nothing."""
        left_out = self.filtered(lambda price: not price.is_included)
        left_out.update({'difference': 0.0, 'annual_difference': 0.0})
        return super(CrmContractRevisingPrice, self - left_out)._compute_differences()

    def _get_key(self):
        """Return what tells the price from the others of the preview."""
        return self.contract_id.id, self.kind, self.line_id.id or self.rate_id.id

    def _prepare_typed_price(self):
        """Return the new price where another one than the proposed was typed."""
        if self.price_new == self.price_proposed:
            return {}
        return {'price_new': self.price_new, 'price_exact': self.price_new}
