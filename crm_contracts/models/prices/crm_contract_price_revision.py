from collections import Counter

from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

# Prices of a line: how they are changed and restored, and the field that has the last one.
LINE_KINDS = {
    'line': ('_change_prices', '_restore_prices', 'price_unit'),
    'minimum': ('_change_minimums', '_restore_minimums', 'minimum_amount'),
}
# Prices of a contract that belong to a term.
TERM_FIELDS = {'amount': 'fixed_amount', 'overage': 'overage_price'}


class CrmContractPriceRevision(models.Model):
    """How the prices of a contract were revised: from when, by whom, by what and to which prices.

    Written once by who revises the prices, and changed by nobody. The last one can be taken back:
    it stays, and the prices before it hold again.
    """

    _name = 'crm.contract.price.revision'
    _description = 'Price Revision'
    _order = 'date desc, id desc'

    active = fields.Boolean(
        default=True, help='Not active: taken back, so the prices before it hold again.'
    )
    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', readonly=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    date = fields.Date(string='From', required=True, help='First day of the new prices.')
    user_id = fields.Many2one(
        'res.users', string='Revised By', default=lambda self: self.env.user, required=True
    )
    revision_type = fields.Selection(
        [('percentage', 'Percentage'), ('index', 'Index')], string='Kind', required=True
    )
    index_id = fields.Many2one('crm.contract.index', ondelete='set null')
    month = fields.Date(help='Month of the index value.')
    value = fields.Float(string='Index Value', min_display_digits=1)
    reference_month = fields.Date(help='Month with which it was compared.')
    reference_value = fields.Float(min_display_digits=1)
    percentage_raw = fields.Float(
        string='Before Limits (%)', help='Percent that the rule asked for, before cap and floor.'
    )
    percentage = fields.Float(string='Revised By (%)', help='Percent after cap and floor.')
    price_ids = fields.One2many('crm.contract.price.revision.line', 'revision_id', string='Prices')
    annual_difference = fields.Monetary(
        string='Per Year',
        compute='_compute_annual_difference',
        help='What the recurring lines and the agreed amount bring more in a year.',
    )
    charged_count = fields.Integer(
        string='Periods Invoiced Before',
        help='Periods from this day on that were invoiced at the old price already: the '
        'difference is to be invoiced or credited by hand.',
    )
    is_in_mrr = fields.Boolean(
        string='In the Monthly Revenue', help='The log of the monthly revenue holds it.'
    )

    # Two users at once see no revision of the day: one of them is refused.
    _live_day_unique = models.UniqueIndex(
        '(contract_id, date) WHERE active', 'The prices of a contract are revised once for a day.'
    )

    @api.depends('contract_id', 'date')
    def _compute_display_name(self):
        for revision in self:
            revision.display_name = self.env._(
                '%(contract)s from %(day)s on',
                contract=revision.contract_id.display_name,
                day=format_date(self.env, revision.date) or '…',
            )

    @api.depends('price_ids.annual_difference')
    def _compute_annual_difference(self):
        for revision in self:
            revision.annual_difference = sum(revision.price_ids.mapped('annual_difference'))

    # === ACTIONS === #

    def action_take_back(self):
        """Give the prices before a revision back; what was invoiced at the revised ones stays.

        :raises UserError: if the prices of a contract changed again since
        """
        self.contract_id._take_back_price_revisions(self)
        return True

    # === APPLY === #

    @api.model
    def _prepare_from_plan(self, revision):
        """Return the values of the record of a planned revision."""
        values = revision.as_dict()
        return {
            **{name: value for name, value in values.items() if name in self._fields},
            'price_ids': [Command.create(price) for price in values['price_ids']],
        }

    @api.model
    def _check_new(self, contracts, days):
        """Refuse a second revision of contracts for a day."""
        for contract, day in zip(contracts, days, strict=True):
            if day in contract.sudo().revision_ids.mapped('date'):
                raise UserError(
                    self.env._(
                        'The prices of "%(contract)s" were revised from %(day)s on already.',
                        contract=contract.display_name,
                        day=format_date(self.env, day),
                    )
                )

    @api.model
    def _get_of_terms(self, terms):
        """Return the revisions that were made for terms before these began."""
        days = {term.contract_id: term.date_start for term in terms}
        return terms.contract_id.revision_ids.filtered(
            lambda revision: revision.date == days[revision.contract_id]
        )

    def _change_prices(self):
        """Give lines, rates and terms the new prices from the day of their revision on."""
        days = {revision.contract_id: revision.date for revision in self}
        changed = self._get_changed_prices()
        for kind, (change, _restore, _field) in LINE_KINDS.items():
            prices = changed.filtered(lambda one, kind=kind: one.kind == kind and one.line_id)
            new = {price.line_id: price.price_new for price in prices}
            getattr(prices.line_id, change)(new, days)
        rates = changed.filtered('rate_id')
        successors = rates.rate_id._change_prices(
            {price.rate_id: price.price_new for price in rates}, days
        )
        for price in rates:
            price.rate_id = successors[price.rate_id]
        self._change_term_prices()

    def _change_term_prices(self):
        """Give the term that begins with a revision its prices; one to come gets them then."""
        for revision in self:
            contract = revision.contract_id
            current = max(contract.term_ids.mapped('date_start'), default=None)
            values = {
                TERM_FIELDS[price.kind]: price.price_new
                for price in revision.price_ids
                if price.kind in TERM_FIELDS
            }
            if values and current == revision.date:
                contract.write(values)

    # === TAKE BACK === #

    def _check_unchanged_since(self):
        """Refuse to take back what something else was built on."""
        for revision in self:
            if max(revision.contract_id.revision_ids.mapped('date')) > revision.date:
                raise UserError(
                    self.env._(
                        'The prices of "%(contract)s" were revised again since: take the last '
                        'revision back first.',
                        contract=revision.contract_id.display_name,
                    )
                )
        for price in self._get_changed_prices():
            if price._is_changed_since():
                raise UserError(
                    self.env._(
                        'The price "%(price)s" of "%(contract)s" is no more the one that the '
                        'revision gave it: change it by hand.',
                        price=price.name,
                        contract=price.contract_id.display_name,
                    )
                )

    def _restore_prices(self):
        """Give lines, rates and terms the prices back that they had before."""
        days = {revision.contract_id: revision.date for revision in self}
        changed = self._get_changed_prices()
        for kind, (_change, restore, _field) in LINE_KINDS.items():
            prices = changed.filtered(lambda one, kind=kind: one.kind == kind and one.line_id)
            old = {price.line_id: price.price_old for price in prices}
            getattr(prices.line_id, restore)(old, days)
        rates = changed.filtered('rate_id')
        rates.rate_id._restore_prices({one.rate_id: one.price_old for one in rates}, days)
        for price in changed.filtered(lambda one: one.kind in TERM_FIELDS):
            if price.contract_id._get_current_terms().date_start == price.revision_id.date:
                price.contract_id[TERM_FIELDS[price.kind]] = price.price_old

    def _get_charged_counts(self):
        """Return {revision: periods that are invoiced at its prices}; extend it."""
        return Counter()

    def _get_changed_prices(self):
        return self.price_ids.filtered(lambda price: price.price_new != price.price_old)

    # === NOTES === #

    def _get_note(self):
        """Return what the chatter of the contract says about the revision."""
        self.ensure_one()
        title = self.env._(
            'Prices revised from %(day)s on by %(percent)s %%',
            day=format_date(self.env, self.date),
            percent=formatLang(self.env, self.percentage),
        )
        charged = self.charged_count and self.env._(
            'Periods from this day on that were invoiced at the old price already: %(count)s.',
            count=self.charged_count,
        )
        return self._get_note_of_prices(title, 'price_old', 'price_new', charged)

    def _get_take_back_note(self, charged_count):
        """Return what the chatter says about a revision that was taken back.

        :param charged_count: periods that are invoiced at the revised prices
        """
        self.ensure_one()
        title = self.env._(
            'Price revision from %(day)s on taken back', day=format_date(self.env, self.date)
        )
        charged = charged_count and self.env._(
            'Periods invoiced at the revised price: %(count)s. Credit the difference by hand.',
            count=charged_count,
        )
        return self._get_note_of_prices(title, 'price_new', 'price_old', charged)

    def _get_note_of_prices(self, title, before, after, charged):
        prices = Markup().join(
            Markup('<li>%s: %s → %s</li>')
            % (
                price.name,
                formatLang(self.env, price[before], dp='Product Price'),
                formatLang(self.env, price[after], dp='Product Price'),
            )
            for price in self.price_ids
        )
        return Markup('%s<ul>%s</ul>%s') % (title, prices, charged or '')


class CrmContractPriceRevisionLine(models.Model):
    """One price of a contract before and after a revision."""

    _name = 'crm.contract.price.revision.line'
    _description = 'Revised Price of a Contract'
    _inherit = ['crm.contract.revised.price.mixin']
    _order = 'revision_id, id'

    revision_id = fields.Many2one(
        'crm.contract.price.revision', required=True, index=True, ondelete='cascade'
    )
    contract_id = fields.Many2one(
        related='revision_id.contract_id', store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(related='revision_id.company_id', store=True, precompute=True)
    currency_id = fields.Many2one(related='revision_id.currency_id')

    def _is_changed_since(self):
        """Say whether the price is no more the one that the revision gave it."""
        self.ensure_one()
        if self.kind not in TERM_FIELDS:
            priced = self.line_id or self.rate_id
            field = LINE_KINDS[self.kind][2] if self.line_id else 'price_unit'
            return bool(priced) and priced[field] != self.price_new
        # A term that only begins with the revision has no prices yet.
        current, day = self.contract_id._get_current_terms().date_start, self.revision_id.date
        is_current = current == day and self.contract_id[TERM_FIELDS[self.kind]] == self.price_new
        return not (is_current or (current and current < day))
