"""``make bench``: the benchmarks on a database filled once per size."""

import os
import subprocess

from . import console, database, paths, setup, testing

SIZES = ('S', 'M', 'L')


def bench():
    """Print how our way compares with Odoo's own.

    SIZE=S, M or L, T= part of a case's name, ROUNDS= how often each side is timed.
    T=flows counts the files that each piece of work passes instead; T="flows files" names them.
    """
    words = os.environ.get('T', '').split()
    if words[:1] == ['flows']:
        return _count_files(words)
    size = os.environ.get('SIZE') or 'S'
    if size not in SIZES:
        raise console.Failure(f'SIZE={size} is unknown: choose S, M or L.')
    if not (os.environ.get('ROUNDS') or '1').isdigit():
        raise console.Failure('ROUNDS is how often each side is timed, like ROUNDS=1.')
    source = setup.prepare()
    with testing.template(source) as (cluster, template):
        name = f'bench_{size}_{template.removeprefix("addons_")}'
        configuration = database.configuration(cluster, source, name='bench')
        command = [paths.PYTHON, '-m', 'benchmarks', configuration]
        if not cluster.has(name):
            _fill(cluster, template, name, command, size)
        return subprocess.run(
            [*map(str, command), name, 'run', *os.environ.get('T', '').split()],
            cwd=paths.ROOT,
            env=cluster.environ,
            check=False,
        ).returncode


def _count_files(words):
    source = setup.prepare()
    with testing.template(source) as (cluster, template):
        configuration = database.configuration(cluster, source, name='bench')
        database.copy(cluster, template, 'flows')
        command = [paths.PYTHON, '-m', 'benchmarks', configuration, 'flows', *words]
        try:
            return subprocess.run(
                list(map(str, command)), cwd=paths.ROOT, env=cluster.environ, check=False
            ).returncode
        finally:
            database.drop(cluster, 'flows')


def _fill(cluster, template, name, command, size):
    for outdated in cluster.databases():
        if outdated.startswith(f'bench_{size}_'):
            database.drop(cluster, outdated)
    partial = f'{name}_part'
    with console.Step(f'Filling the database of size {size}'):
        database.copy(cluster, template, partial)
        console.run(
            [*command, partial, 'fill', size],
            'bench',
            env=cluster.environ,
            cwd=paths.ROOT,
        )
        database.move(cluster, partial, name)
