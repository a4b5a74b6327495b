"""What DESIGN.md says of each rule: the file it names has it, the test it names exists."""

import ast
import re

from odoo.tests import BaseCase, tagged

from tests.suite import ADDONS, ROOT

TESTS = 'Tests'
QUOTED = re.compile(r'`([^`]+)`')


@tagged('post_install', '-at_install')
class TestDesign(BaseCase):
    def test_each_rule_stands_in_its_file(self):
        sources = [
            path for path in ROOT.glob('crm_*/**/*') if path.suffix in ('.py', '.xml', '.csv')
        ]
        everything = ''.join(path.read_text(encoding='utf-8') for path in sources)
        for addon, row in self._read_rows():
            words = QUOTED.findall(' '.join(text for head, text in row.items() if head != TESTS))
            paths = [word for word in words if re.search(r'/.*\.\w+$', word)]
            self.assertTrue(paths, (addon, row))
            text = ''.join((ROOT / addon / path).read_text(encoding='utf-8') for path in paths)
            names = [word.rpartition('.')[2] for word in words if word not in paths]
            names = [name for name in names if name.isidentifier()]
            with self.subTest(addon=addon, rule=row['Rule']):
                self.assertTrue(not names or any(name in text for name in names), names)
                for name in names:
                    self.assertIn(name, everything)

    def test_each_rule_has_a_test(self):
        for addon, row in self._read_rows():
            tests = QUOTED.findall(row[TESTS])
            self.assertTrue(tests, (addon, row))
            for test in tests:
                path, *names = test.split('::')
                found = [folder / path for folder in (ROOT / addon, ROOT)]
                found = [one for one in found if one.is_file()]
                self.assertTrue(found, (addon, test))
                body = ast.parse(found[0].read_text(encoding='utf-8')).body
                for name in names:
                    body = [node for node in body if getattr(node, 'name', None) == name]
                    self.assertTrue(body, (addon, test))
                    body = body[0].body

    def _read_rows(self):
        """Return (addon, {column: text}) for each row of the tables of rules."""
        rows = []
        for addon in ADDONS:
            head = None
            for line in (ROOT / addon / 'DESIGN.md').read_text(encoding='utf-8').splitlines():
                cells = [cell.strip() for cell in line.strip('|').split(' | ')]
                if not line.startswith('|'):
                    head = None
                elif head is None:
                    head = cells
                elif TESTS in head and not set(line) <= set('|- :'):
                    self.assertEqual(len(cells), len(head), (addon, line))
                    rows.append((addon, dict(zip(head, cells, strict=True))))
        self.assertGreater(len(rows), 200)
        return rows
