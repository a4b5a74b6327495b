"""axe-core (MPL-2.0): whether people with a disability can use a screen, for the browser tests.

It is fetched once through the machine's own npm, and taken only if it is the very file we know.
"""

import base64
import hashlib
import io
import tarfile
import tempfile
from pathlib import Path

from . import console, paths, system

VERSION = '4.14.1'
INTEGRITY = (
    'sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASy'
    'FNNtuFooJpZe37OgudVGtQ=='
)
MEMBER = 'package/axe.min.js'
FILE = paths.STATE / 'axe' / f'axe-{VERSION}.min.js'


def ensure():
    """Have the file in place; where it cannot be had, say so: what needs it is left out."""
    if FILE.exists():
        return
    try:
        with console.Step(f'Fetching axe-core {VERSION}'):
            _write(_extract(_check(_fetch())))
    except console.Failure as failure:
        console.say(
            f'  axe-core {VERSION} cannot be had, screens are measured without it: {failure}'
        )


def _fetch():
    """Return the package as the registry of this machine's npm delivers it."""
    npm = system.find_or_install('npm', 'npm')
    if not npm:
        raise console.Failure('install npm (Debian: apt-get install npm, as root).')
    with tempfile.TemporaryDirectory() as folder:
        console.run([npm, 'pack', f'axe-core@{VERSION}', '--silent'], 'npm', cwd=folder)
        (package,) = Path(folder).glob('*.tgz')
        return package.read_bytes()


def _check(package):
    digest = base64.b64encode(hashlib.sha512(package).digest()).decode()
    if f'sha512-{digest}' != INTEGRITY:
        raise console.Failure('what the registry delivered is another file than the locked one.')
    return package


def _extract(package):
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        return archive.extractfile(MEMBER).read()


def _write(script):
    FILE.parent.mkdir(parents=True, exist_ok=True)
    partial = FILE.with_suffix('.part')
    partial.write_bytes(script)
    partial.rename(FILE)
