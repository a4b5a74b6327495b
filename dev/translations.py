"""Check or renew the addons' translation files against the terms of a real database.

    python -m dev.translations CONFIGURATION DATABASE [--fix] [ADDON ...]

Runs in the Python that has Odoo. The addons (default: all) must be installed in
the database as its sources are now, with demo data: what Odoo's own exporter finds there is what
has to be in ``i18n/<addon>.pot`` and, in Spanish, in ``i18n/es.po``. Reported are terms without
Spanish, fuzzy and obsolete entries, placeholders or tags that differ between a term and its
translation, and files that are not what ``--fix`` would write.

``--fix`` writes both files anew: sorted, without dates and names, translations kept. A new term
gets an empty translation, so that the check fails until a person fills it in; a term that changed
in nothing but spaces keeps its translation.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polib

ADDONS = Path(__file__).resolve().parent.parent
LANGUAGE = 'es'
WIDTH = 78
LISTED = 20

METADATA = {
    'MIME-Version': '1.0',
    'Content-Type': 'text/plain; charset=UTF-8',
    'Content-Transfer-Encoding': '8bit',
}
LANGUAGE_METADATA = {
    'Language': LANGUAGE,
    'Plural-Forms': 'nplurals=2; plural=n != 1;',
    **METADATA,
}

PLACEHOLDER = re.compile(
    r"""
    %%
    | %\(\w+\)[#0+-]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa]
    | %[#0+-]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa](?![a-z])
    | [#{]?\{[^{}]*\}\}?
    """,
    re.VERBOSE,
)
TAG = re.compile(r'</?[a-zA-Z][\w.:-]*(?:\s[^<>]*)?/?>')
TRANSLATED_ATTRIBUTE = re.compile(
    r"""\b(title|alt|placeholder|aria-label|string|confirm|help)=("[^"]*"|'[^']*')"""
)


# === FILES IN MEMORY ===


def prepare_template(exported: str) -> polib.POFile:
    """Return the exporter's output without what changes from one run to the next."""
    entries = polib.pofile(exported) if exported else polib.POFile()
    return _prepare_file(entries, METADATA)


def prepare_translation(template: polib.POFile, known: polib.POFile) -> polib.POFile:
    """Return the template's terms with the translations that are known for them."""
    exact = {entry.msgid: entry for entry in known if not entry.obsolete}
    loose = {_collapse(msgid): entry for msgid, entry in exact.items()}
    entries = polib.POFile()
    for term in template:
        entry = exact.get(term.msgid) or loose.get(_collapse(term.msgid))
        entries.append(
            polib.POEntry(
                msgid=term.msgid,
                msgstr=entry.msgstr if entry else '',
                comment=term.comment,
                occurrences=term.occurrences,
                flags=[*term.flags, 'fuzzy'] if entry and entry.fuzzy else term.flags,
            )
        )
    return _prepare_file(entries, LANGUAGE_METADATA)


def _prepare_file(entries: polib.POFile, metadata: dict[str, str]) -> polib.POFile:
    result = polib.POFile(wrapwidth=WIDTH)
    result.metadata = dict(metadata)
    for entry in sorted(entries, key=lambda entry: entry.msgid):
        result.append(entry)
    return result


def _collapse(text: str) -> str:
    return ' '.join(text.split())


def _render(file: polib.POFile) -> str:
    return str(file).rstrip('\n') + '\n'


# === FINDINGS ===


def find_problems(template: polib.POFile, translation: polib.POFile) -> Iterator[str]:
    """Yield a sentence for each entry of the translation that is missing or wrong."""
    terms = {term.msgid for term in template}
    present = {entry.msgid: entry for entry in translation if not entry.obsolete}
    for term in template:
        entry = present.get(term.msgid)
        if not entry or not entry.msgstr.strip():
            yield f'no Spanish for {_quote(term.msgid)} ({_get_place(term)})'
        elif entry.fuzzy:
            yield f'fuzzy: {_quote(term.msgid)}'
        else:
            yield from _find_differences(entry)
    for entry in translation:
        if entry.obsolete or entry.msgid not in terms:
            yield f'obsolete: {_quote(entry.msgid)}'


def _find_differences(entry: polib.POEntry) -> Iterator[str]:
    for what, get_marks in (('placeholders', _get_placeholders), ('tags', _get_tags)):
        expected, found = get_marks(entry.msgid), get_marks(entry.msgstr)
        if expected != found:
            lost = ', '.join((expected - found).elements()) or 'nothing'
            extra = ', '.join((found - expected).elements()) or 'nothing'
            yield f'{what} of {_quote(entry.msgid)} differ: lost {lost}; added {extra}'


def _get_placeholders(text: str) -> Counter[str]:
    """Count the placeholders outside tags, whose attributes are compared with the tag."""
    found = (_collapse(match) for match in PLACEHOLDER.findall(TAG.sub('', text)))
    return Counter(mark for mark in found if mark != '%%')


def _get_tags(text: str) -> Counter[str]:
    return Counter(_collapse(TRANSLATED_ATTRIBUTE.sub(r'\1', tag)) for tag in TAG.findall(text))


def _quote(text: str) -> str:
    text = _collapse(text)
    return f'"{text[:60]}..."' if len(text) > 60 else f'"{text}"'


def _get_place(entry: polib.POEntry) -> str:
    return entry.occurrences[0][0] if entry.occurrences else 'unknown place'


# === FILES ON DISK ===


def renew_addon(folder: Path, template: polib.POFile) -> None:
    """Write the addon's template and its Spanish file anew."""
    folder.mkdir(exist_ok=True)
    path = folder / f'{LANGUAGE}.po'
    known = polib.pofile(str(path)) if path.exists() else polib.POFile()
    _write(folder / f'{folder.parent.name}.pot', _render(template))
    _write(path, _render(prepare_translation(template, known)))


def check_addon(folder: Path, template: polib.POFile) -> Iterator[str]:
    """Yield what is wrong with the addon's two files."""
    pot, path = folder / f'{folder.parent.name}.pot', folder / f'{LANGUAGE}.po'
    if _read(pot) != _render(template):
        yield f'{_show(pot)}: out of date'
    known = polib.pofile(str(path)) if path.exists() else polib.POFile()
    problems = list(find_problems(template, known))
    if not problems and _read(path) != _render(prepare_translation(template, known)):
        problems = ['places or layout out of date']
    for problem in problems[:LISTED]:
        yield f'{_show(path)}: {problem}'
    if len(problems) > LISTED:
        yield f'{_show(path)}: and {len(problems) - LISTED} more'


def _show(path: Path) -> str:
    return os.path.relpath(path)


def _read(path: Path) -> str:
    return path.read_text('utf-8') if path.exists() else ''


def _write(path: Path, text: str) -> None:
    if _read(path) != text:
        path.write_text(text, 'utf-8')


# === THE DATABASE ===


def export_templates(configuration: str, database: str, addons: list[str]) -> dict[str, str]:
    """Return, per installed addon, what Odoo's exporter finds to translate in the database."""
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry
    from odoo.tools import config
    from odoo.tools.translate import trans_export

    config.parse_config(
        ['-c', configuration, '-d', database, '--no-http', '--log-level=warn'], setup_logging=True
    )
    buffer = io.BytesIO()
    with Registry(database).cursor(readonly=True) as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        domain = [('name', 'in', addons), ('state', '=', 'installed')]
        installed = env['ir.module.module'].search(domain).mapped('name')
        if installed:
            trans_export(None, sorted(installed), buffer, 'tgz', env)
    return dict.fromkeys(installed, '') | _unpack(buffer)


def _unpack(buffer: io.BytesIO) -> dict[str, str]:
    if not buffer.tell():
        return {}
    buffer.seek(0)
    with tarfile.open(fileobj=buffer) as archive:
        return {
            member.name.split('/')[0]: archive.extractfile(member).read().decode()
            for member in archive.getmembers()
        }


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 1 when something is wrong."""
    parser = argparse.ArgumentParser(description='Check or renew the translation files.')
    parser.add_argument('configuration', help="Odoo's configuration file")
    parser.add_argument('database', help='a database in which the addons are installed')
    parser.add_argument('addons', nargs='*', help='names of addons (default: all)')
    parser.add_argument('--fix', action='store_true', help='write the files anew, then check')
    options = parser.parse_intermixed_args(arguments)
    addons = options.addons or sorted(path.parent.name for path in ADDONS.glob('*/i18n'))
    exported = export_templates(options.configuration, options.database, addons)
    findings = [
        f'{addon}: not installed in the database' for addon in addons if addon not in exported
    ]
    for addon in sorted(exported):
        folder, template = ADDONS / addon / 'i18n', prepare_template(exported[addon])
        if options.fix:
            renew_addon(folder, template)
        findings += check_addon(folder, template)
    sys.stdout.writelines(f'{finding}\n' for finding in findings)
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
