"""Databases of their own beside the one of the tests, and Odoo's commands on them."""

import json
import os
import shutil
import subprocess
import sys

from odoo.tools import config

# Databases are made from what make test installed, with their files.
TEMPLATE = os.environ.get('CRM_TEMPLATE')


def create(database, template=TEMPLATE):
    """Copy a database; its files are shared by hard links, Odoo never changes one in place."""
    drop(database)
    subprocess.run(['createdb', '-T', template, database], check=True)
    if os.path.isdir(_get_files(template)):
        shutil.copytree(_get_files(template), _get_files(database), copy_function=os.link)


def drop(database):
    subprocess.run(['dropdb', '--if-exists', '--force', database], check=True)
    shutil.rmtree(_get_files(database), ignore_errors=True)


def _get_files(database):
    # the tests in parallel have one filestore, whatever database is asked for
    return os.path.join(config['data_dir'], 'filestore', database)


def run(*arguments, code=None, configuration=None, addons_path=None, env=None):
    """Run a command of Odoo; return its status, its complaints and all that it said."""
    options = ['-c', configuration or config['config'] or config.rcfile]
    if addons_path:
        options += ['--addons-path', addons_path]
    # a command has its name before its options
    words = 0 if arguments[0].startswith('-') else 1
    command = [sys.executable, '-m', 'odoo', *arguments[:words], *options, *arguments[words:]]
    result = subprocess.run(
        [str(word) for word in command],
        input=code,
        capture_output=True,
        text=True,
        cwd=config['data_dir'],
        env=env,
        check=False,
    )
    log = result.stdout + result.stderr
    complaints = [line for line in log.splitlines() if ' ERROR ' in line or ' CRITICAL ' in line]
    return result.returncode, complaints, log


def shell(database, code, **options):
    """Run code in a shell on a database; return what it tells as `TOLD` and JSON."""
    arguments = ('shell', '-d', database, '--no-http')
    status, complaints, log = run(*arguments, code=code, **options)
    if status or complaints:
        raise AssertionError('\n'.join(complaints) or log[-3000:])
    told = [line for line in log.splitlines() if line.startswith('TOLD ')]
    return json.loads(told[-1].removeprefix('TOLD ')) if told else None
