"""A sheet that is filled with cells, and the numbers that formats have in the book."""

from __future__ import annotations

from typing import Any

from .look import DATA_ROWS


def get_letter(column: int) -> str:
    """Return the name of a column, which is counted from 0."""
    rest, letter = divmod(column, 26)
    return (get_letter(rest - 1) if rest else '') + chr(ord('A') + letter)


def get_cell(column: int, row: int) -> str:
    """Return the name of a cell; columns are counted from 0, rows from 1."""
    return f'{get_letter(column)}{row}'


def get_range(column: int, first: int, last: int, to_column: int = 0) -> str:
    """Return the name of the cells between two rows, of one column or up to another one."""
    start, end = get_cell(column, first), get_cell(to_column or column, last)
    return start if start == end else f'{start}:{end}'


def quote(text: str) -> str:
    """Return a text in a formula."""
    return '"{}"'.format(text.replace('"', '""'))


def translate(term: str) -> str:
    """Return the formula of a term in the language of the user."""
    return f'=_t({quote(term)})'


class Formats:
    """The number formats of a book, each with its number."""

    def __init__(self):
        self.by_number: dict[str, str] = {}

    def get_number(self, text: str) -> int:
        for number, known in self.by_number.items():
            if known == text:
                return int(number)
        self.by_number[str(len(self.by_number) + 1)] = text
        return len(self.by_number)


class Sheet:
    """The cells of a sheet and what stands on it."""

    def __init__(self, name: str, formats: Formats, columns: int):
        self.name = name
        self.columns = columns
        self.number_formats = formats
        self.cells: dict[str, str] = {}
        self.styles: dict[str, int] = {}
        self.borders: dict[str, int] = {}
        self.formats: dict[str, int] = {}
        self.rows: dict[str, dict[str, int]] = {}
        self.cols: dict[str, dict[str, int]] = {}
        self.figures: list[dict[str, Any]] = []
        self.tables: list[dict[str, Any]] = []
        self.bars: list[dict[str, Any]] = []

    def put(self, column: int, row: int, content: str, look: int = 0, number_format: str = ''):
        """Write a cell, or give an empty one its look."""
        name = get_cell(column, row)
        if content:
            self.cells[name] = content
        if look:
            self.styles[name] = look
        if number_format:
            self.formats[name] = self.number_formats.get_number(number_format)

    def as_dict(self) -> dict[str, Any]:
        """Return the sheet as the file of a book has it."""
        return {
            'id': self.name.lower(),
            'name': self.name,
            'colNumber': self.columns,
            'rowNumber': len(self.rows) or DATA_ROWS,
            'rows': self.rows,
            'cols': self.cols,
            'merges': [],
            'cells': self.cells,
            'styles': self.styles,
            'formats': self.formats,
            'borders': self.borders,
            'conditionalFormats': self.bars,
            'dataValidationRules': [],
            'figures': self.figures,
            'tables': self.tables,
            'areGridLinesVisible': True,
            'isVisible': True,
            'headerGroups': {'ROW': [], 'COL': []},
            'comments': {},
        }
