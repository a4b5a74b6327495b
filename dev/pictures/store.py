"""What the store shows of each addon: an icon, a banner with its name, and two screens."""

import base64
from dataclasses import dataclass

from dev import paths

from .files import get_path

ICON_SIZE = (100, 100)
BANNER_SIZE = (1120, 560)
BANNER = paths.ROOT / 'dev' / 'pictures' / 'banner.html'


@dataclass(frozen=True)
class Page:
    """The page of an addon: name and promise on the banner, and pictures, the first there too."""

    title: str
    promise: str
    pictures: tuple[str, ...]


PAGES = {
    'crm_extended': Page(
        'CRM Extended',
        'Your day, every call and the whole customer on one card',
        ('home_sales', 'customer'),
    ),
    'crm_claims': Page(
        'CRM Claims and Support',
        'Tickets and claims that are answered in time',
        ('home_agent', 'ticket'),
    ),
    'crm_contracts': Page(
        'CRM Contracts',
        'Contracts that bill, renew and explain themselves',
        ('contract', 'dashboard_contracts'),
    ),
    'crm_segmentation': Page(
        'CRM Segmentation',
        'Say once who belongs; see it before it happens',
        ('segment', 'dashboard_segments'),
    ),
}


def get_folder(addon):
    return paths.ROOT / addon / 'static' / 'description'


def get_copies(addon, language):
    """Return {picture of the manual: its copy beside the store page}."""
    return {
        get_path(language, name): get_folder(addon) / f'{name}_{language}.png'
        for name in PAGES[addon].pictures
    }


def get_banner(addon):
    """Return the page whose picture is the banner, with everything that it shows inside."""
    page = PAGES[addon]
    icon = (get_folder(addon) / 'icon.svg').read_bytes()
    screen = get_path('en', page.pictures[0]).read_bytes()
    return (
        BANNER.read_text(encoding='utf-8')
        .replace('$TITLE', page.title)
        .replace('$PROMISE', page.promise)
        .replace('$ICON', _inline('svg+xml', icon))
        .replace('$SCREEN', _inline('png', screen))
    )


def get_icon(addon):
    """Return the page whose picture is the icon: nothing but its drawing."""
    drawing = _inline('svg+xml', (get_folder(addon) / 'icon.svg').read_bytes())
    return f'<body style="margin:0"><img src="{drawing}" style="display:block;width:100vw"></body>'


def _inline(kind, content):
    return f'data:image/{kind};base64,{base64.b64encode(content).decode()}'
