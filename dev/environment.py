"""The locked Python environment that runs Odoo, the tests and the checks."""

import hashlib
import os
import shutil
import sys
import sysconfig

from . import console, paths

SUPPORTED = ((3, 10), (3, 13))
PIP_OPTIONS = ('--disable-pip-version-check', '--no-input', '--require-hashes')
PIP_WATCH = r'^\s*((?:Collecting|Downloading|Building wheel for|Installing collected) \S*)'


def check_interpreter():
    oldest, newest = SUPPORTED
    if not oldest <= sys.version_info[:2] <= newest:
        raise console.Failure(
            f'Odoo 19 runs on Python {oldest[0]}.{oldest[1]} to {newest[0]}.{newest[1]}: '
            'install one of them, or name it with PYTHON=/path/to/python3.'
        )


def ensure(source):
    """Bring the environment up to the lock files and let it import the given Odoo."""
    check_interpreter()
    _ensure_installed(paths.VENV, ('odoo', 'test'))
    site_packages = sysconfig.get_path('purelib', 'posix_prefix', {'base': str(paths.VENV)})
    with open(os.path.join(site_packages, 'odoo.pth'), 'w', encoding='utf-8') as link:
        link.write(f'{source.import_path}\n')


def ensure_lint():
    """Return the interpreter that has the linters, in an environment of its own."""
    check_interpreter()
    folder = paths.STATE / 'lint'
    _ensure_installed(folder, ('lint',))
    return folder / 'bin' / 'python'


def ensure_docs():
    """Return the interpreter that has what makes the manual, in an environment of its own."""
    check_interpreter()
    folder = paths.STATE / 'sphinx'
    _ensure_installed(folder, ('docs',))
    return folder / 'bin' / 'python'


def ensure_wheels():
    """Return the interpreter that has what builds the wheels, in an environment of its own."""
    check_interpreter()
    folder = paths.STATE / 'wheels'
    _ensure_installed(folder, ('wheels',))
    return folder / 'bin' / 'python'


def ensure_core():
    """Return the interpreter that has what the rules of core/ need, and no Odoo."""
    check_interpreter()
    folder = paths.STATE / 'core'
    _ensure_installed(folder, ('core',))
    return folder / 'bin' / 'python'


def _ensure_installed(folder, locks):
    lock_files = [paths.REQUIREMENTS / f'{name}.txt' for name in locks]
    key = _key(lock_files)
    stamp = folder / 'complete'
    if stamp.exists() and stamp.read_text(encoding='utf-8') == key:
        return
    stamp.unlink(missing_ok=True)
    python = folder / 'bin' / 'python'
    version = '.'.join(map(str, sys.version_info[:2]))
    with console.Step(f'Building the Python {version} environment ({", ".join(locks)})') as step:
        if not _is_usable(folder):
            shutil.rmtree(folder, ignore_errors=True)
            console.run([sys.executable, '-m', 'venv', folder], 'python')
        for lock_file in lock_files:
            _install(python, step, '-r', lock_file)
    (folder / 'version').write_text(sys.version, encoding='utf-8')
    stamp.write_text(key, encoding='utf-8')


def _is_usable(folder):
    """Tell whether a finished environment of this very interpreter can be brought up to date."""
    version = folder / 'version'
    return version.exists() and version.read_text(encoding='utf-8') == sys.version


def _key(lock_files):
    digest = hashlib.sha256(sys.version.encode())
    for lock_file in lock_files:
        digest.update(lock_file.read_bytes())
    return digest.hexdigest()


def install_into(folder, lock, *options):
    """Install a lock file's wheels into a plain folder."""
    lock_file = paths.REQUIREMENTS / f'{lock}.txt'
    with console.Step(f'Fetching {lock}') as step:
        _install(paths.PYTHON, step, *options, '--target', folder, '-r', lock_file)


def _install(python, step, *arguments):
    command = [python, '-m', 'pip', 'install', *PIP_OPTIONS, *arguments]
    console.run(command, 'python', step=step, watch=PIP_WATCH)
