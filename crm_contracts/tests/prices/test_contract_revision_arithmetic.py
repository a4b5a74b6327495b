"""Prices revised over years, against a model that knows nothing of ours and calculates exactly."""

import os
from fractions import Fraction
from random import Random

from odoo.fields import Date
from odoo.tests import freeze_time, tagged

from .revision_common import RevisionCase

SEED = int(os.environ.get('CRM_SEED', 1))
CONTRACTS = int(os.environ.get('CRM_REVISED_CONTRACTS', 200))
YEARS = 7


def as_fraction(number):
    """Return the decimal number that a person typed."""
    return Fraction(str(number))


def round_half_up(number, step):
    return (number / step + Fraction(1, 2)).__floor__() * step


class ExactContract:
    """A price that follows an index, calculated with fractions."""

    def __init__(self, values):
        self.reference = values['revision_reference']
        self.cap = values['revision_has_cap'] and as_fraction(values['revision_cap'])
        self.floor = values['revision_has_floor'] and as_fraction(values['revision_floor'])
        self.has = values['revision_has_floor'], values['revision_has_cap']
        self.step = as_fraction(values['revision_rounding'] or '0.01')
        self.level = Fraction(1)

    def limit(self, percentage):
        has_floor, has_cap = self.has
        if has_floor and percentage < self.floor:
            percentage = self.floor
        return self.cap if has_cap and percentage > self.cap else percentage

    def get_prices(self, price, index):
        """Return the price of each year."""
        shown = exact = as_fraction(price)
        prices = []
        for year in range(1, len(index)):
            if self.reference == 'base':
                raw = (index[year] / index[0] / self.level - 1) * 100
            else:
                raw = (index[year] / index[year - 1] - 1) * 100
            factor = 1 + self.limit(raw) / 100
            self.level *= factor
            exact = (exact if self.reference == 'base' else shown) * factor
            shown = round_half_up(exact, self.step)
            prices.append(float(shown))
        return prices


@tagged('post_install', '-at_install')
@freeze_time('2026-06-10')
class TestContractRevisionArithmetic(RevisionCase):
    def test_prices_of_many_years_are_those_of_the_exact_model(self):
        random = Random(SEED)
        index = [as_fraction(round(random.uniform(90, 130), 3)) for _year in range(YEARS + 1)]
        self.index.value_ids.unlink()
        self.env['crm.contract.index.value'].create(
            [
                {'index_id': self.index.id, 'month': f'{2026 + year}-01-01', 'value': float(value)}
                for year, value in enumerate(index)
            ]
        )
        rules = [self.draw_rule(random) for _number in range(CONTRACTS)]
        prices = [round(random.uniform(0.5, 5000), 2) for _rule in rules]
        contracts = self.env['crm.contract'].create(
            [
                self.prepare_contract(
                    self.monthly(price_unit=price), term_months=12, **self.index_rule(**rule)
                )
                for price, rule in zip(prices, rules, strict=True)
            ]
        )
        for _year in range(YEARS):
            contracts._renew()
        days = [Date.to_date(f'{2026 + year}-01-01') for year in range(1, YEARS + 1)]
        for contract, price, rule in zip(contracts, prices, rules, strict=True):
            line = contract.line_ids
            self.assertEqual(
                [line._get_price_on(day) for day in days],
                ExactContract(rule).get_prices(price, index),
                rule,
            )
            if rule['revision_reference'] == 'base' and not (
                rule['revision_has_cap'] or rule['revision_has_floor']
            ):
                step = as_fraction(rule['revision_rounding'] or '0.01')
                direct = round_half_up(as_fraction(price) * index[-1] / index[0], step)
                self.assertEqual(line.price_unit, float(direct), 'rounding added up')

    def draw_rule(self, random):
        floor, cap = sorted(round(random.uniform(-5, 10), 1) for _limit in range(2))
        return {
            'revision_reference': random.choice(['base', 'previous']),
            'revision_has_cap': random.random() < 0.5,
            'revision_cap': cap,
            'revision_has_floor': random.random() < 0.5,
            'revision_floor': floor,
            'revision_rounding': random.choice([0.0, 0.05, 0.5, 1.0, 0.001]),
        }
