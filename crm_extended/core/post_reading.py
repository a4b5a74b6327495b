"""Which texts of a post are which of our fields, and what is left for the notes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from .capture import ADDRESS
from .post_entries import NO, YES, Entry, get_entries
from .post_names import CLICKS, FIELDS, NAME_PARTS, get_key

# The target of a name that is left out.
LEFT_OUT = 'left_out'
# What we call our fields ourselves.
OUR_KEYS = {field.replace('_', ' ') for field in FIELDS.values()}
CLICK_NAMES = {name: name for name in CLICKS}
LONGEST_ADDRESS = 254
NUMBER = re.compile(r'\+\d[\d\s().\-]{7,20}')


MARKS = re.compile(r'^q\d+_|[_\[\]]+')
# What is called so beside an envelope is the form.
FORM_NAMES = {'name', 'title', 'form name', 'form title', 'form', 'internal name'}


class Reading(NamedTuple):
    """A post as we read it."""

    fields: dict[str, str]
    """Our fields; what is not one of them is a field of the lead that the map names."""
    clicks: dict[str, str]
    """The identifiers of clicks on advertisements."""
    rest: list[tuple[str, str]]
    """What is for the notes: label, text."""
    names: list[str]
    """The names of what is left for the notes: a map may say what they are."""


def read_post(
    raw_post: Mapping[str, Any],
    field_map: Mapping[str, str],
    ignored: Collection[str] = (),
) -> Reading:
    """Return what a post says.

    :param field_map: ``{their name as get_key returns it: our field}``, before our own guesses
    :param ignored: names that are somebody else's to read
    :raise PostError: the post is deeper or longer than any form
    """
    entries = [entry for entry in get_entries(raw_post) if entry.name not in ignored]
    fields: dict[str, str] = {}
    clicks: dict[str, str] = {}
    rest: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: _get_rank(entry, field_map)):
        target = _get_target(entry, field_map)
        if target in CLICKS:
            clicks.setdefault(target, entry.text)
        elif target and target not in fields:
            fields[target] = entry.text
        elif target != LEFT_OUT and fields.get(target) != entry.text:
            rest.append(entry)
    fields.pop(LEFT_OUT, None)
    rest.sort(key=entries.index)
    _name_person(fields)
    rest = _find_addresses(fields, rest)
    return _get_reading(fields, clicks, rest)


def join_notes(texts: Collection[tuple[str, str]]) -> str:
    """Return a line for each label with its text."""
    return '\n'.join(f'{label}: {text}' for label, text in texts)


def _get_reading(fields: dict[str, str], clicks: dict[str, str], rest: list[Entry]) -> Reading:
    said = set(fields.values())
    kept = [one for one in rest if not (one.place.is_about_form and one.text in said)]
    leftover = _take_name_parts(fields)
    labels = [(_get_label(one), one.text) for one in kept]
    return Reading(fields, clicks, labels + leftover, [one.name for one in kept])


def _get_label(entry: Entry) -> str:
    """Return the label as people read it, without the marks of programs."""
    if entry.place.is_about_form and get_key(entry.label) in FORM_NAMES:
        return 'Form'
    return ' '.join(MARKS.sub(' ', entry.label).split()).rstrip(':* ') or entry.name


# === Whose text it is === #


def _get_rank(entry: Entry, field_map: Mapping[str, str]) -> tuple[bool, bool, bool]:
    """Return what comes first where several texts claim one field: the map, our own names."""
    key = get_key(entry.name)
    return key not in field_map, entry.place.is_about_form, key not in OUR_KEYS


def _get_target(entry: Entry, field_map: Mapping[str, str]) -> str:
    keys = [get_key(entry.name), get_key(entry.label)]
    if mapped := _find(keys, field_map):
        return mapped
    if entry.name == 'name' and entry.place.is_top:
        return 'name'
    if click := _find(keys, CLICK_NAMES):
        return click
    found = _find(keys, FIELDS)
    if entry.text in (YES, NO) and found != 'consent':
        return ''
    # beside an envelope stands the name of the form, not of a person
    return '' if entry.place.is_about_form and found == 'contact_name' else found


def _find(keys: list[str], names: Mapping[str, str]) -> str:
    for key in keys:
        if key in names:
            return names[key]
    return ''


def _name_person(fields: dict[str, str]) -> None:
    """Tell the title of the request from the name of a person, and join the parts of that."""
    if 'name' in fields and 'subject' in fields and 'contact_name' not in fields:
        fields['contact_name'] = fields.pop('name')
    parts = [fields[name] for name in NAME_PARTS if name in fields]
    known = fields.get('contact_name')
    if not known:
        fields['contact_name'] = ' '.join(parts)
    elif 'first_name' not in fields:  # "nombre" and "apellidos"
        fields['contact_name'] = ' '.join([known, *(part for part in parts if part not in known)])


def _take_name_parts(fields: dict[str, str]) -> list[tuple[str, str]]:
    """Take the parts out of the fields, and return those that the whole name does not say."""
    parts = [(name.replace('_', ' '), fields.pop(name)) for name in NAME_PARTS if name in fields]
    return [(label, text) for label, text in parts if text not in fields['contact_name']]


def _find_addresses(fields: dict[str, str], rest: list[Entry]) -> list[Entry]:
    """Take an address and a number for what they look like, where no name says so."""
    for target, pattern in (('email', ADDRESS), ('phone', NUMBER)):
        if not fields.get(target):
            short = (entry for entry in rest if len(entry.text) <= LONGEST_ADDRESS)
            found = next((entry for entry in short if pattern.fullmatch(entry.text)), None)
            if found:
                fields[target] = found.text
                rest = [entry for entry in rest if entry is not found]
    return rest
