"""``make test T=core`` and ``make mutate``: the rules that need neither Odoo nor a database."""

import subprocess

from . import console, environment, paths

# The plain tests open core/ through this plug-in: the packages around it need Odoo.
PYTEST = ('-m', 'pytest', '-p', 'dev.core_packages', '-p', 'no:cacheprovider', '--quiet')


def test():
    """Run the plain tests of every addon's core, in an environment that has no Odoo."""
    python = environment.ensure_core()
    console.say('Plain tests of core/')
    return _run(python, *PYTEST, *_folders())


def _folders():
    return [folder.relative_to(paths.ROOT).as_posix() for folder in paths.ROOT.glob('*/tests/core')]


def _run(python, *words):
    return subprocess.run([str(python), *map(str, words)], cwd=paths.ROOT, check=False).returncode
