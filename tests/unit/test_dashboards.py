"""The dashboards: the files are what is declared, and nothing on them covers anything else."""

import json
import re

import pytest

from dev import paths
from dev.dashboards import DASHBOARDS, look
from dev.dashboards.book import build
from dev.dashboards.files import get_files
from dev.dashboards.parts import (
    PERCENT,
    PERIOD,
    Card,
    Curve,
    Dashboard,
    Filter,
    Records,
    Series,
    Source,
    Table,
)

EVERY = pytest.mark.parametrize('dashboard', DASHBOARDS.values(), ids=DASHBOARDS.keys())
LAST_CELL = re.compile(r'[A-Z]+(\d+)$')


def test_the_files_are_what_the_declarations_make():
    for path, text in get_files(DASHBOARDS).items():
        committed = (paths.ROOT / path).read_text(encoding='utf-8')
        assert committed == text, f'{path}: run python -m dev.dashboards'


@EVERY
def test_figures_neither_overlap_nor_leave_the_sheet(dashboard):
    figures = build(dashboard)['sheets'][0]['figures']
    assert len(figures) > 4
    for number, figure in enumerate(figures):
        left, top, right, bottom = _get_edges(figure)
        assert 0 <= left < right <= look.WIDTH
        for other in figures[number + 1 :]:
            other_left, other_top, other_right, other_bottom = _get_edges(other)
            apart = right <= other_left or other_right <= left
            assert apart or bottom <= other_top or other_bottom <= top


@EVERY
def test_no_figure_covers_a_table(dashboard):
    front = build(dashboard)['sheets'][0]
    tops, y = {}, 0
    for row in range(len(front['rows'])):
        tops[row + 1] = y
        y += front['rows'][str(row)]['size']
    filled = {tops[int(LAST_CELL.search(cell)[1])] for cell in front['cells']}
    assert filled
    for figure in front['figures']:
        _left, top, _right, bottom = _get_edges(figure)
        assert not any(top <= start < bottom for start in filled)


@EVERY
def test_a_sample_has_every_panel_and_asks_for_no_data(dashboard):
    real, sample = build(dashboard), build(dashboard, is_sample=True)
    titles = [
        [figure['data']['title']['text'] for figure in book['sheets'][0]['figures']]
        for book in (real, sample)
    ]
    assert titles[0] == titles[1]
    text = json.dumps(sample)
    assert not re.search(r'PIVOT|ODOO\.|odoo_', text)
    assert sample['pivots'] == sample['lists'] == sample['chartOdooMenusReferences'] == {}


@EVERY
def test_every_filter_holds_for_something(dashboard):
    book = build(dashboard)
    text = json.dumps([book['pivots'], book['lists'], book['sheets'][0]['figures']])
    idle = [one for one in dashboard.filters if f'"{one.id}": {{"chain"' not in text]
    assert not idle


def test_the_period_before_is_asked_for_where_a_card_compares():
    sales = Source('crm.lead', ['__count'], {PERIOD: 'create_date:datetime', 'team': 'team_id'})
    card = Card('Leads', lambda value: value(sales, '__count'), 'crm.menu', sample=(2, 1))
    book = build(Dashboard([Filter(PERIOD, 'Period')], [card], []))
    current, before = book['pivots'].values()
    assert current['fieldMatching'] == {
        PERIOD: {'chain': 'create_date', 'type': 'datetime', 'offset': 0},
        'team': {'chain': 'team_id', 'type': 'many2one'},
    }
    assert before['fieldMatching'][PERIOD]['offset'] == -1
    assert book['sheets'][1]['cells'] == {
        'A1': '=_t("Leads")',
        'B1': '=PIVOT.VALUE(1,"__count")+0',
        'C1': '=IF(PIVOT.VALUE(2,"__count")+0=0,"",PIVOT.VALUE(2,"__count"))',
    }
    assert book['sheets'][0]['figures'][0]['data']['keyValue'] == 'Data!B1'
    assert book['chartOdooMenusReferences'] == {'card-1': 'crm.menu'}


def test_a_curve_of_dates_ends_with_the_last_one():
    source = Source('crm.lead', ['a'], rows=['date:month'])
    curve = Curve('A', 'line', source, [Series('A', 'a', format=PERCENT)], 'm', {'A': [1]}, rows=2)
    data = build(Dashboard([], [], [[curve]]))['sheets'][1]
    assert data['cells'] == {
        'F2': '=IFERROR(PIVOT.HEADER(1,"#date:month",2),"")',
        'F3': '=IFERROR(PIVOT.HEADER(1,"#date:month",1),"")',
        'G1': '=_t("A")',
        'G2': '=PIVOT.VALUE(1,"a","#date:month",2)',
        'G3': '=PIVOT.VALUE(1,"a","#date:month",1)',
    }
    assert data['formats'] == {'G2': 1, 'G3': 1}


def test_a_running_share_adds_up_the_rows_above():
    source = Source('service.claim', ['cost'], rows=['cause_id'])
    series = [Series('Share', 'cost', is_running_share=True)]
    curve = Curve('Costs', 'combo', source, series, 'm', {'Share': [1]}, ['A'], rows=2)
    cells = build(Dashboard([], [], [[curve]]))['sheets'][1]['cells']
    first, second = (f'PIVOT.VALUE(1,"cost","#cause_id",{row})' for row in (1, 2))
    assert cells['G2'] == f'=IF({first}="","",IFERROR(({first})/(PIVOT.VALUE(1,"cost")),""))'
    assert f'({first}+{second})/' in cells['G3']


def test_tables_stand_beside_each_other_and_open_their_menus():
    groups = Table('Groups', 'Team', Source('m', ['n'], rows=['team_id']), [], 'a.menu', rows=3)
    records = Records('Records', 'm', {'name': 'Name'}, [('name', True)], 'b.menu', rows=2)
    front = build(Dashboard([], [], [[groups, records]]))['sheets'][0]
    assert front['cells']['A2'] == '[Groups](odoo://ir_menu_xml_id/a.menu)'
    assert front['cells']['F2'] == '[Records](odoo://ir_menu_xml_id/b.menu)'
    assert front['cells']['F4'] == '=ODOO.LIST(1,1,"name")'
    assert [table['range'] for table in front['tables']] == ['A3:A6', 'F3:F5']


def _get_edges(figure):
    left, top = figure['offset']['x'], figure['offset']['y']
    return left, top, left + figure['width'], top + figure['height']
