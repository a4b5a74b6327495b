"""Databases with our addons in them: built under another name first, so never half-built."""

import hashlib
import os
import shutil
import subprocess

from . import console, paths

# English has to be named: Odoo switches it off where only another language is asked for.
LANGUAGES = 'en_US,es_ES'
# What the addons build on, and what their tests prove coexistence with.
FOUNDATION = (
    'crm',
    'portal',
    'rating',
    'resource',
    'sale_management',
    'hr_timesheet',
    'purchase',
    'hr_expense',
    'mass_mailing',
)
LOADING = r'odoo\.modules\.loading: Loading module (\S+ \(\d+/\d+\))'
# Odoo asks for extensions and does without where the server has none.
OPTIONAL = 'CREATE EXTENSION'
# These never change what a database holds.
NOT_IN_A_DATABASE = ('tests', 'static', '__pycache__')


def write_configuration(path, cluster, **options):
    """Write the configuration file of an Odoo on a cluster, and return its path."""
    values = {
        'db_host': cluster.sockets,
        'db_port': cluster.environ['PGPORT'],
        'db_user': cluster.environ['PGUSER'],
        'data_dir': paths.DATA / cluster.name,
        'with_demo': True,
        'list_db': False,
        **options,
    }
    lines = [f'{name} = {value}' for name, value in values.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('\n'.join(['[options]', *lines, '']), encoding='utf-8')
    return path


def configuration(cluster, source, name=None, **options):
    addons = [*source.addons_paths, str(paths.ADDONS)]
    return write_configuration(
        paths.STATE / f'{name or cluster.name}.conf',
        cluster,
        addons_path=','.join(addons),
        **options,
    )


def working_folder():
    """Return a folder to run Odoo in: the interpreter imports from it, so it holds no module."""
    paths.DATA.mkdir(parents=True, exist_ok=True)
    return paths.DATA


def odoo_command(*arguments):
    return [str(word) for word in (paths.PYTHON, '-m', 'odoo', *arguments)]


def build(
    cluster, source, database, modules, title, origin=None, languages=LANGUAGES, with_demo=True
):
    """Create a database with modules, from nothing or from a copy of another.

    The work happens under another name: an interruption leaves nothing that looks finished.
    """
    partial = f'{database}_part'
    drop(cluster, partial)
    log = f'install-{cluster.name}-{database}'
    paths.log(log).unlink(missing_ok=True)
    with console.Step(title) as step:
        if origin:
            copy(cluster, origin, partial)
        command = odoo_command(
            *('-c', configuration(cluster, source, with_demo=with_demo), '-d', partial),
            *('-i', ','.join(modules), f'--load-language={languages}'),
            '--stop-after-init',
            '--no-http',
        )
        console.run(
            command,
            log,
            step=step,
            watch=LOADING,
            env=cluster.environ,
            cwd=working_folder(),
            failed='Odoo could not install the addons: the reason is above.',
        )
        _refuse_broken_install(log)
        move(cluster, partial, database)


def _refuse_broken_install(log):
    """Odoo ends well even when a module's installation did not: its log tells."""
    text = paths.log(log).read_text(encoding='utf-8', errors='replace')
    broken = [
        line
        for line in text.splitlines()
        if (' CRITICAL ' in line or ' ERROR ' in line) and OPTIONAL not in line
    ]
    if broken:
        console.say('\n'.join(broken[:10]))
        raise console.Failure(
            f'The installation logged an error: read {paths.shown(paths.log(log))}.'
        )


def filestore(cluster, database):
    return paths.DATA / cluster.name / 'filestore' / database


def copy(cluster, source, target):
    """Copy a database; its files are shared by hard links, Odoo never changes one in place."""
    drop(cluster, target)
    cluster.copy(source, target)
    files = filestore(cluster, source)
    if files.exists():
        shutil.copytree(files, filestore(cluster, target), copy_function=os.link)


def move(cluster, source, target):
    drop(cluster, target)
    files = filestore(cluster, source)
    if files.exists():
        files.rename(filestore(cluster, target))
    cluster.rename(source, target)


def drop(cluster, database):
    cluster.drop(database)
    shutil.rmtree(filestore(cluster, database), ignore_errors=True)


def addons_key():
    """Return a digest of everything in the addons that ends up in a database."""
    digest = hashlib.sha256()
    folders = [paths.ADDONS / name for name in paths.ADDON_NAMES]
    for path in sorted(path for folder in folders for path in folder.rglob('*')):
        inside = path.relative_to(paths.ADDONS)
        if path.is_file() and not set(inside.parts) & set(NOT_IN_A_DATABASE):
            digest.update(f'{inside}\0'.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def foundation_key(source):
    """Return a digest of what the addons are installed on: Odoo, its libraries, the modules."""
    digest = hashlib.sha256(repr((source, FOUNDATION, LANGUAGES)).encode())
    for lock in ('odoo', 'test'):
        digest.update((paths.REQUIREMENTS / f'{lock}.txt').read_bytes())
    return digest.hexdigest()[:12]


def shell(configuration_file, cluster, database, code):
    """Run Python code in an Odoo shell and return what it printed."""
    result = subprocess.run(
        odoo_command('shell', '-c', configuration_file, '-d', database, '--no-http'),
        input=code,
        env=cluster.environ,
        cwd=working_folder(),
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        console.say(result.stderr[-2000:])
        raise console.Failure('Odoo refused a preparation step: the reason is above.')
    return result.stdout
