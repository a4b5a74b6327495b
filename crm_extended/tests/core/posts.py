"""Posts in the shapes of form services, with what each of them says."""

import json
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parents[1] / 'data' / 'posts'


class Sample(NamedTuple):
    """One post: the bytes as they came, and what is expected of them."""

    file: str
    body: bytes
    content_type: str
    content_encoding: str
    map: dict
    expected: dict
    notes: list
    absent: list
    files: list


def read_samples():
    table = json.loads((FOLDER / 'table.json').read_text(encoding='utf-8'))
    return [
        Sample(
            row['file'],
            (FOLDER / row['file']).read_bytes(),
            row['content_type'],
            row.get('content_encoding', ''),
            row.get('map', {}),
            row['expected'],
            row.get('notes', []),
            row.get('absent', []),
            row.get('files', []),
        )
        for row in table
    ]
