"""E-mail addresses that our files bring: the whole database shares their names."""

from lxml import etree

from odoo.tests import BaseCase, tagged

from tests.suite import ADDONS, ADDONS_PATH

PREFIXES = ('crm-', 'service-')


@tagged('post_install', '-at_install')
class TestAddresses(BaseCase):
    def get_names(self):
        """Return [(file, name of an address)] of all files with records."""
        return [
            (path.name, field.text or field.get('eval'))
            for addon in ADDONS
            for folder in ('data', 'demo')
            for path in (ADDONS_PATH / addon / folder).rglob('*.xml')
            for field in etree.parse(path).iterfind('.//field[@name="alias_name"]')
        ]

    def test_every_address_that_we_bring_carries_our_prefix(self):
        names = self.get_names()
        self.assertTrue(names)
        for file, name in names:
            with self.subTest(file=file, name=name):
                self.assertTrue(name.startswith(PREFIXES))
