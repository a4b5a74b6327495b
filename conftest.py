"""What every run of the suite shares."""

import contextlib

with contextlib.suppress(ImportError):  # the plain tests of core/ do without it
    import freezegun

    # How long a test takes is measured by the real clock.
    freezegun.configure(extend_ignore_list=['_pytest.timing'])


def pytest_configure(config):
    config.addinivalue_line('markers', 'browser: needs Chromium; BROWSER=0 leaves it out')
    config.addinivalue_line('markers', 'long: takes minutes, so it starts first')


def pytest_collection_modifyitems(items):
    """Start what takes longest first: the workers then finish together."""
    items.sort(key=lambda item: item.get_closest_marker('long') is None)
