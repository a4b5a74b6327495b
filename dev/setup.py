"""The steps that every command shares: Odoo, the Python environment, one set-up at a time."""

import contextlib
import fcntl
import shutil

from . import console, environment, odoo_source, paths, private, system

NEEDED_BYTES = 3 * 1024**3


@contextlib.contextmanager
def exclusive(name):
    """Let one command at a time do a piece of the set-up; the others wait and say so."""
    private.close(paths.STATE, system.server_account())
    with (paths.STATE / f'{name}.lock').open('w') as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            console.say('Another command is at the same set-up: waiting for it.')
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def prepare():
    """Return the Odoo in use, with everything installed that runs it."""
    environment.check_interpreter()
    private.close(paths.STATE, system.server_account())
    first_time = not (paths.VENV / 'complete').exists()
    if first_time and shutil.disk_usage(paths.STATE).free < NEEDED_BYTES:
        raise console.Failure('The disk is nearly full: free at least 3 GB and run this again.')
    with exclusive('setup'):
        source = odoo_source.get()
        environment.ensure(source)
    return source
