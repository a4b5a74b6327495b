"""The book of a dashboard: one sheet that is looked at, and one with the figures behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import look
from .blocks import Blocks
from .figures import get_card, get_chart, get_curve, get_figure, get_sample_chart
from .parts import PERIOD, Card, Chart, Curve, Dashboard, Filter, Panel, Records, Table
from .sheet import Formats, Sheet, translate
from .sources import Sources
from .tables import dress, get_grid, put_title

VERSION = '18.5.10'  # of the format, as Odoo's own dashboards of this series have it
# Odoo puts the user's own in its place.
LOCALE = {
    'name': 'English (US)',
    'code': 'en_US',
    'thousandsSeparator': ',',
    'decimalSeparator': '.',
    'dateFormat': 'mm/dd/yyyy',
    'timeFormat': 'hh:mm:ss',
    'formulaArgSeparator': ',',
    'weekStart': 7,
}


def build(dashboard: Dashboard, is_sample: bool = False) -> dict[str, Any]:
    """Return the spreadsheet of a dashboard, or the sample that has numbers instead of data."""
    book = Book(is_sample)
    book.add_cards(dashboard.cards)
    for band in dashboard.bands:
        book.add_band(band)
    return book.as_dict(dashboard)


class Book:
    """A book that is filled from the top to the bottom."""

    def __init__(self, is_sample: bool):
        formats = Formats()
        self.formats = formats.by_number
        self.is_sample = is_sample
        self.sources = Sources()
        self.front = Sheet('Dashboard', formats, len(look.COLUMN_SIZES))
        self.data = Sheet('Data', formats, look.DATA_COLUMNS)
        self.blocks = Blocks(self.data, self.sources, is_sample)
        self.menus: dict[str, str] = {}
        self.row, self.y = 1, 0
        for number, size in enumerate(look.COLUMN_SIZES):
            self.front.cols[str(number)] = {'size': size}

    def add_cards(self, cards: Sequence[Card]):
        """Lay the cards in rows."""
        for number, card in enumerate(cards):
            data = get_card(card, *self.blocks.add_card(number + 1, card))
            line, place = divmod(number, look.CARDS_IN_A_ROW)
            x = place * (look.CARD_WIDTH + look.GAP)
            y = look.GAP + line * (look.CARD_HEIGHT + look.GAP)
            size = (look.CARD_WIDTH, look.CARD_HEIGHT)
            self._add_figure(f'card-{number + 1}', card.menu, data, (x, y), size)
        lines = -(-len(cards) // look.CARDS_IN_A_ROW)
        self._go_down(look.GAP + lines * (look.CARD_HEIGHT + look.GAP))

    def add_band(self, band: Sequence[Panel]):
        """Lay one panel over the whole width, or two beside each other."""
        start, ends = (self.row, self.y), []
        for half, panel in enumerate(band):
            self.row, self.y = start
            if isinstance(panel, (Table, Records)):
                self._add_table(panel, look.HALVES[half])
            else:
                width = look.WIDTH if len(band) == 1 else look.HALF_WIDTH
                self._add_chart(panel, half * look.HALF_OFFSET, width)
            ends.append((self.row, self.y))
        self.row, self.y = max(ends)

    def _add_chart(self, panel: Chart | Curve, x: int, width: int):
        name = f'chart-{len(self.front.figures) + 1}'
        place, size = (x, self.y + look.GAP), (width, look.CHART_HEIGHT)
        self._add_figure(name, panel.menu, self._get_chart(panel), place, size)
        self._go_down(look.CHART_HEIGHT + 2 * look.GAP)

    def _get_chart(self, panel: Chart | Curve) -> dict[str, Any]:
        if isinstance(panel, Curve):
            return get_curve(panel, *self.blocks.add_curve(panel))
        if self.is_sample:
            return get_sample_chart(panel, *self.blocks.add_sample(panel))
        return get_chart(panel)

    def _add_figure(self, name, menu, data, place, size):
        self.front.figures.append(get_figure(name, data, place, size))
        self.menus[name] = menu

    def _add_table(self, table: Table | Records, column: int):
        put_title(self.front, column, self.row, table)
        self._add_row(look.TITLE_ROW)
        grid, first = get_grid(table, self.sources), self.row
        labels = [translate(label) for label in grid.labels]
        self._add_cells(column, labels, [''] * len(labels), (look.LABEL, look.NUMBER_LABEL))
        for row in grid.rows:
            formulas = [''] * len(row) if self.is_sample else [f'={cell}' for cell in row]
            self._add_cells(column, formulas, grid.formats, (look.NAME, look.NUMBER))
        has_bars = isinstance(table, Table)
        dress(self.front, column, first, self.row - 1, len(labels), has_bars=has_bars)
        self._go_down(look.GAP)

    def _add_cells(self, column, contents, formats, looks):
        """Write a row: a name, and numbers."""
        for place, (content, number_format) in enumerate(zip(contents, formats, strict=True)):
            self.front.put(column + place, self.row, content, looks[place > 0], number_format)
        self._add_row(look.TABLE_ROW)

    def _go_down(self, height: int):
        """Leave room for figures: whole rows, so that what follows starts with a row."""
        for _number in range(-(-height // look.FILLER_ROW)):
            self._add_row(look.FILLER_ROW)

    def _add_row(self, size: int):
        self.front.rows[str(self.row - 1)] = {'size': size}
        self.row += 1
        self.y += size

    def as_dict(self, dashboard: Dashboard) -> dict[str, Any]:
        """Return the book as its file has it; a sample has neither data nor links to it."""
        pivots, lists = self.sources.pivots, self.sources.lists
        filters = [_get_filter(one, dashboard.period) for one in dashboard.filters]
        return {
            'version': VERSION,
            'sheets': [self.front.as_dict(), self.data.as_dict()],
            'styles': look.STYLES,
            'formats': self.formats,
            'borders': look.BORDERS,
            'revisionId': 'START_REVISION',
            'uniqueFigureIds': True,
            'settings': {'locale': LOCALE},
            'pivots': {} if self.is_sample else pivots,
            'pivotNextId': len(pivots) + 1,
            'customTableStyles': {},
            'globalFilters': [] if self.is_sample else filters,
            'lists': {} if self.is_sample else lists,
            'listNextId': len(lists) + 1,
            'chartOdooMenusReferences': {} if self.is_sample else self.menus,
        }


def _get_filter(one: Filter, period: str) -> dict[str, Any]:
    if one.id == PERIOD:
        return {'id': one.id, 'type': 'date', 'label': one.label, 'defaultValue': period}
    return {
        'id': one.id,
        'type': 'relation',
        'label': one.label,
        'modelName': one.model,
        'defaultValueDisplayNames': [],
    }
