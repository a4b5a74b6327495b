"""What the addons look like: style sheets that compile, and colours that follow the scheme."""

import re

from odoo.tests import TransactionCase, tagged

from tests.suite import ADDONS, ROOT

BUNDLES = ('web.assets_web', 'web.assets_web_dark', 'web.assets_web_print', 'web.assets_frontend')
# Colours as such, and the classes that stay what they are when all else turns dark.
COLOUR = re.compile(
    r'#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(\s*\d|\b(?:black|white|red|green|blue|gr[ae]y|yellow)\b(?=\s*[;,)!])',
    re.IGNORECASE,
)
FIXED_CLASS = re.compile(r'\b(?:bg|text)-(?:white|black|dark|light)\b')
FIXED_STYLE = re.compile(r'style="[^"]*(?:color|background|border)[^"]*"')
COMMENT = re.compile(r'//[^\n]*|/\*.*?\*/|<!--.*?-->', re.DOTALL)


def find_files(suffix, *folders):
    return [
        path
        for addon in ADDONS
        for folder in folders
        for path in sorted((ROOT / addon / folder).rglob(f'*{suffix}'))
    ]


def find_colours(text, *patterns):
    """Return what of a source would not follow the scheme of colours."""
    bare = COMMENT.sub('', text)
    # a variable of the scheme may have the name of a colour
    bare = re.sub(r'\$[\w-]+', '', bare)
    return [found.group() for pattern in patterns for found in pattern.finditer(bare)]


@tagged('post_install', '-at_install')
class TestStyles(TransactionCase):
    def test_every_bundle_compiles(self):
        """One rule that the compiler does not know leaves the whole screen without styles."""
        for name in BUNDLES:
            with self.subTest(bundle=name):
                css = self.compile(name)
                self.assertIn('.badge.text-bg-info', css)
                self.assertEqual('.o_crm_home_cards' in css, name != 'web.assets_frontend')

    def test_greys_and_badges_are_dark_enough_by_the_variables_of_odoo(self):
        css = self.compile('web.assets_web')
        muted = set(
            re.findall(r'\.text-muted *{[^}]*?\bcolor: (rgba\(\d+, \d+, \d+, 0\.86\))', css)
        )
        self.assertEqual(len(muted), 1)
        self.assertRegex(css, r'\.text-bg-info *{[^}]*background-color: RGBA\(var\(--info-rgb\)')
        self.assertRegex(css, r'\.badge\.text-bg-info *{ *--info-rgb: \d+, \d+, \d+;')

    def test_no_style_sheet_insists(self):
        """Who insists cannot be overruled by a scheme, a theme or another addon."""
        sheets = find_files('.scss', 'static/src')
        self.assertGreater(len(sheets), 5)
        insisting = [
            str(path.relative_to(ROOT))
            for path in sheets
            if '!important' in COMMENT.sub('', path.read_text(encoding='utf-8'))
        ]
        self.assertEqual(insisting, [])

    def compile(self, name):
        bundle = self.env['ir.qweb']._get_asset_bundle(name, css=True, js=False)
        self.assertTrue(bundle.stylesheets)
        css = bundle.preprocess_css()
        self.assertEqual(bundle.css_errors, [])
        return css

    def test_the_rule_tells_colours_from_variables(self):
        for line in (
            'color: #fff;',
            'background: rgba(0, 0, 0, .5);',
            'border-color: white !important;',
            'color: red;',
        ):
            with self.subTest(line):
                self.assertTrue(find_colours(line, COLOUR))
        for line in (
            'color: rgba($o-gray-700, .86);',
            'color: $white !important; // not #fff',
            '#{"min(100%, 22rem)"}',
            '.o_crm_white-space { white-space: nowrap; }',
        ):
            with self.subTest(line):
                self.assertFalse(find_colours(line, COLOUR))

    def test_no_style_sheet_names_a_colour(self):
        """In a dark scheme what names a colour stays as it is, and cannot be read."""
        sheets = find_files('.scss', 'static/src')
        self.assertGreater(len(sheets), 5)
        for path in sheets:
            with self.subTest(path.relative_to(ROOT)):
                found = find_colours(path.read_text(encoding='utf-8'), COLOUR)
                self.assertEqual(found, [])

    def test_no_screen_names_a_colour(self):
        """Templates of pages and mails are no screens: they have no other scheme."""
        screens = [
            path
            for path in find_files('.xml', 'views', 'wizard', 'static/src')
            if not path.stem.endswith('_templates')
        ]
        self.assertGreater(len(screens), 100)
        for path in screens:
            with self.subTest(path.relative_to(ROOT)):
                text = path.read_text(encoding='utf-8')
                self.assertEqual(find_colours(text, FIXED_CLASS, FIXED_STYLE), [])
