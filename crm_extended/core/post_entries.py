"""The texts of a post, however deep the program of a form has packed them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from .post_names import FIELDS, get_key, is_of_machine

MAX_TEXTS = 500
MAX_DEPTH = 12
YES, NO = '✓', '✗'

# What a field is called where each one is an object of its own: for machines, for people.
NAME_KEYS = ('name', 'key', 'ref', 'column_id', 'id')
LABEL_KEYS = ('label', 'title', 'question', 'column_name', 'displayName', 'text', 'name')
VALUE_KEYS = ('value', 'values', 'answer', 'response', 'string_value')
# An object of these stands for one text: a choice, a file.
TEXT_KEYS = ('label', 'labels', 'text', 'full', 'prettyFormat', 'name', 'url')
# Below these stands what was typed; what stands beside them is about the form.
ENVELOPES = {
    'answers', 'body', 'contact', 'data', 'data json', 'field data', 'fields', 'form data',
    'form fields', 'form response', 'human fields', 'merges', 'named values', 'payload',
    'raw request', 'responses', 'submission', 'submissions', 'user column data',
}  # fmt: skip
# Below these stands what is known of the form and of the post.
ABOUT_FORM = {'form', 'entry', 'meta'}
# What the form asks and offers, not what was answered.
QUESTIONS = {'definition', 'schema', 'ordered human fields', 'keys', 'options'}
# Their parts are said one after the other.
IN_ONE = {'phone', 'email', 'company', 'subject', 'message'}


class PostError(ValueError):
    """What is not read. kind: json, object, packed, parts, large, deep or many."""

    @property
    def kind(self) -> str:
        """What of these it is."""
        return str(self.args[0])


class Place(NamedTuple):
    """Where in a post something stands."""

    depth: int = 0
    is_about_form: bool = False
    is_top: bool = False
    """Whether a name is that of a plain form, with no program between."""


class Entry(NamedTuple):
    """One text of a post: what its program calls it, what people call it, what it says."""

    name: str
    label: str
    text: str
    place: Place


def get_entries(raw_post: Mapping[str, Any]) -> list[Entry]:
    """Return all texts of a post; what is said twice under one name, once.

    :raise PostError: the post is deeper or longer than any form
    """
    found: dict[tuple[str, str], Entry] = {}
    for number, entry in enumerate(_walk(raw_post, Place(), _get_titles(raw_post))):
        if number >= MAX_TEXTS:
            raise PostError('many')
        key = get_key(entry.name), entry.text
        if entry.text and (key not in found or found[key].place.is_about_form):
            found[key] = entry
    return list(found.values())


def is_field(item: Any) -> bool:
    """Tell whether an object is a field: it has a name, and says what was answered."""
    if not isinstance(item, dict) or _get_value_key(item) is None:
        return False
    return isinstance(item.get('field'), dict) or any(
        isinstance(item.get(key), str) for key in NAME_KEYS + LABEL_KEYS
    )


def get_text(value: Any) -> str:
    """Return a value of JSON, or a list of such, as people write it; what is deeper is none."""
    if isinstance(value, list):
        return ', '.join(filter(None, map(_get_word, value)))
    return _get_word(value)


def _get_word(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ''
    if isinstance(value, bool):
        return YES if value else NO
    return str(value).strip()


# === One value after the other === #


def _walk(node: Mapping[str, Any], place: Place, titles: Mapping[str, str]) -> Iterator[Entry]:
    opened = {name: _open(name, value) for name, value in node.items()}
    envelopes = {name for name, value in opened.items() if _is_envelope(name, value)}
    for name, value in opened.items():
        is_about_form = place.is_about_form or _is_beside(name, value, envelopes)
        inner = Place(place.depth + 1, is_about_form, not (place.depth or envelopes))
        is_question = get_key(name) in QUESTIONS and isinstance(value, (dict, list))
        if not is_question and not is_of_machine(name, is_about_form=is_about_form):
            yield from _walk_value(name, name, value, inner, titles)


def _walk_value(
    name: str, label: str, value: Any, place: Place, titles: Mapping[str, str]
) -> Iterator[Entry]:
    if place.depth > MAX_DEPTH:
        raise PostError('deep')
    if isinstance(value, dict):
        yield from _walk_object(name, label, value, place, titles)
    elif not _is_plain(value):
        inner = Place(place.depth + 1, place.is_about_form)
        for item in value:
            yield from _walk_value('' if is_field(item) else name, label, item, inner, titles)
    else:
        yield Entry(name, label, get_text(value), place)


def _walk_object(
    name: str, label: str, value: dict[str, Any], place: Place, titles: Mapping[str, str]
) -> Iterator[Entry]:
    if get_key(name) not in ENVELOPES and _get_value_key(value) is not None:
        yield from _walk_field(name, value, place, titles)
    elif text := _get_one_text(name, value):
        yield Entry(name, label, text, place)
    else:
        yield from _walk(value, place, titles)


def _walk_field(
    name: str, field: dict[str, Any], place: Place, titles: Mapping[str, str]
) -> Iterator[Entry]:
    """Go through what was answered to a field that is an object of its own."""
    asked = field.get('field')
    if isinstance(asked, dict):  # only its number is told, its title stands elsewhere
        name = get_text(asked.get('ref')) or get_text(asked.get('id'))
        label = titles.get(get_text(asked.get('id'))) or titles.get(name) or name
    else:
        is_number = not name or name.isdigit()
        name = _get_first(field, NAME_KEYS, name) if is_number else name
        label = _get_first(field, LABEL_KEYS, name)
    inner = Place(place.depth + 1)
    yield from _walk_value(name, label, _get_answer(field), inner, titles)


def _is_beside(name: str, value: Any, envelopes: Collection[str]) -> bool:
    """Tell whether something is said about the form, not by who filled it in."""
    is_about = get_key(name) in ABOUT_FORM and isinstance(value, dict)
    return is_about or (bool(envelopes) and name not in envelopes)


def _is_envelope(name: str, value: Any) -> bool:
    return get_key(name) in ENVELOPES and isinstance(value, (dict, list))


def _open(name: str, value: Any) -> Any:
    """Return what a text says that is JSON, where programs put JSON into a text."""
    if get_key(name) in ENVELOPES and isinstance(value, str) and value.lstrip()[:1] in ('{', '['):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


# === Fields that are objects === #


def _get_value_key(item: Mapping[str, Any]) -> str | None:
    kind = item.get('type')
    typed = (kind,) if isinstance(kind, str) and kind not in ('type', 'name') else ()
    return next((key for key in VALUE_KEYS + typed if key in item), None)


def _get_answer(field: Mapping[str, Any]) -> Any:
    """Return what was answered, with the words of the options that were chosen."""
    value, options = field.get(str(_get_value_key(field))), field.get('options')
    if not isinstance(options, list):
        return value
    words = {
        option.get('id'): option.get('text')
        for option in options
        if isinstance(option, dict) and isinstance(option.get('id'), (str, int))
    }
    chosen = value if isinstance(value, list) else [value]
    return [words.get(one, one) if isinstance(one, (str, int)) else one for one in chosen]


def _get_first(field: Mapping[str, Any], keys: tuple[str, ...], default: str) -> str:
    texts = (get_text(field.get(key)) for key in keys if isinstance(field.get(key), (str, int)))
    return next(filter(None, texts), default)


def _is_plain(value: Any) -> bool:
    """Tell whether a value, or each one of a list, says something by itself."""
    words = value if isinstance(value, list) else [value]
    return not any(isinstance(word, (dict, list)) for word in words)


def _get_one_text(name: str, value: Mapping[str, Any]) -> str:
    """Return what an object says that stands for one text, else nothing."""
    if not all(map(_is_plain, value.values())):
        return ''
    if FIELDS.get(get_key(name)) in IN_ONE:
        return get_text(value.get('full')) or ' '.join(filter(None, map(get_text, value.values())))
    is_choice = bool({'label', 'labels', 'url'} & value.keys())
    words = (get_text(value.get(key)) for key in TEXT_KEYS) if is_choice else ()
    return ' '.join(dict.fromkeys(filter(None, words)))


def _get_titles(raw_post: Mapping[str, Any]) -> dict[str, str]:
    """Return ``{id or ref: title}`` of the questions where a post tells them apart."""
    response = raw_post.get('form_response')
    definition = response.get('definition') if isinstance(response, dict) else None
    fields = definition.get('fields') if isinstance(definition, dict) else None
    return {
        get_text(field[key]): get_text(field.get('title'))
        for field in (fields if isinstance(fields, list) else ())
        if isinstance(field, dict)
        for key in ('id', 'ref')
        if key in field
    }
