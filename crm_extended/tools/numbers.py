"""Numbers in the texts that people read."""

from odoo.tools import formatLang

_MOST_DECIMALS = 6
_KILO = 1024


def format_number(env, value, least=0):
    """Return a number in the language of the environment, with the decimals that it has.

    :param least: so many decimals at least
    """
    decimals = len(f'{value:.{_MOST_DECIMALS}f}'.rstrip('0').partition('.')[2])
    return formatLang(env, value, digits=max(decimals, least))


def format_size(env, size):
    """Return how large a file of so many bytes is, in the language of the environment."""
    for unit in ('B', 'kB', 'MB'):
        if size < _KILO or unit == 'MB':
            break
        size /= _KILO
    return f'{format_number(env, round(size, 1))} {unit}'
