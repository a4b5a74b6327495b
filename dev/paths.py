"""Where things are: the repository, and the git-ignored folder that holds all state."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATE = ROOT / '.local'
ADDONS = ROOT
ADDON_NAMES = ('crm_extended', 'crm_claims', 'crm_contracts', 'crm_segmentation')
# What make serve shows besides: no part of the product.
DEMO_NAME = 'crm_suite_demo'
REQUIREMENTS = ROOT / 'requirements'

ODOO = STATE / 'odoo'
VENV = STATE / 'venv'
PYTHON = VENV / 'bin' / 'python'
DATA = STATE / 'data'


def log(name):
    """Return the path of a log, with its folder in place."""
    folder = STATE / 'log'
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f'{name}.log'


def shown(path):
    """Return a path the way a person in the repository would type it."""
    return os.path.relpath(path)
