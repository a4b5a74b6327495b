import re
import sys

import pytest

from dev import lint

PASSES = ('raise SystemExit(0)',)
FAILS = ('raise SystemExit("line 3 is too long")',)


class Snippet(lint.Check):
    """A check that is a line of Python."""

    def get_command(self, python, fix):
        return [python, '-c', *(self.fix if fix and self.fix else self.check)]


@pytest.fixture(autouse=True)
def checks(monkeypatch):
    monkeypatch.setattr(
        lint,
        'CHECKS',
        {
            'style': Snippet('Style', '', list, PASSES),
            'layout': Snippet('Layout', '', list, FAILS, fix=PASSES),
        },
    )


def read(capsys):
    return [
        re.sub(r' *\d+(\.\d)? s', '', ' '.join(line.split()))
        for line in capsys.readouterr().out.splitlines()
    ]


def test_failure_is_shown_below_its_check_and_named_at_the_end(capsys):
    assert lint.run(sys.executable) == 1
    assert read(capsys) == [
        'Style ok',
        'Layout FAILED',
        'line 3 is too long',
        'Lint: put right what is listed under Layout ().',
        'make lint FIX=1 repairs what a program can repair.',
    ]


def test_fix_repairs_first(capsys):
    assert lint.run(sys.executable, fix=True) == 0
    assert read(capsys) == ['Style ok', 'Layout ok', 'Lint: everything is in order ().']


def test_chosen_checks_run_alone(capsys):
    assert lint.run(sys.executable, only=['style']) == 0
    assert read(capsys) == ['Style ok', 'Lint: everything is in order ().']


def test_spanish_runs_by_its_own_command_and_is_told_to_fix(capsys):
    command = [sys.executable, '-c', 'import sys; sys.exit(sys.argv[1:] != ["--fix"])']
    assert lint.run(sys.executable, fix=True, translations=command) == 0
    assert lint.run(sys.executable, translations=command, only=['style']) == 1
    assert 'Spanish FAILED' in read(capsys)


def test_manual_runs_by_its_own_command(capsys):
    assert lint.run(sys.executable, fix=True, manual=[sys.executable, '-c', '']) == 0
    assert lint.run(sys.executable, manual=[sys.executable, '-c', FAILS[0]], only=['style']) == 1
    assert 'Manual FAILED' in read(capsys)


def test_check_without_subjects_is_left_out():
    assert lint.Check('Addon files', 'module', list).get_command('python', fix=False) == []


def test_unknown_check_is_refused(capsys):
    with pytest.raises(SystemExit):
        lint.main(['spelling'])
    assert 'there is no check spelling' in capsys.readouterr().err
