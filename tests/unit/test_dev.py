"""The set-up: what it says when something fails, and what it takes its words for."""

import os
import socket
import stat
import subprocess
import sys

import pytest

from dev import (
    axe,
    console,
    database,
    odoo_source,
    paths,
    postgres,
    private,
    server,
    system,
    testing,
)


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


def test_another_axe_than_the_locked_one_is_not_taken(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(axe, 'FILE', tmp_path / 'axe.min.js')
    monkeypatch.setattr(axe, '_fetch', lambda: b'something else')
    axe.ensure()
    assert not axe.FILE.exists()
    assert 'another file' in capsys.readouterr().out


def test_t_names_addons_files_and_tests():
    path = 'tests/unit/test_dev.py'
    assert testing._targets(['crm_claims']) == ['crm_claims']
    assert testing._targets([path, 'crm_extended']) == [path, 'crm_extended']
    assert testing._targets([f'{path}::test_x']) == [f'{path}::test_x']
    assert testing._targets([]) == ['tests', *paths.ADDON_NAMES]
    with pytest.raises(console.Failure, match='nor a path'):
        testing._targets(['crm_nothing'])


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
    monkeypatch.setattr(paths, 'ADDON_NAMES', ('a',))
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


# === PRIVATE FOLDERS === #


def mode(folder):
    return stat.S_IMODE(folder.stat().st_mode)


@pytest.fixture
def state(tmp_path, monkeypatch):
    """A clone that nobody has used yet, in a place that every account can reach."""
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    monkeypatch.setattr(paths, 'STATE', tmp_path / '.local')
    return tmp_path / '.local'


def test_state_is_closed_to_others_even_if_it_was_open(state):
    state.mkdir(mode=0o755)
    private.close(state)
    assert mode(state) == 0o700


def test_cluster_is_closed_to_others_and_its_socket_is_in_it(state):
    cluster = postgres.Cluster('test')
    assert cluster.sockets == cluster.data
    for folder in (state, cluster.data.parent):
        assert not mode(folder) & 0o007
        assert mode(folder) == (0o710 if system.is_root() else 0o700)


@pytest.mark.skipif(not system.server_account(), reason='the server runs as ourselves')
def test_account_of_the_server_passes_and_another_does_not(state):
    cluster = postgres.Cluster('test')
    assert postgres._can_enter(cluster.account, cluster.data.parent)
    stranger = {'user': 54321, 'group': 54321, 'extra_groups': ()}
    probe = ['test', '-x', cluster.data.parent]
    assert subprocess.run(probe, **stranger, cwd='/', check=False).returncode


def deep_cluster(monkeypatch, temporary):
    """Return a cluster whose own path is too long for a socket."""
    monkeypatch.setattr(postgres, 'SOCKET_PATH', 10)
    monkeypatch.setattr(postgres.tempfile, 'gettempdir', lambda: str(temporary))
    return postgres.Cluster('test')


def test_deep_clone_has_a_closed_socket_folder_elsewhere(state, tmp_path, monkeypatch):
    cluster = deep_cluster(monkeypatch, tmp_path)
    for _attempt in range(2):
        cluster._ensure_socket_folder()
        assert cluster.sockets.parent == tmp_path
        assert mode(cluster.sockets) == 0o700


@pytest.mark.skipif(not system.is_root(), reason='only root makes folders of others')
def test_socket_folder_of_another_user_is_refused(state, tmp_path, monkeypatch):
    cluster = deep_cluster(monkeypatch, tmp_path)
    cluster.sockets.mkdir(mode=0o777)
    os.chown(cluster.sockets, 54321, 54321)
    with pytest.raises(console.Failure, match='made by somebody else'):
        cluster._ensure_socket_folder()


def test_socket_folder_that_is_a_link_or_open_is_refused(state, tmp_path, monkeypatch):
    cluster = deep_cluster(monkeypatch, tmp_path)
    elsewhere = tmp_path / 'elsewhere'
    elsewhere.mkdir(mode=0o700)
    cluster.sockets.symlink_to(elsewhere)
    with pytest.raises(console.Failure, match='made by somebody else'):
        cluster._ensure_socket_folder()
    cluster.sockets.unlink()
    cluster.sockets.mkdir()
    cluster._give(cluster.sockets)
    cluster.sockets.chmod(0o777)
    with pytest.raises(console.Failure, match='others may write'):
        cluster._ensure_socket_folder()
