"""The files of dashboards: the spreadsheet, and the sample shown while there is no data."""

from __future__ import annotations

import json
from collections.abc import Mapping

from .book import build
from .parts import Dashboard


def get_files(dashboards: Mapping[str, Dashboard]) -> dict[str, str]:
    """Return the text of each file of the dashboards by its path."""
    return {
        f'{path}{ending}': _get_text(build(dashboard, is_sample))
        for path, dashboard in dashboards.items()
        for ending, is_sample in (('_dashboard.json', False), ('_sample_dashboard.json', True))
    }


def _get_text(document: dict) -> str:
    return json.dumps(document, indent=4, ensure_ascii=False) + '\n'
