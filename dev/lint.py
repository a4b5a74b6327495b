"""Run the checks of style, XML and Spanish, one line each.

From Python: ``run(python, fix, translations, manual)`` returns 0 when everything is in order.

- ``python``: path of an interpreter that has ``requirements/lint.txt``;
- ``fix``: repair what a program can repair, then report the rest;
- ``translations``: the command that runs ``dev.translations`` in Odoo's Python against a database
  with the addons (``[python, '-m', 'dev.translations', configuration, database]``), or None to
  leave that check out;
- ``manual``: the command that makes the manual (``dev.manual``), or None to leave it out;
- ``only``: names of the checks to run (keys of ``CHECKS``), default all.

From a shell, in the linters' environment: ``python -m dev.lint [--fix] [CHECK ...]`` runs the
checks that need no database.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _get_addons() -> list[str]:
    return sorted(str(path.parent) for path in _glob('*/__manifest__.py'))


def _get_tests() -> list[str]:
    return [f'{addon}/tests' for addon in _get_addons() if (ROOT / addon / 'tests').is_dir()]


def _get_po_files() -> list[str]:
    return sorted(map(str, [*_glob('*/i18n/*.po'), *_glob('*/i18n/*.pot')]))


def _glob(pattern: str) -> list[Path]:
    return [path.relative_to(ROOT) for path in ROOT.glob(pattern)]


@dataclass(frozen=True)
class Check:
    """A program to run: a module of the linters' environment, and what it looks at."""

    title: str
    module: str
    get_subjects: Callable[[], list[str]]
    check: tuple[str, ...] = ()
    fix: tuple[str, ...] | None = None

    def get_command(self, python: str, fix: bool) -> list[str]:
        """Return the command line, or nothing where there is nothing to look at."""
        options = self.fix if fix and self.fix is not None else self.check
        subjects = self.get_subjects()
        return [python, '-m', self.module, *options, *subjects] if subjects else []


BRIEF = ('--quiet', '--output-format=concise')

CHECKS = {
    'ruff': Check(
        'Python style', 'ruff', lambda: ['.'], ('check', *BRIEF), ('check', '--fix', *BRIEF)
    ),
    'format': Check(
        'Python layout', 'ruff', lambda: ['.'], ('format', '--check', *BRIEF), ('format', *BRIEF)
    ),
    'pylint': Check('Odoo rules', 'pylint', _get_addons, ('--ignore=.local,dist,tests',)),
    # What a test says need not be translated; the plugin knows no tests in folders below tests/.
    'pylint-tests': Check(
        'Odoo rules in tests', 'pylint', _get_tests, ('--disable=translation-required',)
    ),
    'xml': Check('XML layout', 'dev.xmlformat', _get_addons, fix=('--fix',)),
    'module': Check('Addon files', 'oca_pre_commit_hooks.cli', _get_addons),
    'po': Check('Translation files', 'oca_pre_commit_hooks.cli_po', _get_po_files),
}


def run(
    python: str,
    fix: bool = False,
    translations: list[str] | None = None,
    manual: list[str] | None = None,
    only: Iterable[str] = (),
) -> int:
    """Run the checks in turn, say how each went, and return how many of them failed."""
    started = time.monotonic()
    chosen = [CHECKS[name] for name in only or CHECKS]
    commands = [(check.title, check.get_command(python, fix)) for check in chosen]
    if translations:
        commands.append(('Spanish', [*translations, '--fix'] if fix else translations))
    if manual:
        commands.append(('Manual', manual))
    failed = [title for title, command in commands if command and not _run_one(title, command)]
    elapsed = time.monotonic() - started
    if failed:
        print(f'Lint: put right what is listed under {", ".join(failed)} ({elapsed:.0f} s).')
        if not fix:
            print('make lint FIX=1 repairs what a program can repair.')
    else:
        print(f'Lint: everything is in order ({elapsed:.0f} s).')
    return len(failed)


def _run_one(title: str, command: list[str]) -> bool:
    started = time.monotonic()
    print(f'{title:<20}', end='', flush=True)
    result = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    passed = result.returncode == 0
    print(f'{"ok" if passed else "FAILED":<8}{time.monotonic() - started:5.1f} s', flush=True)
    if not passed:
        print(result.stdout.rstrip() or f'It ended with {result.returncode} and said nothing.')
    return passed


def main(arguments: list[str] | None = None) -> int:
    """Run the command line in the interpreter that runs this."""
    parser = argparse.ArgumentParser(description='Check style and XML; no database needed.')
    parser.add_argument('checks', nargs='*', help=f'some of: {", ".join(CHECKS)} (default: all)')
    parser.add_argument('--fix', action='store_true', help='repair what a program can repair')
    options = parser.parse_args(arguments)
    unknown = set(options.checks) - set(CHECKS)
    if unknown:
        parser.error(f'there is no check {", ".join(sorted(unknown))}')
    return 1 if run(sys.executable, options.fix, only=options.checks) else 0


if __name__ == '__main__':
    sys.exit(main())
