"""A PostgreSQL cluster of the project's own: Unix socket only, the user's databases untouched."""

import contextlib
import glob
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import console, environment, paths, private, system

ROLE = 'odoo'
CLUSTERS = ('serve', 'test')
OLDEST = 13
PORT = 5432
SOCKET_PATH = 103  # characters; Linux takes a few more
LOCALES = ('C.UTF-8', 'en_US.UTF-8', 'C')
LAYOUTS = ('/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/opt/homebrew/opt/postgresql@*/bin')

SETTINGS = """
listen_addresses = ''
port = {port}
max_connections = 200
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
"""
# Quick, and only right where losing everything in a power cut does not matter.
THROWAWAY_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class Cluster:
    """One cluster; a throwaway one trades durability for speed and is for tests only."""

    def __init__(self, name, throwaway=False):
        self.name = name
        self.throwaway = throwaway
        self.account = system.require_server_account()
        home = _home(self.account)
        self.data = home / name
        self.programs = _find_programs() or _fetch_programs(home)
        self.sockets = _socket_folder(self.data)

    @property
    def environ(self):
        """Environment in which PostgreSQL's programs talk to this cluster."""
        return {
            **os.environ,
            'PGHOST': str(self.sockets),
            'PGPORT': str(PORT),
            'PGUSER': ROLE,
            'PATH': f'{self.programs}{os.pathsep}{os.environ["PATH"]}',
        }

    @contextlib.contextmanager
    def running(self):
        """Have the server up inside the block; one that was up before stays up after."""
        started = self.start()
        try:
            yield self
        finally:
            if started:
                self.stop()

    def start(self):
        """Start the server and return True, or False where it was already up."""
        if self.is_up():
            return False
        if not (self.data / 'complete').exists():
            self._create()
        self._ensure_socket_folder()
        log = self.data / 'server.log'
        sockets = f'-k {shlex.quote(str(self.sockets))}'
        result = self._program(
            *('pg_ctl', '-D', self.data, '-l', log, '-o', sockets, '-w', '-t', '60', 'start')
        )
        if result.returncode:
            tail = log.read_text(encoding='utf-8', errors='replace')[-2000:]
            console.say(tail)
            raise console.Failure(
                console.explain(
                    tail, f'PostgreSQL does not start: read {paths.shown(log)}, or run make clean.'
                )
            )
        return True

    def stop(self):
        if self.is_up():
            self._program('pg_ctl', '-D', self.data, '-m', 'fast', '-w', 'stop')
        if self.sockets != self.data:
            shutil.rmtree(self.sockets, ignore_errors=True)

    def is_up(self):
        return (
            self.data.exists()
            and self._program('pg_ctl', '-D', self.data, 'status').returncode == 0
        )

    # === DATABASES === #

    def query(self, sql, database='postgres'):
        """Run one statement and return its rows as lists of text."""
        result = subprocess.run(
            ['psql', '-XAtqF', '\t', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql],
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise console.Failure(
                console.explain(result.stderr, f'PostgreSQL refused: {result.stderr.strip()}')
            )
        return [line.split('\t') for line in result.stdout.splitlines()]

    def has(self, database):
        return bool(self.query(f"SELECT 1 FROM pg_database WHERE datname = '{database}'"))

    def databases(self):
        return [row[0] for row in self.query('SELECT datname FROM pg_database ORDER BY oid')]

    def copy(self, source, target):
        self.query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')

    def drop(self, database):
        self.query(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def rename(self, source, target):
        self.query(f'ALTER DATABASE "{source}" RENAME TO "{target}"')

    # === SET-UP === #

    def _create(self):
        with console.Step(f'Creating the PostgreSQL cluster "{self.name}"'):
            shutil.rmtree(self.data, ignore_errors=True)
            self.data.mkdir(parents=True, mode=0o700)
            self._give(self.data)
            self._initialise()
            with (self.data / 'postgresql.conf').open('a', encoding='utf-8') as settings:
                settings.write(SETTINGS.format(port=PORT))
                if self.throwaway:
                    settings.write(THROWAWAY_SETTINGS)
            (self.data / 'complete').touch()

    def _initialise(self):
        output = ''
        for locale in LOCALES:
            result = self._program(
                *('initdb', '-D', self.data, '-U', ROLE, '--auth=trust', '--no-sync'),
                *('--encoding=UTF8', f'--locale={locale}'),
            )
            output = result.stdout + result.stderr
            if not result.returncode:
                return
            shutil.rmtree(self.data)
            self.data.mkdir(mode=0o700)
            self._give(self.data)
        console.say(output[-1500:])
        raise console.Failure(
            console.explain(output, 'PostgreSQL cannot create a cluster: the reason is above.')
        )

    def _ensure_socket_folder(self):
        if self.sockets == self.data:
            return
        try:
            self.sockets.mkdir(mode=0o700)
            self._give(self.sockets)
        except FileExistsError:
            owner = self.account.pw_uid if self.account else os.geteuid()
            private.require_owned(self.sockets, owner)
            self.sockets.chmod(0o700)

    def _give(self, path):
        if self.account:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _program(self, name, *arguments):
        as_account = {}
        if self.account:
            as_account = {
                'user': self.account.pw_uid,
                'group': self.account.pw_gid,
                'extra_groups': (),
            }
        # Output goes through a file: a server keeps a pipe open and the call would never end.
        with tempfile.TemporaryFile('w+') as output:
            result = subprocess.run(
                [str(self.programs / name), *map(str, arguments)],
                cwd='/',
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, 'LC_ALL': 'C'},
                # Ctrl-C in the terminal is ours to handle, not the server's.
                start_new_session=True,
                check=False,
                **as_account,
            )
            output.seek(0)
            return subprocess.CompletedProcess(result.args, result.returncode, output.read(), '')


def stop_all():
    """Stop every cluster of this clone and return their folder, or None if there is none."""
    note = paths.STATE / 'postgres.json'
    if not note.exists():
        return None
    home = Path(json.loads(note.read_text(encoding='utf-8'))['home'])
    for name in CLUSTERS:
        if (home / name).exists():
            Cluster(name).stop()
    return home


def destroy_all():
    """Stop and remove every cluster of this clone."""
    home = stop_all()
    if home:
        shutil.rmtree(home, ignore_errors=True)


def _home(account):
    """Return the folder of the clusters: ours, unless the server's account cannot enter it."""
    private.close(paths.STATE, account)
    note = paths.STATE / 'postgres.json'
    if note.exists():
        home = Path(json.loads(note.read_text(encoding='utf-8'))['home'])
        if home.exists():
            private.require_owned(home, os.geteuid())
        private.close(home, account)
        return home
    home = paths.STATE / 'postgres'
    private.close(home, account)
    if account and not _can_enter(account, home):
        home.rmdir()
        home = Path(tempfile.mkdtemp(prefix='crm-suite-', dir='/var/tmp'))
        private.close(home, account)
    note.write_text(json.dumps({'home': str(home)}), encoding='utf-8')
    return home


def _socket_folder(data):
    """Return the folder of a cluster's socket: that of the cluster, which nobody else enters.

    Its path is too long in a deep clone; then a folder elsewhere, refused unless it is ours.
    """
    if len(os.fsencode(data / f'.s.PGSQL.{PORT}')) <= SOCKET_PATH:
        return data
    key = hashlib.sha256(str(data).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f'crm-suite-{key}'


def _can_enter(account, folder):
    return not subprocess.run(
        ['test', '-x', folder],
        user=account.pw_uid,
        group=account.pw_gid,
        extra_groups=(),
        cwd='/',
        check=False,
    ).returncode


def _find_programs():
    """Return the folder of the newest installed server programs that Odoo accepts."""
    on_path = shutil.which('initdb')
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += [Path(match) for pattern in LAYOUTS for match in glob.glob(pattern)]
    versions = {folder: _version(folder) for folder in folders if (folder / 'postgres').exists()}
    best = max(versions, key=versions.get, default=None)
    return best if best and versions[best] >= OLDEST else None


def _version(folder):
    output = subprocess.run(
        [folder / 'postgres', '--version'], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r'(\d+)', output)
    return int(found.group(1)) if found else 0


def _fetch_programs(home):
    folder = home / 'programs'
    if not (folder / 'complete').exists():
        console.say("  This machine has no PostgreSQL server; using the Python registry's build.")
        shutil.rmtree(folder, ignore_errors=True)
        environment.install_into(folder, 'postgres')
        (folder / 'complete').touch()
    found = next(folder.glob('**/bin/initdb'), None)
    if not found:
        raise console.Failure(
            'There is no PostgreSQL server for this machine: install one '
            '(Debian: apt-get install postgresql) and run the command again.'
        )
    return found.parent
