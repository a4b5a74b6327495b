"""``make test T=core`` and ``make mutate``: the rules that need neither Odoo nor a database."""

import subprocess

from . import console, environment, paths

# The plain tests open core/ through this plug-in: the packages around it need Odoo.
PYTEST = ('-m', 'pytest', '-p', 'dev.core_packages', '-p', 'no:cacheprovider', '--quiet')


def test():
    """Run the plain tests of every addon's core, in an environment that has no Odoo."""
    python = environment.ensure_core()
    console.say('Plain tests of core/')
    return _run(python, *PYTEST, *get_folders('tests/core'))


def get_folders(kind):
    """Return the addons' folders of that name, like ``tests/core``, where there are any."""
    folders = (f'{addon}/{kind}' for addon in paths.ADDON_NAMES)
    return [folder for folder in folders if (paths.ROOT / folder).is_dir()]


def _run(python, *words):
    return subprocess.run([str(python), *map(str, words)], cwd=paths.ROOT, check=False).returncode
