"""``make lint``: style, XML, Spanish and the manual, in one go."""

import os

from . import database, environment, lint as linters, manual, paths, setup, testing


def lint():
    """Check the whole tree; FIX=1 repairs what a program can repair."""
    python = environment.ensure_lint()
    site = manual.get_command()
    fix = os.environ.get('FIX') == '1'
    source = setup.prepare()
    with testing.template(source) as (cluster, name):
        configuration = database.configuration(cluster, source, name='lint', db_name=name)
        translations = [paths.PYTHON, '-m', 'dev.translations', configuration, name]
        return linters.run(str(python), fix, list(map(str, translations)), site)
