from odoo import models
from odoo.exceptions import UserError
from odoo.tools import float_round, format_date

from ...core.revisions import get_revised


class CrmContract(models.Model):
    """How the prices of contracts change from a day on, and what was charged before stays.

    Recurring lines and rates change with any day. The agreed amount and the overage price belong
    to a term: they change with a day on which one begins. Milestones are agreed once.
    """

    _inherit = 'crm.contract'

    # === WHICH PRICES === #

    def _prepare_revised_prices(self, day, rule, percentage):
        """Return the values of each price before and after a revision; override to add prices.

        :param day: first day of the new prices
        :param rule: record that says how prices are rounded
        :param percentage: percent added
        """
        self.ensure_one()
        known = self._get_exact_prices() if rule._is_from_base() else {}
        step = rule.revision_rounding or self.revision_rounding or self.currency_id.rounding
        prices = [price for price in self._prepare_prices(day) if price['price_old']]
        for price in prices:
            exact = get_revised(self._get_start_price(price, known), percentage)
            is_amount = price['kind'] == 'amount'
            price['price_exact'] = exact
            price['price_new'] = (
                self.currency_id.round(exact)
                if is_amount
                else float_round(exact, precision_rounding=step)
            )
        return prices

    def _prepare_prices(self, day):
        """Return the values of the prices that change with a day; override to add some."""
        return [
            *(line._prepare_price() for line in self._get_priced_lines({self: day})),
            *(rate._prepare_price() for rate in self._get_priced_rates()),
            *(self._prepare_term_prices() if self._is_first_day_of_term(day) else []),
        ]

    def _get_priced_lines(self, days):
        """Return the recurring lines that still run when new prices start; override to except some.

        :param days: {contract: first day of the new prices}
        """
        return self.line_ids.filtered(
            lambda line: (
                line.kind == 'recurring'
                and (not line.date_end or line.date_end >= days[line.contract_id])
            )
        )

    def _get_priced_rates(self):
        """Return the rates as they are at last; override to except some."""
        return self.rate_ids._get_latest()

    def _prepare_term_prices(self):
        """Return the prices that belong to a term, as values."""
        kind = self.env['crm.contract.price.revision.line']._fields['kind']
        labels = dict(kind._description_selection(self.env))
        per_year = 12 / self.term_months if self.term_months else 1.0
        return [
            self._prepare_term_price('amount', self.fixed_amount, labels, per_year),
            self._prepare_term_price(
                'overage', self.prepaid_quantity and self.overage_price, labels
            ),
        ]

    def _prepare_term_price(self, kind, price, labels, yearly_quantity=0.0):
        return {
            'kind': kind,
            'line_id': False,
            'rate_id': False,
            'name': labels[kind],
            'price_old': price,
            'yearly_quantity': yearly_quantity,
        }

    def _is_first_day_of_term(self, day):
        """Say whether the current or the next term begins on a day."""
        current = max(self.sudo().term_ids.mapped('date_start'), default=None)
        return day in (current, self._get_next_term_day())

    def _get_exact_prices(self):
        """Return {price key: (price after the last revision, the same before it was rounded)}."""
        return {
            self._get_price_key(
                {'kind': price.kind, 'line_id': price.line_id.id, 'rate_id': price.rate_id.id}
            ): (price.price_new, price.price_exact)
            for price in self.sudo().revision_ids.sorted('date').price_ids
        }

    def _get_start_price(self, price, known):
        """Return the price that a revision starts from.

        The exact one of the last revision, unless somebody typed another price since.
        """
        rounded, exact = known.get(self._get_price_key(price), (None, None))
        return exact if rounded == price['price_old'] else price['price_old']

    def _get_price_key(self, price):
        """Return what tells a price of a contract from its others."""
        return price['kind'], price['line_id'] or price['rate_id']

    def _get_price_order_hold(self, day):
        """Return why prices cannot change from a day on, because one changed later, or None."""
        for priced in (self._get_priced_lines({self: day}), self._get_priced_rates()):
            for record in priced:
                reason = record._get_price_order_hold(day)
                if reason:
                    return reason
        return None

    # === CHANGE === #

    def _apply_price_revisions(self, revisions):
        """Change the prices as planned, and keep what was changed, when, by whom and by what.

        :param revisions: values that ``_plan_price_revisions`` returned; prices may be left out
            or have another ``price_new``
        :return: the ``crm.contract.price.revision`` records
        :raises UserError: if the prices of a contract were revised from that day already
        """
        contracts = self.browse(revision['contract_id'] for revision in revisions)
        contracts.check_access('write')
        contracts.sudo()._lock_for_billing()
        contracts._check_not_revised([revision['date'] for revision in revisions])
        history = self.env['crm.contract.price.revision'].sudo()
        # The history comes first: the database refuses a second revision for the same day.
        history = history.create([history._prepare_from_plan(revision) for revision in revisions])
        history._change_prices()
        contracts._settle_due_revisions()
        contracts._message_log_batch(
            {revision.contract_id.id: revision._get_note() for revision in history}
        )
        return history

    def _check_not_revised(self, days):
        for contract, day in zip(self, days, strict=True):
            if day in contract.sudo().revision_ids.mapped('date'):
                raise UserError(
                    self.env._(
                        'The prices of "%(contract)s" were revised from %(day)s on already.',
                        contract=contract.display_name,
                        day=format_date(self.env, day),
                    )
                )

    # === TAKE BACK === #

    def _take_back_price_revisions(self, revisions):
        """Give the contracts the prices back that held before revisions, the last one first.

        :param revisions: ``crm.contract.price.revision`` records of the contracts
        :return: those that were taken back
        :raises UserError: if the prices of a contract changed again since
        """
        self.check_access('write')
        self.sudo()._lock_for_billing()
        revisions = revisions.sudo().filtered('active')
        charged = revisions._get_charged_counts()
        for _day, last in sorted(revisions.grouped('date').items(), reverse=True):
            last._check_unchanged_since()
            last._restore_prices()
            last.active = False
            # The day is free at once, for the database and for the list of the contract.
            last.flush_recordset(['active'])
            self.invalidate_recordset(['revision_ids'])
            self._message_log_batch(
                {one.contract_id.id: one._get_take_back_note(charged[one]) for one in last}
            )
        return revisions
