"""Who wrote the mail that somebody passes on, as mail programs say it in seven languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# How programs name the lines above a mail that is passed on.
LABELS = {
    'from': 'from de von da van remitente expéditeur absender mittente remetente remitent',
    'date': 'date sent fecha enviado envoyé gesendet datum data enviada inviato enviat verzonden',
    'to': 'to para à a an per pour aan destinatario destinataire destinatari empfänger',
    'subject': 'subject asunto objet betreff assunto oggetto assumpte tema onderwerp sujet',
    'cc': 'cc cco bcc ccn copia copie kopie',
    'reply': 'reply-to',
}
KINDS = {word: kind for kind, words in LABELS.items() for word in words.split()}
# Words that follow those: "Enviado el", "Gesendet am", "Per a", "Responder a".
FILLERS = r'(?:\s(?:el|le|am|em|il|on|a|an|at|de envío|d.enviament))?'
LINE = re.compile(
    rf'[\s>*|_]*(?P<label>[^\W\d_]+(?:-[^\W\d_]+)?){FILLERS}\s*[*_]*\s?:\s*[*_]*\s*(?P<value>.*)'
)
ADDRESS = re.compile(r"[\w.+%'&=-]{1,64}@[\w-]+(?:\.[\w-]+)+")
# "El lun, 19 oct 2026 a las 9:00, Ana <ana@example.com> escribió:"
ATTRIBUTION = re.compile(
    r'^[\s>]*(?:on|el|le|am|em|il|a|en|op)\b(?P<words>[^<>@:]{4,80}(?::[^<>@:]{0,80}){0,3}?)'
    rf'[<(\[]?(?:mailto:)?(?P<address>{ADDRESS.pattern})[^:\n]{{0,80}}\n?[^:\n]{{0,20}}:',
    re.IGNORECASE | re.MULTILINE,
)
VERB = re.compile(
    r'\b(wrote|escribió|a écrit|schrieb|escreveu|ha scritto|va escriure|schreef)\b', re.IGNORECASE
)
# What stands before the name in it: the day and the time, in German also the verb.
MOMENT = re.compile(
    r'^.*\d{1,2}[:.h]\d{2}(?:\s?\(?[ap]\.?\s?m\.?\)?)?(?:\s?uhr)?,?\s*(?:schrieb\s)?|^.*,\s',
    re.IGNORECASE,
)
FORWARD = re.compile(r'\s*(?:fwd?|rv|wg|tr|i|enc|reenv|rm)\s*(?:\[\d+\])?:', re.I)
PREFIX = re.compile(r'\s*(?:fwd?|rv|wg|tr|i|r|re|enc|res|aw|rif|reenv|rm)\s*(?:\[\d+\])?:\s*', re.I)
BREAKS = {'br', 'p', 'div', 'tr', 'li', 'blockquote', 'pre', 'hr', 'table', 'h1', 'h2', 'h3'}
SILENT = {'style', 'script', 'title'}
GAP = 2  # lines without a label that may stand between two with one
WORDS = 200_000  # characters of a mail in which its original is looked for


@dataclass(frozen=True)
class Original:
    """Who wrote what was passed on. The address is empty where a program names the person only."""

    name: str
    address: str

    def __str__(self) -> str:
        if not self.address:
            return self.name
        return f'"{self.name}" <{self.address}>' if self.name else self.address


class _Lines(HTMLParser):
    """Collects the text of a page, with the line breaks that a reader sees.

    The head of a passed on mail is told by its lines, which programs put into ``div`` as well:
    Odoo's own text of a page runs those together.
    """

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = ''

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag in SILENT:
            self.silent = tag
        if tag in BREAKS:
            self.words.append('\n')

    def handle_endtag(self, tag: str) -> None:
        if tag == self.silent:
            self.silent = ''
        if tag in BREAKS:
            self.words.append('\n')

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def get_text(html: str) -> str:
    """Return the lines of a page as they are read."""
    lines = _Lines()
    lines.feed(html[:WORDS])
    lines.close()
    return ''.join(lines.words).replace('\xa0', ' ').replace('\r', '')


def get_originals(text: str) -> list[Original]:
    """Return who wrote what a text passes on: named above it, or in the line that quotes it."""
    named = [_get_person(block['from']) for block in _get_blocks(text) if _is_head(block)]
    quoted = [
        Original(_clean(MOMENT.sub('', match['words'])), match['address'].lower())
        for match in ATTRIBUTION.finditer(text[:WORDS])
        if VERB.search(match[0])
    ]
    return [person for person in (*named, *quoted) if person.name or person.address]


def is_forward(subject: str) -> bool:
    """Tell the subject of a mail that was passed on from that of an answer."""
    return bool(FORWARD.match(subject))


def get_bare_subject(subject: str) -> str:
    """Return a subject without what programs put before that of an answer or a forward."""
    shorter = PREFIX.sub('', subject, count=1) if PREFIX.match(subject) else subject
    return shorter if shorter == subject else get_bare_subject(shorter)


def _get_blocks(text: str) -> Iterator[dict[str, str]]:
    """Yield what stands together in a text, each as {kind of line: what stands in it}."""
    block: dict[str, str] = {}
    gap = 0
    for line in text[:WORDS].splitlines():
        kind, value = _read(line)
        if kind and (kind in block or gap > GAP):
            yield block
            block = {}
        if kind:
            block[kind], gap = value, 0
        else:
            _continue(block, line)
            gap += 1
    yield block


def _continue(block: dict[str, str], line: str) -> None:
    """Take an address that stands below the name of whoever wrote."""
    is_wrapped = block and next(reversed(block)) == 'from' and '@' not in block['from']
    if is_wrapped and ADDRESS.search(line):
        block['from'] = f'{block["from"]} {line.strip(" >*")}'


def _is_head(block: dict[str, str]) -> bool:
    """Tell a head from other lines with a colon: it names who wrote, and two things more."""
    return bool(block.get('from')) and len({'date', 'to', 'subject'} & block.keys()) >= 2


def _read(line: str) -> tuple[str, str]:
    match = LINE.fullmatch(line)
    kind = KINDS.get(match['label'].lower(), '') if match else ''
    return kind, match['value'].strip() if match and kind else ''


def _get_person(words: str) -> Original:
    """Return the person whom a line names, with the first address that stands there."""
    match = ADDRESS.search(words)
    if not match:
        return Original(_clean(words), '')
    before, after = words[: match.start()], words[match.end() :]
    name = _clean(before.replace('mailto:', ''))
    inner = re.match(r'\s*\((?P<name>[^()]+)\)', after)
    return Original(name or _clean(inner['name'] if inner else ''), match[0].lower())


def _clean(words: str) -> str:
    return re.sub(r'\s+', ' ', words).strip(' \'"*<([,;:>').strip()
