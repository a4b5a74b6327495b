"""Score cards and charts as the file of a book has them."""

from __future__ import annotations

from typing import Any

from . import look
from .parts import Card, Chart, Curve
from .sources import get_matching


def get_figure(name: str, data: dict[str, Any], place: tuple[int, int], size: tuple[int, int]):
    """Return a figure; place and size are counted in pixels from the top left corner."""
    return {
        'id': name,
        'col': 0,
        'row': 0,
        'offset': {'x': place[0], 'y': place[1]},
        'width': size[0],
        'height': size[1],
        'tag': 'chart',
        'data': {**data, 'chartId': name},
    }


def get_card(card: Card, number_cell: str, baseline_cell: str) -> dict[str, Any]:
    """Return a score card about two cells."""
    up, down = (look.DOWN, look.UP) if card.is_less_better else (look.UP, look.DOWN)
    return {
        'type': 'scorecard',
        'title': {'text': card.title, **look.CARD_TITLE},
        'background': card.color,
        'keyValue': number_cell,
        'baseline': baseline_cell,
        'baselineDescr': {'text': card.text},
        'baselineMode': card.mode,
        'baselineColorUp': up,
        'baselineColorDown': down,
        'humanize': not card.format,
    }


def get_chart(chart: Chart) -> dict[str, Any]:
    """Return a chart of records."""
    groups = list(chart.groups)
    accumulation = {'cumulative': True, 'cumulatedStart': True} if chart.is_cumulated else {}
    return {
        **_get_frame(chart.title, f'odoo_{chart.kind}', has_legend=len(groups) > 1),
        'metaData': {
            'groupBy': groups,
            'measure': chart.measure,
            'order': chart.order,
            'resModel': chart.model,
            'mode': chart.kind,
            'cumulatedStart': chart.is_cumulated,
        },
        'searchParams': {
            'comparison': None,
            'context': dict(chart.context),
            'domain': list(chart.domain),
            'groupBy': groups,
            'orderBy': [],
        },
        'actionXmlId': chart.action,
        'dataSets': [{}],
        'verticalAxisPosition': 'left',
        'stacked': chart.is_stacked,
        **accumulation,
        'fillArea': chart.is_cumulated,
        'fieldMatching': get_matching(chart.matching),
    }


def get_sample_chart(chart: Chart, labels: str, numbers: list[str]) -> dict[str, Any]:
    """Return the same chart about cells."""
    return {
        **_get_frame(chart.title, chart.kind, has_legend=len(numbers) > 1),
        'dataSetsHaveTitle': True,
        'dataSets': [{'dataRange': cells, 'yAxisId': 'y'} for cells in numbers],
        'labelRange': labels,
        'labelsAsText': True,
        'stacked': chart.is_stacked,
        'aggregated': False,
        'cumulative': chart.is_cumulated,
        'fillArea': chart.is_cumulated,
        'humanize': True,
    }


def get_curve(curve: Curve, labels: str, numbers: list[str]) -> dict[str, Any]:
    """Return a curve about cells."""
    return {
        **_get_frame(curve.title, curve.kind, has_legend=len(numbers) > 1),
        'dataSetsHaveTitle': True,
        'dataSets': [
            {
                'dataRange': cells,
                'yAxisId': 'y1' if series.is_running_share else 'y',
                **({'type': series.kind} if curve.kind == 'combo' else {}),
            }
            for series, cells in zip(curve.series, numbers, strict=True)
        ],
        'labelRange': labels,
        'labelsAsText': True,
        'stacked': False,
        'aggregated': False,
        'cumulative': False,
        'humanize': True,
    }


def _get_frame(title: str, kind: str, *, has_legend: bool) -> dict[str, Any]:
    has_legend = has_legend or kind.endswith('pie')
    return {
        'type': kind,
        'title': {'text': title, **look.CHART_TITLE},
        'background': '#FFFFFF',
        'legendPosition': 'top' if has_legend else 'none',
    }
