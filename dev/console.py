"""What the person at the terminal sees: steps with elapsed time, and failures in one sentence."""

import contextlib
import re
import subprocess
import sys
import threading
import time

from . import paths

STARTED = time.monotonic()
HEARTBEAT_SECONDS = 10

# What a failing program says -> what the person can do about it.
EXPLANATIONS = (
    (
        r'No space left on device|disk quota exceeded',
        'The disk is full: free at least 3 GB and run the same command again, it continues.',
    ),
    (
        r'name resolution|resolve host|Could not resolve|Temporary failure resolving'
        r'|Network is unreachable|Connection refused|Failed to establish a new connection'
        r'|timed out|Unable to connect|SSLError|Could not connect',
        'The network cannot be reached: connect, or set the proxy or package mirror of this '
        'machine, and run the same command again, it continues.',
    ),
    (
        r"command '?[\w.-]*(gcc|cc|clang|g\+\+)'? failed|gcc: not found|Unable to find a compiler"
        r'|Python\.h: No such file',
        'A package has no ready-made build for this machine and there is no compiler: install '
        'one (Debian: apt-get install build-essential python3-dev) and run the command again.',
    ),
    (
        r'ensurepip is not available|No module named venv|No module named ensurepip',
        "Python's venv module is missing: install it (Debian: apt-get install python3-venv) "
        'and run the command again.',
    ),
)


class Failure(Exception):
    """An expected failure; its text is one sentence that says what to do."""


def say(text=''):
    print(text, flush=True)


def elapsed():
    return f'{time.monotonic() - STARTED:5.0f} s'


class Step:
    """A piece of work in progress; ``detail`` says what it is doing at this moment."""

    def __init__(self, title):
        self.title = title
        self.detail = ''
        self._finished = threading.Event()

    def __enter__(self):
        say(f'[{elapsed()}] {self.title} …')
        self._started = time.monotonic()
        self._ticker = threading.Thread(target=self._tick, daemon=True)
        self._ticker.start()
        return self

    def __exit__(self, kind, _error, _traceback):
        self._finished.set()
        self._ticker.join()
        if kind is None:
            took = time.monotonic() - self._started
            say(f'[{elapsed()}] {self.title}: done in {took:.0f} s')

    def _tick(self):
        while not self._finished.wait(HEARTBEAT_SECONDS):
            detail = f': {self.detail}' if self.detail else ''
            say(f'[{elapsed()}]   still at it{detail}')


def explain(output, otherwise):
    """Return the sentence for what a program printed when it failed."""
    for pattern, sentence in EXPLANATIONS:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence
    return otherwise


def run(command, log, step=None, watch=None, failed=None, **options):
    """Run a program with its output in a log file, and fail with a sentence.

    :param log: name of the log below the state folder
    :param step: step whose detail follows the output
    :param watch: pattern whose first group is shown as the detail
    :param failed: sentence for a failure that nothing else explains
    """
    log_file = paths.log(log)
    tail = []
    with log_file.open('a', encoding='utf-8') as sink:
        sink.write(f'$ {" ".join(map(str, command))}\n')
        process = subprocess.Popen(
            list(map(str, command)),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors='replace',
            **options,
        )
        with _ended_with_us(process):
            for line in process.stdout:
                sink.write(line)
                tail = [*tail[-60:], line]
                found = watch and step and re.search(watch, line)
                if found:
                    step.detail = found.group(1).strip()
            status = process.wait()
    if status:
        shown = ''.join(tail[-15:]).rstrip()
        default = failed or f'{command[0]} failed with status {status}.'
        sentence = explain(''.join(tail), default)
        say(shown)
        raise Failure(f'{sentence} (log: {paths.shown(log_file)})')


@contextlib.contextmanager
def _ended_with_us(process):
    try:
        yield
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


def fail(sentence):
    """Print the one sentence of a failure and return the exit status."""
    print(f'\n✗ {sentence}', file=sys.stderr, flush=True)
    return 1
