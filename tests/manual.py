"""What the tests of the manual read: its pages, labels, pictures, and the words of the screens."""

import functools
import re
from collections import defaultdict

import odoo.addons

from tests.suite import ADDONS, ADDONS_PATH, ROOT

DOCS = ROOT / 'docs'
LANGUAGES = ('en', 'es')
# The applications of Odoo whose labels the manual names.
APPLICATIONS = (
    'account',
    'analytic',
    'base',
    'base_import',
    'base_setup',
    'calendar',
    'contacts',
    'crm',
    'digest',
    'hr_timesheet',
    'mail',
    'mass_mailing',
    'portal',
    'privacy_lookup',
    'product',
    'project',
    'sale',
    'sale_management',
    'sales_team',
    'spreadsheet_dashboard',
    'utm',
    'web',
)
FENCE = re.compile(r'^```.*?^```$', re.MULTILINE | re.DOTALL)
HEADING = re.compile(r'^(#+) ', re.MULTILINE)
LABEL = re.compile(r'\{guilabel\}`([^`]+)`')
MENU = re.compile(r'\{menuselection\}`([^`]+)`')
PICTURE = re.compile(r'!\[([^]]*)\]\(([^)]+)\)')
TERM = re.compile(r'^msgid "(.+)"\nmsgstr "(.+)"$', re.MULTILINE)


def get_pages(language):
    """Return path below the language's folder → text of each page."""
    folder = DOCS / language
    return {
        str(path.relative_to(folder)): path.read_text(encoding='utf-8')
        for path in sorted(folder.rglob('*.md'))
    }


def get_menus(text):
    """Return the menu paths of a page, each a tuple of names."""
    return [tuple(path.split(' --> ')) for path in MENU.findall(_join_lines(text))]


def get_labels(text):
    """Return the labels of buttons, fields, tabs and the like of a page."""
    return LABEL.findall(_join_lines(text))


def get_pictures(text):
    """Return (what it shows, path) of each picture of a page."""
    return PICTURE.findall(_join_lines(text))


def get_levels(text):
    """Return the level of each heading of a page."""
    return [len(marks) for marks in HEADING.findall(FENCE.sub('', text))]


def _join_lines(text):
    return re.sub(r'\s*\n\s*', ' ', text)


@functools.cache
def get_spanish():
    """Return English term → the Spanish ones that it has in the suite and in Odoo."""
    spanish = defaultdict(set)
    for path in _get_po_files():
        for term, translation in TERM.findall(path.read_text(encoding='utf-8')):
            spanish[_unquote(term)].add(_unquote(translation))
    return spanish


def _get_po_files():
    places = [(ADDONS_PATH, ADDONS), *((path, APPLICATIONS) for path in odoo.addons.__path__)]
    files = [f'{place}/{addon}/i18n/es.po' for place, addons in places for addon in addons]
    return [path for path in map(ROOT.joinpath, files) if path.exists()]


def _unquote(text):
    return text.replace('\\"', '"')
