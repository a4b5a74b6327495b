"""What every run of the suite shares."""

import contextlib
import os

import pytest

with contextlib.suppress(ImportError):  # the plain tests of core/ do without it
    import freezegun

    # How long a test takes is measured by the real clock.
    freezegun.configure(extend_ignore_list=['_pytest.timing'])


@pytest.fixture(scope='session', autouse=True)
def keep_files_of_other_workers():
    """Let no worker collect garbage: the store is shared, and goes with the database of the run.

    At the end of each class Odoo removes the files of whatever no committed row names, which are
    those of the tests that another worker is in the middle of.
    """
    if 'PYTEST_XDIST_WORKER' in os.environ:
        with contextlib.suppress(ImportError):
            from odoo.tests.common import TransactionCase

            TransactionCase._gc_filestore = classmethod(lambda cls: None)


def pytest_configure(config):
    config.addinivalue_line('markers', 'browser: needs Chromium; BROWSER=0 leaves it out')
    config.addinivalue_line('markers', 'long: takes minutes, so it starts first')


def pytest_collection_modifyitems(items):
    """Start what takes longest first: the workers then finish together."""
    items.sort(key=lambda item: item.get_closest_marker('long') is None)
