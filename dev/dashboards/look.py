"""How dashboards look: sizes in pixels, and the styles of Odoo's own ones."""

WIDTH = 1000
# A table has the four columns of the left or of the right half.
COLUMN_SIZES = (175, 100, 100, 100, 50, 175, 100, 100, 100)
HALVES = (0, 5)
HALF_WIDTH = 475
HALF_OFFSET = 525
COLUMNS = 4
DATA_COLUMNS, DATA_ROWS = 60, 100

GAP = 10
CARD_WIDTH = 242
CARD_HEIGHT = 105
CARDS_IN_A_ROW = 4
CHART_HEIGHT = 345
TITLE_ROW = 40
TABLE_ROW = 28
FILLER_ROW = 23

TITLE, LABEL, NUMBER_LABEL, NAME, NUMBER, HEADING = 1, 2, 3, 4, 5, 6
STYLES = {
    '1': {'textColor': '#01666b', 'bold': True, 'fontSize': 16},
    '2': {'bold': True, 'fontSize': 9, 'textColor': '#434343', 'verticalAlign': 'middle'},
    '3': {
        'bold': True,
        'fontSize': 9,
        'textColor': '#434343',
        'verticalAlign': 'middle',
        'align': 'right',
    },
    '4': {'textColor': '#01666B', 'verticalAlign': 'middle'},
    '5': {'textColor': '#434343', 'verticalAlign': 'middle'},
    '6': {'bold': True},
}
UNDERLINE = 1
BORDERS = {'1': {'bottom': {'style': 'thin', 'color': '#CCCCCC'}}}
CARD_TITLE = {'color': '#434343', 'bold': True}
CHART_TITLE = {'color': '#01666B', 'bold': True, 'fontSize': 16}
UP, DOWN = '#00A04A', '#DC6965'
BAR_COLORS = (16775149, 15726335, 15531509, 16708338)
TABLE_LOOK = {
    'hasFilters': False,
    'totalRow': False,
    'firstColumn': False,
    'lastColumn': False,
    'numberOfHeaders': 1,
    'bandedRows': True,
    'bandedColumns': False,
    'automaticAutofill': True,
    'styleId': 'None',
}
