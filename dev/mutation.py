"""``make mutate``: change core/ line by line, and see whether its plain tests notice."""

import json
import os
import re
import shutil
import subprocess
from collections import Counter

from . import console, core, environment, paths

WORKSHOP = paths.STATE / 'mutate'
SURVIVORS = paths.ROOT / 'dev' / 'survivors.txt'
CONFIGURATION = """
[tool.mutmut]
source_paths = {cores}
also_copy = {copied}
pytest_add_cli_args = ["-p", "dev.core_packages", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
"""
LEAST_NOTICED = 0.9
UNNOTICED = ('survived', 'no tests')


def mutate():
    """Say which changes no test notices; fail if these are too many or one is not explained.

    T= part of the name of a module, like T=crm_contracts.core.periods, for a part.
    """
    python = environment.ensure_core()
    _prepare_workshop()
    with console.Step('Changing core/ line by line (some twenty minutes for all of it)'):
        wanted = [f'*{word}*' for word in os.environ.get('T', '').split()]
        console.run([python, '-m', 'mutmut', 'run', *wanted], 'mutate', cwd=WORKSHOP)
    results = _read_results(python)
    _say_shares(results)
    explained = read_explained()
    unnoticed = [name for name, result in results.items() if result in UNNOTICED]
    changes = [_read_change(python, name) for name in unnoticed]
    unexplained = [change for change in changes if change not in explained]
    for function, *lines in unexplained:
        console.say('\n'.join([function, *lines, '']))
    noticed = len(results) - len(unnoticed)
    console.say(f'{noticed} of {len(results)} noticed, {len(unexplained)} not and unexplained.')
    return int(noticed < LEAST_NOTICED * len(results) or bool(unexplained))


def read_explained():
    """Return the changes that may pass unnoticed, each with a reason in the list.

    A paragraph a change: the function, the lines taken (-) and put (+), the reason.
    """
    paragraphs = SURVIVORS.read_text(encoding='utf-8').split('\n\n')
    return {
        (lines[0], *(line for line in lines[1:] if line.startswith(('-', '+'))))
        for lines in (paragraph.strip().splitlines() for paragraph in paragraphs)
        if lines and not lines[0].startswith('#')
    }


def _prepare_workshop():
    """Have a folder with nothing but core/ and its tests in it."""
    shutil.rmtree(WORKSHOP, ignore_errors=True)
    cores = core.get_folders('core')
    tests, data = core.get_folders('tests/core'), core.get_folders('tests/data')
    for folder in (*cores, *tests, *data, 'dev'):
        shutil.copytree(paths.ROOT / folder, WORKSHOP / folder)
    configuration = CONFIGURATION.format(
        cores=json.dumps(cores), tests=json.dumps(tests), copied=json.dumps([*tests, *data, 'dev'])
    )
    (WORKSHOP / 'pyproject.toml').write_text(configuration, encoding='utf-8')


def _read_results(python):
    """Return {name of a change: what became of it} of those that were tried."""
    pairs = re.findall(r'^\s+(\S+): (.+)$', _ask(python, 'results', '--all', 'true'), re.MULTILINE)
    return {name: result for name, result in pairs if result != 'not checked'}


def _read_change(python, name):
    """Return the function and the lines that a change takes and puts."""
    function = re.sub(r'__mutmut_\d+$', '', name).replace('.xǁ', '.').replace('.x_', '.')
    lines = re.findall(r'^[-+](?![-+]{2}).*$', _ask(python, 'show', name), re.MULTILINE)
    return function.replace('ǁ', '.'), *(f'{line[0]} {line[1:].strip()}' for line in lines)


def _ask(python, *words):
    command = [python, '-m', 'mutmut', *words]
    return subprocess.run(
        command, cwd=WORKSHOP, check=True, capture_output=True, text=True, encoding='utf-8'
    ).stdout


def _say_shares(results):
    tried, noticed = Counter(), Counter()
    for name, result in results.items():
        module = name.rpartition('.')[0]
        tried[module] += 1
        noticed[module] += result not in UNNOTICED
    for module in sorted(tried):
        share = noticed[module] / tried[module]
        console.say(f'{module:45} {noticed[module]:5} of {tried[module]:5}  {share:4.0%}')
