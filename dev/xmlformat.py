"""Check or fix the layout of the addons' XML files.

    python -m dev.xmlformat [--fix] [FILE OR FOLDER ...]

Without paths every XML file of the addons is taken. The rules:

- the declaration first, then four spaces per level and at most one blank line in a row;
- a tag stands on one line; when that passes 100 columns, or a value has lines of its own, each
  attribute gets a line and the tag's end stands below them;
- values keep their lines, a Python literal among them is indented with its attribute;
- what is read as text stays what it is: the content of data fields, CDATA, ``<pre>`` and the like
  to the letter; in views and templates a paragraph of mixed text and tags keeps its words and
  line breaks and only moves as a block;
- inline tags that touch keep touching, a comment behind a tag stays behind it.

The formatter works on the source text because an XML library forgets line breaks inside values
and the writing of entities. It refuses a file whose meaning its own output would change.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'
INDENT = 4
WIDTH = 100
INLINE_TAG = re.compile(
    'a|abbr|b|bdi|cite|code|em|font|i|kbd|mark|q|s|samp|small|span|strong|sub|sup|t|time|u|var'
)
LITERAL_TAGS = frozenset({'pre', 'script', 'style', 'textarea'})
MARKUP_TAGS = frozenset({'template', 'templates'})

TOKEN = re.compile(
    r"""
    (?P<comment><!--.*?-->)
    | (?P<cdata><!\[CDATA\[.*?\]\]>)
    | (?P<instruction><\?.*?\?>)
    | (?P<doctype><![^>]*>)
    | (?P<close></[^>]*>)
    | <(?P<open>[^\s/>]+)(?P<attributes>(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(?P<end>/?)>
    | (?P<text>[^<]+)
    """,
    re.VERBOSE | re.DOTALL,
)
ATTRIBUTE = re.compile(r"""([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.DOTALL)


class XmlFormatError(Exception):
    """The file cannot be formatted; the message says where and why."""


@dataclass
class Node:
    """A piece of the source: an element with its children, or a leaf."""

    kind: str
    source: str
    column: int = 0
    name: str = ''
    attributes: list[tuple[str, str]] = field(default_factory=list)
    content: str = ''
    children: list[Node] = field(default_factory=list)

    @property
    def is_blank(self) -> bool:
        return self.kind == 'text' and not self.source.strip()

    @property
    def is_inline(self) -> bool:
        return self.kind == 'element' and INLINE_TAG.fullmatch(self.name) is not None

    @property
    def is_literal(self) -> bool:
        return self.name in LITERAL_TAGS or ('xml:space', 'preserve') in self.attributes

    @property
    def holds_markup(self) -> bool:
        """Whether the content is a view or a page, where runs of spaces mean one space."""
        typed = self.name == 'field' and ('type', 'xml') in self.attributes
        return typed or ('type', 'html') in self.attributes or self.name in MARKUP_TAGS


def format_xml(text: str) -> str:
    """Return the XML text laid out by the rules of this module.

    :raise XmlFormatError: when the text is not well-formed or cannot be laid out safely
    """
    text = text.removeprefix('\ufeff').replace('\r\n', '\n')
    before = _get_meaning(text)
    result = _format_document(_parse(text))
    if _get_meaning(result) != before:
        raise XmlFormatError('formatting would change the meaning; lay this file out by hand')
    return result


def _get_meaning(text: str) -> list[tuple]:
    builder = ElementTree.TreeBuilder(insert_comments=True, insert_pis=True)
    try:
        root = ElementTree.fromstring(text, ElementTree.XMLParser(target=builder))
    except ElementTree.ParseError as error:
        raise XmlFormatError(f'not well-formed: {error}') from error
    return [
        (
            element.tag if isinstance(element.tag, str) else element.tag.__name__,
            sorted((name, _collapse(value)) for name, value in element.items()),
            _collapse(element.text),
            _collapse(element.tail),
        )
        for element in root.iter()
    ]


def _collapse(text: str | None) -> str:
    return ' '.join((text or '').split())


# === SOURCE TO NODES ===


def _parse(text: str) -> Node:
    document = Node('document', text)
    stack = [(document, 0)]
    position = 0
    while position < len(text):
        token = TOKEN.match(text, position)
        if not token:
            raise XmlFormatError(f'not understood: {text[position : position + 40]!r}')
        column = position - (text.rfind('\n', 0, position) + 1)
        position = token.end()
        if token['close']:
            element, start = stack.pop()
            element.content = text[start : token.start()]
        else:
            node = _prepare_node(token, column)
            stack[-1][0].children.append(node)
            if token['open'] and not token['end']:
                stack.append((node, position))
    return document


def _prepare_node(token: re.Match, column: int) -> Node:
    if not token['open']:
        return Node(token.lastgroup, token[0], column)
    attributes = [
        (name, double if single is None else single)
        for name, double, single in (
            match.group(1, 2, 3) for match in ATTRIBUTE.finditer(token['attributes'])
        )
    ]
    return Node('element', token[0], column, token['open'], attributes)


# === NODES TO TEXT ===


def _format_document(document: Node) -> str:
    children = [
        node
        for node in document.children
        if not (node.kind == 'instruction' and node.source.startswith('<?xml '))
    ]
    names = {node.name for node in children if node.kind == 'element'}
    lines = _format_siblings(children, 0, markup='odoo' not in names)
    return '\n'.join([DECLARATION, *lines]) + '\n'


def _format_siblings(children: list[Node], level: int, markup: bool) -> list[str]:
    lines: list[str] = []
    gap = ''
    for node in children:
        if node.is_blank:
            gap = node.source
            continue
        block = _format_node(node, level, markup)
        if lines and node.kind == 'comment' and '\n' not in gap:
            lines[-1] += ' ' + block.lstrip()
        else:
            if lines and gap.count('\n') > 1:
                lines.append('')
            lines.append(block)
        gap = ''
    return lines


def _format_node(node: Node, level: int, markup: bool) -> str:
    if node.kind == 'element':
        return _format_element(node, level, markup)
    lines = node.source.split('\n')
    shift = level * INDENT - node.column
    moved = [_shift(line, shift) for line in lines[1:]]
    return '\n'.join([_pad(level) + lines[0], *moved])


def _format_element(node: Node, level: int, markup: bool) -> str:
    inner_markup = markup or node.holds_markup
    if all(child.is_blank for child in node.children) and not _holds_spaces(node, inner_markup):
        return _format_tag(node, level, '/>')
    start = _format_tag(node, level, '>')
    end = f'</{node.name}>'
    if _is_verbatim(node, inner_markup):
        reindents = inner_markup and not node.is_literal and not _has_literal(node)
        content = _reindent_text(node.content, level) if reindents else node.content
        return start + content + end
    lines = _format_siblings(node.children, level + 1, inner_markup)
    return '\n'.join([start, *lines, _pad(level) + end])


def _format_tag(node: Node, level: int, end: str) -> str:
    attributes = [_format_attribute(name, value, level) for name, value in node.attributes]
    line = _pad(level) + ' '.join([f'<{node.name}', *attributes]) + end
    if '\n' not in line and (len(line) <= WIDTH or not attributes):
        return line
    rows = [_pad(level + 1) + attribute for attribute in attributes]
    return '\n'.join([f'{_pad(level)}<{node.name}', *rows, _pad(level) + end])


def _format_attribute(name: str, value: str, level: int) -> str:
    if '\n' in value and value.lstrip()[:1] in tuple('{[('):
        value = _reindent_literal(value.strip(), level + 1)
    quote = "'" if '"' in value else '"'
    return f'{name}={quote}{value}{quote}'


def _reindent_literal(value: str, level: int) -> str:
    first, *rest = value.split('\n')
    closes = rest[-1].lstrip()[:1] in tuple('}])')
    return '\n'.join([first.rstrip(), *_dedent(rest, level if closes else level + 1)])


def _reindent_text(content: str, level: int) -> str:
    first, *rest = content.split('\n')
    if not rest:
        return content
    tail = [_pad(level)] if not rest[-1].strip() else []
    body = rest[:-1] if tail else rest
    return '\n'.join([first.rstrip(), *_dedent(body, level + 1), *tail])


def _dedent(lines: list[str], level: int) -> list[str]:
    margins = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    margin = min(margins, default=0)
    return [_pad(level) + line[margin:].rstrip() if line.strip() else '' for line in lines]


def _shift(line: str, columns: int) -> str:
    text = line.lstrip()
    return ' ' * max(len(line) - len(text) + columns, 0) + text if text else ''


def _pad(level: int) -> str:
    return ' ' * (level * INDENT)


def _is_verbatim(node: Node, markup: bool) -> bool:
    """Whether the spaces and line breaks between the children of the element are read."""
    only_spaces = all(child.is_blank for child in node.children)
    if node.is_literal or only_spaces or _has_text(node):
        return True
    return markup and any(_get_touching_inlines(node))


def _holds_spaces(node: Node, markup: bool) -> bool:
    """Whether the spaces in an otherwise empty element are a value of their own."""
    return bool(node.content) and (node.is_literal or not (markup or '\n' in node.content))


def _has_text(node: Node) -> bool:
    return any(
        child.kind == 'cdata' or (child.kind == 'text' and not child.is_blank)
        for child in node.children
    )


def _has_literal(node: Node) -> bool:
    return any(
        child.kind == 'cdata' or child.is_literal or _has_literal(child) for child in node.children
    )


def _get_touching_inlines(node: Node) -> Iterator[bool]:
    row = [node, *node.children, node]
    for left, right in pairwise(row):
        if not (left.is_blank or right.is_blank):
            yield left.is_inline or right.is_inline


# === FILES ===


def find_files(paths: Iterable[Path]) -> list[Path]:
    """Return the XML files among and below the paths, libraries of others left out."""
    found: set[Path] = set()
    for path in paths:
        found.update(path.rglob('*.xml') if path.is_dir() else [path])
    return sorted(path for path in found if '/static/lib/' not in path.as_posix())


def check_file(path: Path, fix: bool = False) -> str | None:
    """Return what is wrong with the file; None when nothing is, or when it was put right."""
    text = path.read_bytes().decode('utf-8')
    try:
        result = format_xml(text)
    except XmlFormatError as error:
        return str(error)
    if result == text:
        return None
    if fix:
        path.write_bytes(result.encode('utf-8'))
        return None
    pairs = zip([*text.splitlines(), ''], [*result.splitlines(), ''], strict=False)
    line = next((number for number, (a, b) in enumerate(pairs, 1) if a != b), 1)
    return f'not formatted, first at line {line}'


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return 1 when a file is wrong."""
    parser = argparse.ArgumentParser(description='Check or fix the layout of XML files.')
    parser.add_argument(
        'paths', nargs='*', type=Path, help='files or folders (default: the addons)'
    )
    parser.add_argument('--fix', action='store_true', help='rewrite the files')
    options = parser.parse_args(arguments)
    root = Path(__file__).resolve().parent.parent
    paths = options.paths or [path.parent for path in root.glob('*/__manifest__.py')]
    findings = 0
    for path in find_files(paths):
        message = check_file(path, options.fix)
        if message:
            findings += 1
            sys.stdout.write(f'{path}: {message}\n')
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main())
