"""``make serve`` and its companions: an Odoo with demo data for a person to work in."""

import json
import os
import signal
import socket
import subprocess
import textwrap
import time
import urllib.error
import urllib.request

from . import console, database, paths, postgres, setup, system
from .postgres import Cluster

DATABASE = 'crm'
BARE = 'crm_bare'
DEFAULT_PORT = 8069
START_SECONDS = 180
SPEAK_SPANISH = """
env.ref('base.user_admin').lang = 'es_ES'
env.cr.commit()
"""
# Who works in the demo company. The password of each is the login.
ROLES = {
    'sales': 'salesperson',
    'sales2': 'another one',
    'salesmanager': 'sales manager',
    'agent': 'after-sales agent',
    'servicemanager': 'after-sales manager',
    'contracts': 'account manager',
    'accountant': 'accountant',
    'customer': 'customer in the portal',
}
NOTE = paths.STATE / 'server.json'
MADE_FROM = paths.STATE / 'database.json'


def serve():
    """Serve the demo database until Ctrl-C, then stop everything that was started."""
    host, port = _address()
    if _running():
        console.say(
            f'Already serving on http://localhost:{_running()["port"]} (make stop ends it).'
        )
        return 0
    source = setup.prepare()
    _require_free(host, port)
    _announce_printing()
    cluster = Cluster('serve')
    with cluster.running():
        with setup.exclusive('serve'):
            _ensure_database(cluster, source)
        with _Mailbox() as mailbox:
            configuration = _configure(cluster, source, host, port, mailbox)
            _Server(configuration, cluster, host, port).run()
    console.say('Stopped.')
    return 0


def stop():
    """Stop the server from another terminal, and whatever an interruption left behind."""
    note = _running()
    if note:
        os.kill(note['pid'], signal.SIGTERM)
        deadline = time.monotonic() + 30
        while _running() and time.monotonic() < deadline:
            time.sleep(0.2)
    postgres.stop_all()
    console.say('Everything is stopped.')
    return 0


def update():
    """Upgrade the four addons in the served database; a running server is restarted."""
    source = setup.prepare()
    cluster = Cluster('serve')
    with cluster.running():
        if not cluster.has(DATABASE):
            raise console.Failure('There is no database yet: make serve creates it.')
        with console.Step('Upgrading the four addons') as step:
            console.run(
                database.odoo_command(
                    *('-c', database.configuration(cluster, source, name='update')),
                    *('-d', DATABASE, '-u', ','.join(paths.ADDON_NAMES)),
                    *('-i', ','.join(paths.ADDON_NAMES), '--stop-after-init', '--no-http'),
                ),
                'update',
                step=step,
                watch=database.LOADING,
                env=cluster.environ,
                cwd=database.working_folder(),
            )
        _remember_origin()
        note = _running()
        if note:
            os.kill(note['pid'], signal.SIGUSR1)
            console.say('The running server is restarting with the new code.')
    return 0


def shell():
    """Open a Python prompt with ``env`` on the served database."""
    source = setup.prepare()
    cluster = Cluster('serve')
    with cluster.running():
        with setup.exclusive('serve'):
            _ensure_database(cluster, source)
        configuration = database.configuration(cluster, source, name='shell')
        return subprocess.run(
            database.odoo_command('shell', '-c', configuration, '-d', DATABASE, '--no-http'),
            env=cluster.environ,
            cwd=database.working_folder(),
            check=False,
        ).returncode


# === PREPARATION === #


def _address():
    port = os.environ.get('PORT') or str(DEFAULT_PORT)
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise console.Failure(f'PORT={port} is no port: give a number from 1 to 65535.')
    return os.environ.get('HOST') or '127.0.0.1', int(port)


def _require_free(host, port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise console.Failure(
                f'Port {port} is reserved for root: choose another, make serve PORT=8070.'
            ) from None
        except OSError:
            raise console.Failure(
                f'Port {port} is taken by another program: stop it, or choose another port, '
                f'make serve PORT={port + 1}.'
            ) from None


def _announce_printing():
    if not system.find_or_install('wkhtmltopdf', 'wkhtmltopdf'):
        console.say(
            'Printing PDF needs wkhtmltopdf, which is not on this machine (Debian: '
            'apt-get install wkhtmltopdf, as root); everything else works without it.'
        )


def _ensure_database(cluster, source):
    if cluster.has(DATABASE):
        made_from = json.loads(MADE_FROM.read_text(encoding='utf-8')) if MADE_FROM.exists() else {}
        if made_from.get('addons') != database.addons_key():
            console.say('The addons have changed since this database was made: see make update.')
        return
    database.build(
        cluster,
        source,
        BARE,
        [*database.FOUNDATION, *paths.ADDON_NAMES],
        'Creating the database with the four addons (2 to 4 minutes)',
        with_demo=False,
    )
    # The company speaks the language that the administrator has before it is installed.
    if os.environ.get('LANG', '').startswith('es'):
        configuration = database.configuration(cluster, source, name='shell')
        database.shell(configuration, cluster, BARE, SPEAK_SPANISH)
    database.build(
        cluster,
        source,
        DATABASE,
        [paths.DEMO_NAME],
        'Letting the demo company work for twelve months (about a minute)',
        origin=BARE,
        languages='',  # they are there
        with_demo=False,
    )
    database.drop(cluster, BARE)
    _remember_origin()


def _tell_roles():
    """Say who else can log in, in lines that fit a terminal."""
    users = ', '.join(f'{login} ({role})' for login, role in ROLES.items())
    text = f'Others, each with the login as password: {users}.'
    return textwrap.fill(text, 100)


def _remember_origin():
    MADE_FROM.write_text(json.dumps({'addons': database.addons_key()}), encoding='utf-8')


def _configure(cluster, source, host, port, mailbox):
    return database.configuration(
        cluster,
        source,
        http_interface=host,
        http_port=port,
        db_name=DATABASE,
        dbfilter=f'^{DATABASE}$',
        smtp_server='localhost',
        smtp_port=mailbox.port,
        log_handler=':INFO,werkzeug:WARNING',
    )


# === PROCESSES === #


class _Mailbox:
    """A mail server that keeps what Odoo sends in a folder: no demo mail reaches a real person."""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(('127.0.0.1', 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [
                paths.PYTHON,
                '-m',
                'aiosmtpd',
                '-n',
                '-l',
                f'localhost:{self.port}',
                '-c',
                'aiosmtpd.handlers.Mailbox',
                paths.STATE / 'mail',
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=paths.log('mail').open('a'),
            start_new_session=True,
        )
        return self

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()


class _Server:
    """Runs Odoo until it is told to stop; USR1 restarts it (after an upgrade)."""

    def __init__(self, configuration, cluster, host, port):
        self.configuration = configuration
        self.cluster = cluster
        self.host = host
        self.port = port
        self.restarting = False

    def run(self):
        NOTE.write_text(json.dumps({'pid': os.getpid(), 'port': self.port}), encoding='utf-8')
        previous = signal.signal(signal.SIGUSR1, self._restart)
        try:
            while True:
                self._run_once()
                if not self.restarting:
                    return
                self.restarting = False
        finally:
            signal.signal(signal.SIGUSR1, previous)
            NOTE.unlink(missing_ok=True)

    def _restart(self, _signal, _frame):
        self.restarting = True
        self.process.terminate()

    def _run_once(self):
        log = paths.log('odoo')
        self.process = subprocess.Popen(
            database.odoo_command('-c', self.configuration, '--logfile', log),
            stdin=subprocess.DEVNULL,
            env={**self.cluster.environ, 'QT_QPA_PLATFORM': 'offscreen'},
            cwd=database.working_folder(),
            # Ctrl-C reaches us alone, and we stop Odoo in order.
            start_new_session=True,
        )
        try:
            with console.Step('Starting Odoo'):
                self._wait_until_it_answers(log)
            console.say(
                f'\nOdoo is at http://localhost:{self.port}   login: admin   password: admin\n'
                f'{_tell_roles()}\n'
                f'Demo mails stay in {paths.shown(paths.STATE / "mail")}, the log is '
                f'{paths.shown(log)}. Ctrl-C stops everything.\n'
            )
            status = self.process.wait()
            if status and not self.restarting:
                raise console.Failure(f'Odoo stopped by itself: read {paths.shown(log)}.')
        except KeyboardInterrupt:
            console.say('\nStopping …')
        finally:
            self._end_process()

    def _wait_until_it_answers(self, log):
        address = f'http://{"127.0.0.1" if self.host == "0.0.0.0" else self.host}:{self.port}'
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f'{address}/web/login', timeout=60):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.3)
        raise console.Failure(f'Odoo does not answer: read {paths.shown(log)}.')

    def _end_process(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _running():
    """Return the note of the server of this clone, if it is alive."""
    if not NOTE.exists():
        return None
    note = json.loads(NOTE.read_text(encoding='utf-8'))
    try:
        os.kill(note['pid'], 0)
    except ProcessLookupError:
        return None
    return note
