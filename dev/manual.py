"""``make docs``: the manual in docs/ as a site, in English and in Spanish.

``python -m dev.manual``, in the manual's own environment, makes both. A warning, like a link that
leads nowhere or a picture that is missing, fails.
"""

import subprocess
import sys

from . import console, environment, paths

SOURCE = paths.ROOT / 'docs'
TARGET = paths.STATE / 'docs'
LANGUAGES = ('en', 'es')
# What was read before is read again: a page that is not would keep its warning to itself.
OPTIONS = ('--fail-on-warning', '--keep-going', '--fresh-env', '--quiet')


def docs():
    """Make the site, and say where its first pages are."""
    command = get_command()
    with console.Step('Making the manual'):
        console.run(command, 'docs', cwd=paths.ROOT)
    for language in LANGUAGES:
        console.say(paths.shown(TARGET / language / 'index.html'))
    return 0


def get_command():
    """Return the command that makes the site, with the environment for it in place."""
    return [str(environment.ensure_docs()), '-m', 'dev.manual']


def _build(language):
    folders = (SOURCE / language, TARGET / language)
    cache = TARGET / f'{language}.cache'
    command = [sys.executable, '-m', 'sphinx', *OPTIONS]
    command += ['-c', SOURCE, '-d', cache, '-D', f'language={language}', *folders]
    return subprocess.call(list(map(str, command)))


if __name__ == '__main__':
    sys.exit(max(map(_build, LANGUAGES)))
