"""``make pictures``: the pictures of the manual and the store, from today's screens."""

import hashlib
import os
import subprocess
from datetime import date

from . import console, database, paths, server, setup, testing

DEMO = 'crm_suite_demo'
LANGUAGES = ('en', 'es')


def pictures():
    """Take the pictures of the demo company, in each language; T names those that are wanted."""
    if not testing.want_browser():
        raise console.Failure('Pictures are taken with Chromium: leave BROWSER=0 out.')
    source = setup.prepare()
    with testing.template(source) as (cluster, template):
        for language in LANGUAGES:
            name = _ensure_demo(cluster, source, template, language)
            if _take(cluster, source, name, language):
                raise console.Failure('Some pictures could not be taken: the reason is above.')
    return 0


def _ensure_demo(cluster, source, template, language):
    """Return the name of a database in which the company of the demo worked until today.

    It speaks the language of the administrator at its installation.
    """
    name = f'pictures_{language}_{template.removeprefix("addons_")}_{_get_demo_key()}'
    if not cluster.has(name):
        for outdated in cluster.databases():
            if outdated.startswith(f'pictures_{language}_'):
                database.drop(cluster, outdated)
        seed = f'{name}_seed'
        database.copy(cluster, template, seed)
        if language == 'es':
            configuration = database.configuration(cluster, source)
            database.shell(configuration, cluster, seed, server.SPEAK_SPANISH)
        title = f'Letting the company of the demo work for twelve months ({language})'
        database.build(cluster, source, name, [DEMO], title, origin=seed)
        database.drop(cluster, seed)
    return name


def _get_demo_key():
    """Return what tells one demo from another: its files, and the day until which it goes."""
    digest = hashlib.sha256(str(date.today()).encode())
    for path in sorted((paths.ROOT / DEMO).rglob('*.py')):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _take(cluster, source, name, language):
    configuration = database.configuration(cluster, source, name='pictures', db_name=name)
    command = testing.pytest_command(configuration, ['dev/pictures/take.py'])
    environment = {
        **cluster.environ,
        'PICTURES': os.environ.get('T', ''),
        'PICTURES_LANGUAGE': language,
    }
    return subprocess.run(
        list(map(str, command)), cwd=paths.ROOT, env=environment, check=False
    ).returncode
