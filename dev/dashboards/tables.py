"""Tables as they stand on the sheet that is looked at."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from . import look
from .parts import Records, Table
from .sheet import Sheet, get_cell, get_range, quote
from .sources import Sources


class Grid(NamedTuple):
    """What a table has to show: its labels, the formats of its columns, its rows of formulas."""

    labels: list[str]
    formats: list[str]
    rows: list[list[str]]


def get_grid(table: Table | Records, sources: Sources) -> Grid:
    """Return what a table has to show."""
    return (_get_records if isinstance(table, Records) else _get_groups)(table, sources)


def _get_groups(table: Table, sources: Sources) -> Grid:
    rows = range(1, table.rows + 1)
    return Grid(
        [table.label, *(column.label for column in table.columns)],
        ['', *(column.format for column in table.columns)],
        [
            [
                sources.get_header(table.source, row),
                *(
                    column.formula(partial(sources.get_row_value, table.source, row))
                    for column in table.columns
                ),
            ]
            for row in rows
        ],
    )


def _get_records(records: Records, sources: Sources) -> Grid:
    number = sources.get_list(records)
    return Grid(
        list(records.columns.values()),
        [''] * len(records.columns),
        [
            [f'ODOO.LIST({number},{row},{quote(name)})' for name in records.columns]
            for row in range(1, records.rows + 1)
        ],
    )


def put_title(sheet: Sheet, column: int, row: int, table: Table | Records):
    """Write the title of a table, which opens its menu."""
    link = f'[{table.title}](odoo://ir_menu_xml_id/{table.menu})'
    sheet.put(column, row, link, look.TITLE)
    line = get_range(column, row, row, column + look.COLUMNS - 1)
    sheet.borders[line] = look.UNDERLINE


def dress(sheet: Sheet, column: int, first: int, last: int, width: int, *, has_bars: bool):
    """Give a table its look: bands, and bars of the first number behind the names."""
    cells = get_range(column, first, last, column + width - 1)
    sheet.tables.append({'range': cells, 'type': 'static', 'config': look.TABLE_LOOK})
    if has_bars:
        rule = {
            'type': 'DataBarRule',
            'color': look.BAR_COLORS[len(sheet.bars) % len(look.BAR_COLORS)],
            'rangeValues': get_range(column + 1, first + 1, last),
        }
        names = get_range(column, first + 1, last)
        identifier = f'bars-{get_cell(column, first)}'
        sheet.bars.append({'rule': rule, 'id': identifier, 'ranges': [names]})
