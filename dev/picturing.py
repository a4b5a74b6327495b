"""``make pictures``: the pictures of the manual and the store, from today's screens."""

import hashlib
import os
import shutil
import subprocess
from datetime import date

from . import console, database, environment, paths, server, setup, testing
from .postgres import Cluster

LANGUAGES = ('en', 'es')


def pictures():
    """Take the pictures of the demo company, in each language; T names those that are wanted."""
    if not testing.want_browser():
        raise console.Failure('Pictures are taken with Chromium: leave BROWSER=0 out.')
    source = setup.prepare()
    _fetch_font()
    cluster = Cluster('pictures', throwaway=True)
    with cluster.running():
        bare = _ensure_addons(cluster, source)
        for language in LANGUAGES:
            name = _ensure_company(cluster, source, bare, language)
            if _take(cluster, source, name, language):
                raise console.Failure('Some pictures could not be taken: the reason is above.')
    return 0


def _fetch_font():
    folder = paths.STATE / 'font'
    if not (folder / 'complete').exists():
        shutil.rmtree(folder, ignore_errors=True)
        environment.install_into(folder, 'pictures')
        (folder / 'complete').touch()


def _ensure_addons(cluster, source):
    """Return the name of a database with the addons and nothing in it."""
    name = f'addons_{database.addons_key()}'
    if not cluster.has(name):
        _drop_other(cluster, 'addons_')
        database.build(
            cluster,
            source,
            name,
            [*database.FOUNDATION, *paths.ADDON_NAMES],
            'Creating a database with the four addons (2 to 4 minutes)',
            with_demo=False,
        )
    return name


def _ensure_company(cluster, source, bare, language):
    """Return the name of a database in which the demo company worked until today.

    The company speaks the language of the administrator at its installation.
    """
    name = f'company_{language}_{_get_company_key()}'
    if not cluster.has(name):
        _drop_other(cluster, f'company_{language}_')
        seed = f'company_{language}_seed'
        database.copy(cluster, bare, seed)
        if language == 'es':
            configuration = database.configuration(cluster, source)
            database.shell(configuration, cluster, seed, server.SPEAK_SPANISH)
        database.build(
            cluster,
            source,
            name,
            [paths.DEMO_NAME],
            f'Letting the demo company work for twelve months ({language})',
            origin=seed,
            with_demo=False,
        )
        database.drop(cluster, seed)
    return name


def _get_company_key():
    """Return what tells one company from another: files, and the day until which it works."""
    digest = hashlib.sha256(f'{date.today()} {database.addons_key()}'.encode())
    for path in sorted((paths.ROOT / paths.DEMO_NAME).rglob('*.py')):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _drop_other(cluster, prefix):
    for name in cluster.databases():
        if name.startswith(prefix):
            database.drop(cluster, name)


def _take(cluster, source, name, language):
    configuration = database.configuration(cluster, source, db_name=name)
    command = testing.pytest_command(configuration, ['dev/pictures/take.py'])
    environ = {
        **cluster.environ,
        'PICTURES': os.environ.get('T', ''),
        'PICTURES_LANGUAGE': language,
    }
    return subprocess.run(
        list(map(str, command)), cwd=paths.ROOT, env=environ, check=False
    ).returncode
