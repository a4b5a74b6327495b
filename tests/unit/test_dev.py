"""The set-up: what it says when something fails, and what it takes its words for."""

import os
import socket
import sys

import pytest

from dev import console, database, odoo_source, paths, server, testing


@pytest.mark.parametrize(
    ('output', 'advice'),
    [
        ('E: Write error - write (28: No space left on device)', 'free at least 3 GB'),
        ('Temporary failure in name resolution', 'network cannot be reached'),
        ('fatal: unable to access: Could not resolve host: example.com', 'network'),
        ("error: command 'gcc' failed: No such file or directory", 'no compiler'),
        ('fatal error: Python.h: No such file or directory', 'no compiler'),
        ('The virtual environment was not created: ensurepip is not available', 'venv'),
    ],
)
def test_a_known_failure_is_explained(output, advice):
    assert advice in console.explain(output, 'otherwise')


def test_an_unknown_failure_keeps_its_own_sentence():
    assert console.explain('something else', 'otherwise') == 'otherwise'


def test_a_failing_program_ends_in_a_sentence_and_a_log(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, 'STATE', tmp_path)
    code = 'import sys; print("No space left on device"); sys.exit(3)'
    with pytest.raises(console.Failure, match='disk is full'):
        console.run([sys.executable, '-c', code], 'try')
    assert 'No space left' in paths.log('try').read_text(encoding='utf-8')


def test_a_program_shows_what_it_is_doing(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, 'STATE', tmp_path)
    step = console.Step('try')
    code = 'print("Collecting wheels")'
    console.run([sys.executable, '-c', code], 'try', step=step, watch=r'(Collecting \w+)')
    assert step.detail == 'Collecting wheels'


def test_t_names_addons_files_and_tests():
    path = 'tests/unit/test_dev.py'
    assert testing._targets('crm_claims') == ['addons/crm_claims']
    assert testing._targets(f'{path} crm_extended') == [path, 'addons/crm_extended']
    assert testing._targets(f'{path}::test_x') == [f'{path}::test_x']
    assert testing._targets('') == ['addons', 'tests']
    with pytest.raises(console.Failure, match='neither an addon'):
        testing._targets('crm_nothing')


@pytest.mark.parametrize('port', ['abc', '0', '65536', '-1', '80.5'])
def test_a_wrong_port_is_refused(port, monkeypatch):
    monkeypatch.setenv('PORT', port)
    with pytest.raises(console.Failure, match='1 to 65535'):
        server._address()


def test_a_taken_port_is_refused_with_another_to_try():
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(console.Failure, match=f'PORT={port + 1}'):
            server._require_free('127.0.0.1', port)


def test_a_folder_without_odoo_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv('ODOO_HOME', str(tmp_path))
    with pytest.raises(console.Failure, match='holds no Odoo'):
        odoo_source.get()


def test_another_series_of_odoo_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv('ODOO_HOME', str(tmp_path))
    release = tmp_path / 'odoo' / 'release.py'
    release.parent.mkdir()
    release.write_text("version_info = (18, 0, 0, 'final', 0, '')\n", encoding='utf-8')
    with pytest.raises(console.Failure, match=r'is Odoo 18\.0'):
        odoo_source.get()


def test_an_odoo_of_the_user_is_taken_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv('ODOO_HOME', str(tmp_path))
    release = tmp_path / 'odoo' / 'release.py'
    release.parent.mkdir()
    (tmp_path / 'addons').mkdir()
    release.write_text("version_info = (19, 0, 0, 'final', 0, '')\n", encoding='utf-8')
    source = odoo_source.get()
    assert source.import_path == str(tmp_path)
    assert source.addons_paths == [str(tmp_path / 'addons')]


def test_the_template_depends_on_what_a_database_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, 'ADDONS', tmp_path)
    for name in ('a/models/x.py', 'a/tests/test_x.py', 'a/static/x.js'):
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text('one', encoding='utf-8')
    key = database.addons_key()
    (tmp_path / 'a/tests/test_x.py').write_text('two', encoding='utf-8')
    (tmp_path / 'a/static/x.js').write_text('two', encoding='utf-8')
    assert database.addons_key() == key
    (tmp_path / 'a/models/x.py').write_text('two', encoding='utf-8')
    assert database.addons_key() != key


def test_state_stays_in_the_repository():
    assert os.path.commonpath([paths.ROOT, paths.DATA, paths.VENV]) == str(paths.ROOT)
