"""The sources of a book: its pivots and lists, and the fields that its filters hold for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .parts import PERIOD, Records, Source
from .sheet import quote


class Sources:
    """The pivots and lists of a book, each with its number."""

    def __init__(self):
        self.pivots: dict[str, dict[str, Any]] = {}
        self.lists: dict[str, dict[str, Any]] = {}
        self._numbers: dict[tuple[int, int], str] = {}

    def get_value(self, source: Source, measure: str, *, offset: int = 0, **position: str) -> str:
        """Return the formula of a measure, of the group at a position or in total.

        :param offset: periods before (negative) the one that is chosen
        """
        number = self.get_pivot(source, offset)
        return _call('PIVOT.VALUE', number, quote(measure), *_get_arguments(position))

    def get_row_value(self, source: Source, row: int, measure: str, **position: str) -> str:
        """Return the formula of a measure in a row of the source."""
        row_group = (quote(f'#{source.rows[0]}'), str(row))
        arguments = (quote(measure), *row_group, *_get_arguments(position))
        return _call('PIVOT.VALUE', self.get_pivot(source), *arguments)

    def get_header(self, source: Source, row: int) -> str:
        """Return the formula of the name of a row of the source."""
        return _call('PIVOT.HEADER', self.get_pivot(source), quote(f'#{source.rows[0]}'), str(row))

    def get_pivot(self, source: Source, offset: int = 0) -> str:
        """Return the number of the pivot of a source, which is made when it is first wanted."""
        key = (id(source), offset)
        if key not in self._numbers:
            number = self._numbers[key] = str(len(self._numbers) + 1)
            self.pivots[number] = _get_pivot(number, source, offset)
        return self._numbers[key]

    def get_list(self, records: Records) -> str:
        """Add a list of records and return its number."""
        number = str(len(self.lists) + 1)
        self.lists[number] = {
            'columns': list(records.columns),
            'domain': list(records.domain),
            'model': records.model,
            'context': {},
            'orderBy': [{'name': name, 'asc': ascending} for name, ascending in records.order],
            'id': number,
            'name': records.title,
            'fieldMatching': get_matching(records.matching),
        }
        return number


def get_matching(matching: Mapping[str, str], offset: int = 0) -> dict[str, Any]:
    """Return the fields that filters hold for, as the file of a book has them."""
    return {
        filter_id: _get_period(chain, offset)
        if filter_id == PERIOD
        else {'chain': chain, 'type': 'many2one'}
        for filter_id, chain in matching.items()
    }


def _get_period(chain: str, offset: int) -> dict[str, Any]:
    field_name, _colon, kind = chain.partition(':')
    return {'chain': field_name, 'type': kind, 'offset': offset}


def _get_pivot(number: str, source: Source, offset: int) -> dict[str, Any]:
    pivot = {
        'type': 'ODOO',
        'fieldMatching': get_matching(source.matching, offset),
        'context': dict(source.context),
        'domain': list(source.domain),
        'id': number,
        'measures': [_get_measure(name) for name in source.measures],
        'model': source.model,
        'name': source.model,
        'formulaId': number,
        'columns': [_get_dimension(group) for group in source.columns],
        'rows': [_get_dimension(group) for group in source.rows],
    }
    if source.sort:
        pivot['sortedColumn'] = {'measure': source.sort, 'order': 'desc', 'domain': []}
    return pivot


def _get_measure(name: str) -> dict[str, str]:
    field_name, _colon, aggregator = name.partition(':')
    return {
        'id': name,
        'fieldName': field_name,
        **({'aggregator': aggregator} if aggregator else {}),
    }


def _get_dimension(group: str) -> dict[str, str]:
    field_name, _colon, granularity = group.partition(':')
    if not granularity:
        return {'fieldName': field_name}
    return {'fieldName': field_name, 'granularity': granularity, 'order': 'desc'}


def _get_arguments(position: Mapping[str, str]) -> list[str]:
    return [quote(text) for pair in position.items() for text in pair]


def _call(function: str, *arguments: str) -> str:
    return f'{function}({",".join(arguments)})'
