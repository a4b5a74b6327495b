"""Everything on a screen has its room, and shuts out nobody: on a small desktop, and on a phone."""

import json
import unittest
from pathlib import Path

import pytest

from odoo.tests import HttpCase, tagged

from dev import axe
from tests.suite import LONG

from .common import OnAPhone
from .screens import ScreensMixin
from .stock_violations import VIOLATIONS, get_phone_violations

LOOK = Path(__file__).with_name('look_at_screens.js').read_text(encoding='utf-8')


class ScreensFitCase(ScreensMixin, HttpCase):
    known = VIOLATIONS

    def look_at(self, screens, stock_screens=(), axe_source=None):
        wanted = {
            'screens': screens,
            'stockScreens': list(stock_screens),
            'known': self.known,
            'axeSource': axe_source,
        }
        self.browser_js(
            '/odoo/crm-contracts',
            LOOK.replace('$WANTED', json.dumps(wanted)),
            ready='odoo.isReady === true',
            login=self.user.login,
            timeout=240,
        )

    def serve_axe(self):
        """Return an address where the browser finds axe-core."""
        script = self.env['ir.attachment'].create(
            {
                'name': axe.FILE.name,
                'raw': axe.FILE.read_bytes(),
                'mimetype': 'application/javascript',
                'public': True,
            }
        )
        return f'/web/content/{script.id}'


@pytest.mark.browser
@pytest.mark.long
@tagged('post_install', '-at_install')
class TestScreensFitTheDesktop(ScreensFitCase):
    browser_size = '1366x768'

    def test_every_screen_fits_and_is_open_to_all(self):
        screens = self.get_screens() + self.get_further_screens()
        self.assertGreaterEqual(len(screens), 40)
        if not axe.FILE.exists():
            self.look_at(screens)
            self.skipTest('Measured without axe-core, which could not be fetched.')
        self.look_at(screens, self.get_stock_screens(), self.serve_axe())


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestScreensFitThePhone(OnAPhone, ScreensFitCase):
    known = get_phone_violations()

    def test_every_main_screen_fits(self):
        self.look_at(self.get_screens())

    @unittest.skipUnless(LONG and axe.FILE.exists(), 'LONG=1 asks axe-core on the phone, too')
    def test_every_main_screen_is_open_to_all(self):
        self.look_at(self.get_screens(), self.get_stock_screens(), self.serve_axe())
