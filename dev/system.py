"""What the machine has: other users, programs, and the distribution's package manager."""

import os
import pwd
import shutil
import subprocess

from . import console

APT_OPTIONS = ('-o', 'DPkg::Lock::Timeout=120')


def is_root():
    return os.geteuid() == 0


def server_account():
    """Return the account that runs for root what refuses to run as root; None for others."""
    for name in ('postgres', 'nobody') if is_root() else ():
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def require_server_account():
    """Return the account of the server, None where it is our own."""
    account = server_account()
    if account or not is_root():
        return account
    raise console.Failure(
        'PostgreSQL refuses to run as root and there is no user to run it as: '
        'create one (useradd postgres) and run the command again.'
    )


def find_program(*names):
    return next((path for path in map(shutil.which, names) if path), None)


def can_install_packages():
    return is_root() and bool(find_program('apt-get'))


def install_package(package):
    """Install a package of the distribution; needs root and apt."""
    environment = {**os.environ, 'DEBIAN_FRONTEND': 'noninteractive', 'LC_ALL': 'C'}
    with console.Step(f'Installing {package} from the distribution') as step:
        if subprocess.run(
            ['apt-cache', 'show', package], capture_output=True, check=False
        ).returncode:
            step.detail = 'reading the package lists'
            console.run(['apt-get', *APT_OPTIONS, 'update'], 'apt', env=environment)
        console.run(
            ['apt-get', *APT_OPTIONS, 'install', '-y', '--no-install-recommends', package],
            'apt',
            step=step,
            watch=r'^(Get:\S+ .*|Unpacking .*|Setting up .*)',
            env=environment,
        )


def find_or_install(package, *programs):
    """Return the path of a program, installed first if that is possible, else None."""
    path = find_program(*programs)
    if path or not can_install_packages():
        return path
    try:
        install_package(package)
    except console.Failure as failure:
        console.say(f'  {failure}')
    return find_program(*programs)
