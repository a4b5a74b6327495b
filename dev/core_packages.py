"""A pytest plug-in that opens ``core/`` without the packages around it, which need Odoo."""

import sys
from types import ModuleType

from .paths import ADDON_NAMES, ROOT


def pytest_configure():
    for addon in ADDON_NAMES:
        _open(addon, ROOT / addon)
        _open(f'{addon}.tests', ROOT / addon / 'tests')


def _open(name, folder):
    package = ModuleType(name)
    package.__path__ = [str(folder)]
    package.__file__ = str(folder / '__init__.py')
    sys.modules[name] = package
