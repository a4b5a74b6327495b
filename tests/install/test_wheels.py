"""The addons as wheels: each is whole, and an Odoo without the repository installs them."""

import ast
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pytest

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from dev import environment
from tests.install import databases
from tests.suite import ADDONS, LONG, ROOT

DATABASE = 'test_wheels'
# Where Odoo takes each addon from.
TELL_ORIGIN = """
import importlib.util
for name in %r:
    print(importlib.util.find_spec(f"odoo.addons.{name}").origin)
"""
OPEN = """
import json
from odoo.modules.module import get_module_path
names = %r
print('TOLD', json.dumps({
    'paths': [get_module_path(name) for name in names],
    'states': env['ir.module.module'].search([('name', 'in', names)]).mapped('state'),
    'contracts': env['crm.contract'].search_count([]),
    'form': 'line_ids' in env['crm.contract'].get_view(view_type='form')['arch'],
    'health': len(env['crm.health']._look().line_ids),
}))
"""


@pytest.mark.long
@tagged('post_install', '-at_install')
class TestWheels(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.dist, cls.site = Path(folder.name) / 'dist', Path(folder.name) / 'site'
        cls.python = environment.ensure_wheels()
        addons = [f'./{addon}' for addon in ADDONS]
        cls._pip('wheel', '--no-build-isolation', '--wheel-dir', cls.dist, *addons)
        cls._pip('install', '--target', cls.site, *cls.dist.glob('*.whl'))

    @classmethod
    def _pip(cls, command, *arguments):
        options = ('--quiet', '--no-deps', '--no-index', '--disable-pip-version-check')
        command = [cls.python, '-m', 'pip', command, *options, *arguments]
        subprocess.run([str(word) for word in command], cwd=ROOT, check=True)

    def test_each_wheel_has_all_that_the_addon_has(self):
        wheels = {path.name.split('-')[0]: path for path in self.dist.glob('*.whl')}
        self.assertEqual(set(wheels), {f'odoo_addon_{addon}' for addon in ADDONS})
        for addon in ADDONS:
            wheel = wheels[f'odoo_addon_{addon}']
            inside = set(zipfile.ZipFile(wheel).namelist())
            listed = subprocess.run(
                ['git', 'ls-files', '-z', addon], cwd=ROOT, capture_output=True, check=True
            ).stdout.decode()
            wanted = {f'odoo/addons/{path}' for path in listed.split('\0') if path}
            wanted -= {f'odoo/addons/{addon}/pyproject.toml'}
            manifest = ast.literal_eval((ROOT / addon / '__manifest__.py').read_text())
            with self.subTest(addon=addon):
                self.assertIn(f'odoo/addons/{addon}/LICENSE', inside)
                self.assertIn(f'odoo/addons/{addon}/COPYING', inside)
                self.assertFalse(wanted - inside)
                self.assertIn(f'-{manifest["version"]}-', wheel.name)

    def test_odoo_finds_the_addons_in_its_environment(self):
        result = subprocess.run(
            [sys.executable, '-c', TELL_ORIGIN % (ADDONS,)],
            capture_output=True,
            text=True,
            env=self._environment(),
            cwd=config['data_dir'],
            check=False,
        )
        origins = result.stdout.split()
        self.assertEqual(len(origins), len(ADDONS), result.stderr)
        self.assertTrue(all(origin.startswith(f'{self.site}/') for origin in origins), origins)

    def test_an_odoo_without_the_repository_installs_and_opens_them(self):
        foundation = os.environ.get('CRM_FOUNDATION')
        if not LONG or not foundation:
            self.skipTest('LONG=1 installs them in a database')
        databases.create(DATABASE, foundation)
        self.addCleanup(databases.drop, DATABASE)
        paths = [path for path in config['addons_path'] if not Path(path).samefile(ROOT)]
        elsewhere = {'addons_path': ','.join(paths), 'env': self._environment()}
        names = ','.join(ADDONS)
        run = ('-d', DATABASE, '-i', names, '--stop-after-init', '--no-http')
        status, complaints, log = databases.run(*run, **elsewhere)
        self.assertFalse(complaints, '\n'.join(complaints))
        self.assertEqual(status, 0, log[-3000:])
        told = databases.shell(DATABASE, OPEN % (ADDONS,), **elsewhere)
        self.assertEqual(set(told['states']), {'installed'})
        self.assertTrue(all(path.startswith(f'{self.site}/') for path in told['paths']), told)
        self.assertTrue(told['form'] and told['health'])

    def _environment(self):
        return {**os.environ, 'PYTHONPATH': str(self.site)}
