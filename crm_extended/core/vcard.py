"""Read the business cards of a file: vCard 2.1, 3.0 and 4.0, jCard, MECARD, BIZCARD."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from .card import Card
from .card_codes import read_codes
from .card_lines import Line, escape, find_encoding, read_lines
from .card_texts import read_texts

# "\r\r\n" is what becomes of a line end that was turned twice into that of Windows.
_LINE_END = re.compile(rb'\r{0,2}\n|\r')
_BEGIN = re.compile(rb'\s*BEGIN\s*:\s*VCARD\s*', re.IGNORECASE)
_END = re.compile(rb'\s*END\s*:\s*VCARD\s*', re.IGNORECASE)
_AGENT = re.compile(rb'(?:[\w-]+\.)?AGENT\s*(?:;[^:]*)?:\s*', re.IGNORECASE)
# Two bytes for each character, with a mark or without.
_WIDE = (
    (codecs.BOM_UTF16_LE, 'utf-16'),
    (codecs.BOM_UTF16_BE, 'utf-16'),
    (b'B\0E\0', 'utf-16-le'),
    (b'\0B\0E', 'utf-16-be'),
)
# Properties of one card; what comes later is left out.
_MOST_LINES = 1_000


@dataclass
class _Block:
    """The lines of a card, from its first on."""

    lines: list[bytes]
    is_cut: bool = True
    agent: _Block | None = None

    @property
    def waits_for_agent(self) -> bool:
        """Tell whether the next card is that of who speaks for this person."""
        last = next(filter(bytes.strip, reversed(self.lines)))
        return not self.agent and bool(_AGENT.fullmatch(last))


def read_cards(content: bytes) -> Iterator[Card]:
    """Yield the cards of a file one by one; what cannot be read of a card spoils nothing else."""
    text, wide = _narrow(content)
    for source, lines, left_out in read_codes(text):
        yield _make_card(source, lines, left_out)
    encoding = find_encoding(text)
    for block in _split(_LINE_END.split(text)):
        yield from _read_block(block, encoding, wide)


def _narrow(content: bytes) -> tuple[bytes, str]:
    """Return the file with one byte for each plain character, and how it was written if not so."""
    wide = next((name for mark, name in _WIDE if content.startswith(mark)), '')
    if wide:
        content = content.decode(wide, 'ignore').encode(errors='ignore')
    return content.removeprefix(codecs.BOM_UTF8).replace(b'\0', b''), wide


def _split(lines: Iterable[bytes]) -> Iterator[_Block]:
    """Yield the cards in their order; a card within a card is one of its own."""
    blocks: list[_Block] = []
    unclosed: list[_Block] = []
    for line in lines:
        if _BEGIN.fullmatch(line):
            blocks.append(_Block([line]))
            _begin(unclosed, blocks[-1])
        elif unclosed:
            _go_on(unclosed, line)
            if not unclosed:
                yield from blocks
                blocks = []
    yield from blocks


def _begin(unclosed: list[_Block], block: _Block) -> None:
    """Open a card, and leave open only one that it belongs to."""
    if unclosed and unclosed[-1].waits_for_agent:
        unclosed[-1].agent = block
    elif unclosed:
        unclosed.pop()
    unclosed.append(block)


def _go_on(unclosed: list[_Block], line: bytes) -> None:
    if _END.fullmatch(line):
        unclosed.pop().is_cut = False
    else:
        unclosed[-1].lines.append(line)


def _read_block(block: _Block, encoding: str, wide: str) -> Iterator[Card]:
    end = [] if block.is_cut else [b'END:VCARD']
    source = b'\r\n'.join([*block.lines, *end, b''])
    if wide:
        source = source.decode(errors='ignore').encode(wide)
    lines, left_out = read_lines(block.lines[1:], encoding)
    inner, agents = _read_agents(lines)
    if block.agent:
        agents.append(_make_card(b'', *read_lines(block.agent.lines[1:], encoding)).sender)
    lines += [Line('X-AGENT', escape(agent)) for agent in agents]
    yield _make_card(source, lines, left_out, block.is_cut)
    yield from inner


def _read_agents(lines: Iterable[Line]) -> tuple[list[Card], list[str]]:
    """Return the cards that stand in a line, and the names of who speaks for the person."""
    texts = [line.text for line in lines if line.name == 'AGENT']
    cards = [list(read_cards(text.encode(errors='ignore'))) for text in texts]
    inner = [card for found in cards for card in found]
    others = [text for text, found in zip(texts, cards, strict=True) if not found]
    return inner, [*(card.sender for card in inner), *others]


def _make_card(
    source: bytes, lines: Sequence[Line], left_out: Sequence[str], is_cut: bool = False
) -> Card:
    texts = read_texts(lines[:_MOST_LINES])
    left_out = [
        *left_out,
        *texts.pop('left_out'),
        *(line.name for line in lines[_MOST_LINES:]),
    ]
    return Card(source, left_out=tuple(left_out), is_cut=is_cut, **texts)
