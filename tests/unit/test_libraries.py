"""The page of the libraries says what the lock file locks, and what of it is behind."""

import re

from tests.suite import ROOT

LOCK = ROOT / 'requirements' / 'odoo.txt'
WANTED = ROOT / 'requirements' / 'odoo.in'
PAGES = [ROOT / 'docs' / language / 'admin' / 'libraries.md' for language in ('en', 'es')]
LOCKED = re.compile(r'^([\w.-]+)==(\S+)', re.MULTILINE)
ROW = re.compile(r'^\| ([\w.-]+) \| ([\d., ]+) \|$', re.MULTILINE)
BEHIND = re.compile(r'^\| `([\w-]+)` \| ([^|]+) \|', re.MULTILINE)


def get_name(name):
    return re.sub(r'[-_.]+', '-', name).lower()


def read_lock():
    """Return {library: its versions} of the lock file."""
    locked = {}
    for name, version in LOCKED.findall(LOCK.read_text(encoding='utf-8')):
        versions = locked.setdefault(get_name(name), [])
        if version not in versions:
            versions.append(version)
    return locked


def read_wanted():
    names = re.findall(r'^[A-Za-z][\w.-]*', WANTED.read_text(encoding='utf-8'), re.MULTILINE)
    return {get_name(name) for name in names}


def get_numbers(version):
    return [int(number) for number in re.findall(r'\d+', version)]


def test_the_page_names_each_library_in_its_locked_versions():
    locked = read_lock()
    wanted = {name: ', '.join(locked[name]) for name in read_wanted()}
    assert 'lxml' in wanted
    for page in PAGES:
        assert dict(ROW.findall(page.read_text(encoding='utf-8'))) == wanted


def test_what_is_said_to_be_behind_is_behind():
    locked = read_lock()
    for page in PAGES:
        rows = BEHIND.findall(page.read_text(encoding='utf-8'))
        assert [name for name, _repaired in rows] == ['idna', 'jinja2', 'pypdf2', 'requests']
        numbered = [row for row in rows if row[1][0].isdigit()]
        assert len(numbered) == 3
        for name, repaired in numbered:
            assert max(map(get_numbers, locked[name])) < get_numbers(repaired)
