"""The data sheet of a book: the two numbers of each card, and what curves are drawn of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

from . import look
from .parts import MONTH, Card, Chart, Curve, Series, share
from .sheet import Sheet, get_range, translate
from .sources import Sources

FIRST_COLUMN = 4  # after those of the cards


class Block(NamedTuple):
    """Where the labels and the numbers of a chart stand."""

    labels: str
    numbers: list[str]


class Blocks:
    """Writes formulas, or in a sample numbers, and tells where they stand."""

    def __init__(self, sheet: Sheet, sources: Sources, is_sample: bool):
        self.sheet = sheet
        self.sources = sources
        self.is_sample = is_sample
        self.column = FIRST_COLUMN

    def add_card(self, row: int, card: Card) -> tuple[str, str]:
        """Return the cells of the number of a card and of what it is compared to."""
        self.sheet.put(0, row, translate(card.title), look.HEADING)
        formulas = map(str, card.sample) if self.is_sample else self._get_formulas(card)
        for column, formula in enumerate(formulas, 1):
            self.sheet.put(column, row, formula, number_format=card.format)
        return self._get_place(1, row, row), self._get_place(2, row, row)

    def _get_formulas(self, card: Card) -> list[str]:
        """Sums and counts of nothing are 0, and a rate of nothing is none."""
        value = self.sources.get_value
        number = card.formula(value)
        before = (card.baseline or card.formula)(
            value if card.baseline else partial(value, offset=-1)
        )
        if card.format:
            return [f'={number}', f'={before}']
        if card.mode == 'text':
            return [f'={number}+0', f'={before}+0']
        # nothing is a part of 0, nor so many percent more than it
        return [f'={number}+0', f'=IF({before}+0=0,"",{before})']

    def add_curve(self, curve: Curve) -> Block:
        """Write the rows of a curve; without data those of its sample."""
        labels = self._add_curve_labels(curve)
        numbers = [self._add_series(one, self._get_numbers(curve, one)) for one in curve.series]
        return Block(labels, numbers)

    def _add_curve_labels(self, curve: Curve) -> str:
        if self.is_sample:
            return self._add_sample_labels(curve.sample_labels, curve.sample)
        headers = (self.sources.get_header(curve.source, row) for row in self._get_places(curve))
        # of dates Odoo has no name for rows that are not there
        return self._add_labels([f'=IFERROR({header},"")' for header in headers])

    def _get_numbers(self, curve: Curve, series: Series) -> list[str]:
        if self.is_sample:
            return [str(number) for number in curve.sample[series.label]]
        return [f'={self._get_point(curve, series, row)}' for row in self._get_places(curve)]

    @staticmethod
    def _get_places(curve: Curve) -> Sequence[int]:
        """Return the rows of the source; dates come with the last one first."""
        places = range(1, curve.rows + 1)
        return places[::-1] if ':' in curve.source.rows[0] else places

    def _get_point(self, curve: Curve, series: Series, row: int) -> str:
        value = partial(self.sources.get_row_value, curve.source, measure=series.measure)
        if not series.is_running_share:
            return value(row=row)
        parts = '+'.join(value(row=number) for number in range(1, row + 1))
        whole = self.sources.get_value(curve.source, series.measure)
        return f'IF({value(row=row)}="","",{share(parts, whole)})'

    def add_sample(self, chart: Chart) -> Block:
        """Write the sample of a chart: one number for each bar, or those of the last months."""
        if any(isinstance(numbers, int) for numbers in chart.sample.values()):
            labels = self._add_labels([translate(label) for label in chart.sample])
            series = {chart.title: list(chart.sample.values())}
        else:
            labels = self._add_sample_labels((), chart.sample)
            series = chart.sample
        numbers = [
            self._add_series(Series(label, ''), [str(value) for value in values])
            for label, values in series.items()
        ]
        return Block(labels, numbers)

    def _add_sample_labels(self, labels: Sequence[str], sample: Mapping[str, Sequence]) -> str:
        """Write labels, which without any are those of the last months."""
        if labels:
            return self._add_labels([translate(label) for label in labels])
        count = len(next(iter(sample.values())))
        months = [f'=EDATE(TODAY(),-{ago})' for ago in reversed(range(count))]
        return self._add_labels(months, MONTH)

    def _add_labels(self, labels: Sequence[str], number_format: str = '') -> str:
        self.column += 1
        return self._add_column('', labels, number_format)

    def _add_series(self, series: Series, numbers: Sequence[str]) -> str:
        return self._add_column(translate(series.label), numbers, series.format)

    def _add_column(self, title: str, contents: Sequence[str], number_format: str) -> str:
        if title:
            self.sheet.put(self.column, 1, title, look.HEADING)
        for row, content in enumerate(contents, 2):
            self.sheet.put(self.column, row, content, number_format=number_format)
        self.column += 1
        return self._get_place(self.column - 1, 1, len(contents) + 1)

    def _get_place(self, column: int, first: int, last: int) -> str:
        return f'{self.sheet.name}!{get_range(column, first, last)}'
