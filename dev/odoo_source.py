"""Get Odoo 19: the user's own, else the distribution's package without root, else Git."""

import json
import os
import re
import shutil
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from . import console, paths, system

SERIES = '19.0'
GIT_REPOSITORY = 'https://github.com/odoo/odoo.git'
CLONE = ('git', 'clone', '--progress', '--depth', '1')
DEBIAN_PACKAGE = 'odoo-19'
# The package replaces these by links into other packages; without them there are no icons.
SID_COMPANIONS = ('fonts-montserrat',)
STABLE_COMPANIONS = (
    'fonts-font-awesome',
    'fonts-roboto-unhinted',
    'fonts-inconsolata',
    'fonts-ocr-b',
    'libjs-jquery',
    'libjs-jquery-form',
    'libjs-underscore',
)
# Font Awesome 7 of the newest suites does not fit Odoo's style sheets.
STABLE_SUITES = ('bookworm', 'trixie')
KEYRING = Path('/usr/share/keyrings/debian-archive-keyring.gpg')
# Named by a bundle but left out of the package; its absence fails every browser test.
LEFT_OUT = 'odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js'


@dataclass
class OdooSource:
    """An Odoo tree: the folder to import it from, its addons folders, and where it came from."""

    import_path: str
    addons_paths: list
    origin: str


def get():
    """Return a usable Odoo 19, fetched first if there is none yet."""
    home = os.environ.get('ODOO_HOME')
    if home:
        return _describe(Path(home).expanduser().resolve(), f'ODOO_HOME ({home})')
    stamp = paths.ODOO / 'source.json'
    if not stamp.exists():
        source = _fetch()
        stamp.write_text(json.dumps(asdict(source)), encoding='utf-8')
    return OdooSource(**json.loads(stamp.read_text(encoding='utf-8')))


def _describe(root, origin):
    """Recognise a checkout or an installed tree, and refuse what is not Odoo 19."""
    release = root / 'odoo' / 'release.py'
    if not release.is_file():
        raise console.Failure(
            f'{origin} holds no Odoo: name the folder that contains the folder "odoo" '
            'with release.py in it.'
        )
    version = re.search(r'version_info = \((\d+), (\d+)', release.read_text(encoding='utf-8'))
    series = version and '.'.join(version.groups())
    if series != SERIES:
        raise console.Failure(f'{origin} is Odoo {series}; these addons need Odoo {SERIES}.')
    candidates = [root / 'odoo' / 'addons', root / 'addons']
    return OdooSource(str(root), [str(path) for path in candidates if path.is_dir()], origin)


def _fetch():
    shutil.rmtree(paths.ODOO, ignore_errors=True)
    partial = paths.STATE / 'odoo.part'
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    mirror = _debian_mirror()
    if mirror:
        try:
            _fetch_debian_package(mirror, partial)
        except console.Failure as failure:
            console.say(f'  {failure}')
            console.say("  The distribution's package cannot be had; trying the Git branch.")
            mirror = None
    if not mirror:
        _clone(partial)
    partial.rename(paths.ODOO)
    if mirror:
        return _describe(
            paths.ODOO / 'root/usr/lib/python3/dist-packages', f'package {DEBIAN_PACKAGE}'
        )
    return _describe(paths.ODOO / 'checkout', f'Git branch {SERIES}')


def _debian_mirror():
    """Return the address of the Debian mirror that this machine is set up for, if any."""
    tools = ('apt-get', 'dpkg-deb')
    if not KEYRING.exists() or not all(map(system.find_program, tools)):
        return None
    rows = subprocess.run(
        ['apt-get', 'indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    return next((row for row in rows if row.rstrip('/').endswith('/debian')), None)


def _fetch_debian_package(mirror, folder):
    root = folder / 'root'
    with console.Step(f'Fetching {DEBIAN_PACKAGE} (130 MB) from the Debian mirror') as step:
        sid = _AptSuite(mirror, 'sid', folder / 'sid')
        sid.download([DEBIAN_PACKAGE, *SID_COMPANIONS], step)
        stable = _AptSuite(mirror, _stable_suite(), folder / 'stable')
        stable.download(STABLE_COMPANIONS, step)
        for package in sorted(folder.glob('*/*.deb')):
            step.detail = f'unpacking {package.name}'
            console.run(['dpkg-deb', '-x', package, root], 'odoo')
            package.unlink()
    _complete_package(root)


def _complete_package(root):
    missing = root / 'usr/lib/python3/dist-packages' / LEFT_OUT
    missing.parent.mkdir(parents=True, exist_ok=True)
    missing.write_text('// Left out by the distribution.\n', encoding='utf-8')
    dangling = [path for path in root.rglob('*') if path.is_symlink() and not path.exists()]
    if dangling:
        names = ', '.join(path.name for path in dangling[:3])
        raise console.Failure(
            f'The package {DEBIAN_PACKAGE} refers to files that are in no package we know '
            f'({names}): set ODOO_HOME to an Odoo {SERIES} of your own.'
        )


def _stable_suite():
    found = re.search(r'^VERSION_CODENAME=(\w+)', _os_release(), re.MULTILINE)
    codename = found and found.group(1)
    return codename if codename in STABLE_SUITES else STABLE_SUITES[0]


def _os_release():
    path = Path('/etc/os-release')
    return path.read_text(encoding='utf-8') if path.exists() else ''


class _AptSuite:
    """A suite of the mirror read through lists of our own; the system's packages stay as are."""

    def __init__(self, mirror, suite, folder):
        self.suite = suite
        self.folder = folder
        for name in ('lists/partial', 'cache/archives/partial'):
            (folder / name).mkdir(parents=True)
        sources = folder / 'sources.list'
        sources.write_text(f'deb [signed-by={KEYRING}] {mirror} {suite} main\n', encoding='utf-8')
        settings = {
            'Dir::Etc::SourceList': sources,
            'Dir::Etc::SourceParts': '/dev/null',
            'Dir::State::Lists': folder / 'lists',
            'Dir::Cache': folder / 'cache',
            'APT::Sandbox::User': 'root' if system.is_root() else '',
            'Acquire::Languages': 'none',
            'Acquire::Retries': '3',
        }
        self.options = [
            word for name, value in settings.items() for word in ('-o', f'{name}={value}')
        ]

    def download(self, packages, step):
        step.detail = f'reading the package list of {self.suite}'
        console.run(['apt-get', *self.options, 'update'], 'odoo', env=_plain_environment())
        console.run(
            ['apt-get', *self.options, 'download', *packages],
            'odoo',
            step=step,
            watch=r'^(Get:.*)',
            cwd=self.folder,
            env=_plain_environment(),
        )


def _plain_environment():
    return {**os.environ, 'LC_ALL': 'C'}


def _clone(folder):
    if not system.find_program('git'):
        raise console.Failure(
            'There is no Odoo and no git to fetch it with: install git, or set ODOO_HOME '
            f'to an Odoo {SERIES}.'
        )
    with console.Step(f'Fetching Odoo {SERIES} from its Git repository (about 300 MB)') as step:
        console.run(
            [*CLONE, '--branch', SERIES, GIT_REPOSITORY, folder / 'checkout'],
            'odoo',
            step=step,
            watch=r'(\w+ objects:\s+\d+%)',
        )
