"""Rows of a database as mappings: how they differ, and what of a change can be taken back.

A change of a row is ``{column: [before, after]}``, lists because it is stored as JSON. Rows that
hang on another one are told by their reference, ``table.column``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

Row = Mapping[str, Any]
Changes = dict[str, list[Any]]
Attached = Mapping[str, list[Row]]  # by reference


def get_changes(before: Row, after: Row, ignored: Collection[str] = ()) -> Changes:
    """Return the columns of both rows that differ, but for those to be ignored."""
    return {
        column: [value, after[column]]
        for column, value in before.items()
        if column in after and after[column] != value and column not in ignored
    }


def get_reverted(changes: Mapping[str, list[Any]], current: Row) -> dict[str, Any]:
    """Return the values to write back: those that nobody edited since."""
    return {
        column: before
        for column, (before, after) in changes.items()
        if column in current and current[column] == after
    }


def get_moved_back(
    moved: Mapping[int, Mapping[str, list[Any]]], current: Mapping[int, Row], column: str
) -> dict[int, dict[str, Any]]:
    """Return the values to write back on rows that were moved, by their ids.

    :param column: where a row hangs; what was put elsewhere since, or deleted, is left alone
    """
    return {
        id_: get_reverted(changes, current[id_])
        for id_, changes in moved.items()
        if id_ in current and current[id_][column] == changes[column][1]
    }


def get_row_changes(
    before: Mapping[int, Row], after: Mapping[int, Row], ignored: Collection[str] = ()
) -> dict[int, Changes]:
    """Return, by their ids, the changes of the rows that changed; what is gone did not."""
    changes = {id_: get_changes(row, after.get(id_, row), ignored) for id_, row in before.items()}
    return {id_: changed for id_, changed in changes.items() if changed}


def get_link_changes(
    before: Attached, after: Attached, references: Iterable[str]
) -> dict[str, dict[str, list[Row]]]:
    """Return ``{reference: {'added': rows, 'removed': rows}}`` where the links differ."""
    return {
        name: {
            'added': [row for row in after.get(name, ()) if row not in before.get(name, ())],
            'removed': [row for row in before.get(name, ()) if row not in after.get(name, ())],
        }
        for name in references
        if before.get(name) != after.get(name)
    }


def get_moved(
    before: Attached, after: Attached, ignored: Collection[str] = ()
) -> dict[str, dict[str, Changes]]:
    """Return ``{reference: {id: changes}}`` of the rows with an id that are in both.

    The ids are texts, as JSON has no other keys.
    """
    moved = {}
    for name, rows in before.items():
        new = {row['id']: row for row in after.get(name, ()) if 'id' in row}
        changes = {
            str(row['id']): get_changes(row, new[row['id']], ignored)
            for row in rows
            if row.get('id') in new
        }
        if changes:
            moved[name] = changes
    return moved


def get_gone(before: Attached, remaining: Attached) -> dict[str, list[Row]]:
    """Return the rows that are not among the remaining ones, and all that have no id."""
    gone = {}
    for name, rows in before.items():
        left = {row['id'] for row in remaining.get(name, ())}
        lost = [row for row in rows if row.get('id') not in left]
        if lost:
            gone[name] = lost
    return gone


def get_ids(attached: Iterable[Attached]) -> dict[str, set[int]]:
    """Return ``{reference: ids}`` of all the rows that have one."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for references in attached:
        for name, rows in references.items():
            ids[name].update(row['id'] for row in rows if 'id' in row)
    return dict(ids)


def join_attached(attached: Iterable[Attached | None]) -> dict[str, list[Row]]:
    """Return all the rows of several records under one reference each."""
    joined: defaultdict[str, list[Row]] = defaultdict(list)
    for references in attached:
        for name, rows in (references or {}).items():
            joined[name].extend(rows)
    return dict(joined)


def join_moved(
    moved: Iterable[Mapping[str, Mapping[str, Changes]] | None],
) -> dict[str, dict[int, Changes]]:
    """Return the changes of several records under one reference each, the ids as numbers."""
    joined: defaultdict[str, dict[int, Changes]] = defaultdict(dict)
    for references in moved:
        for name, rows in (references or {}).items():
            joined[name].update({int(id_): changes for id_, changes in rows.items()})
    return dict(joined)


def get_table(reference: str) -> str:
    """Return the table of a reference."""
    return reference.partition('.')[0]


def empty_dead_links(
    rows: Iterable[Row], column: str, dead: Collection[int], is_required: bool
) -> list[dict[str, Any]]:
    """Return copies of the rows without links to what is dead.

    :param is_required: whether a row cannot be without the link; such a row is left out
    """
    kept = []
    for row in rows:
        if row.get(column) not in dead:
            kept.append(dict(row))
        elif not is_required:
            kept.append({**row, column: None})
    return kept
