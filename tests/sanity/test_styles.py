"""What the addons look like: every style sheet with something of ours can be compiled."""

from odoo.tests import TransactionCase, tagged

BUNDLES = ('web.assets_web', 'web.assets_web_dark', 'web.assets_web_print', 'web.assets_frontend')


@tagged('post_install', '-at_install')
class TestStyles(TransactionCase):
    def test_every_bundle_compiles(self):
        """One rule that the compiler does not know leaves the whole screen without styles."""
        for name in BUNDLES:
            with self.subTest(bundle=name):
                bundle = self.env['ir.qweb']._get_asset_bundle(name, css=True, js=False)
                self.assertTrue(bundle.stylesheets)
                self.assertTrue(bundle.preprocess_css())
                self.assertEqual(bundle.css_errors, [])
