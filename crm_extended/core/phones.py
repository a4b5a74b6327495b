"""Numbers as people and machines write them: tidied up for who reads the digits.

Which country a number belongs to, and whether there is such a number, is not known here.
"""

from __future__ import annotations

import re

# So many digits has a number at least, and at most with the code of its country.
FEWEST_DIGITS, MOST_DIGITS = 6, 15
# What of the end of a number is compared before the whole of it is read.
TAIL = 7

SCHEME = re.compile(r'\b(?:sips?|tel|callto|phone)\s*:\s*', re.I)
# what follows a number in an address of a telephone: sip:+34600100200@pbx.example.com;user=phone
HOST = re.compile(r'@[^\s,;<>]*|;[a-z-]+=[^\s,;<>]*', re.I)
EXTENSION = re.compile(
    r'(?<=[\d)\s.,;-])[\s(]*'
    r'(?:ext(?:ensi[oó]n|\.)?|x|int(?:erno|\.)?|durchwahl|dw\.?|poste|#)'
    r'\s*[.:=]?\s*\d{1,6}(?!\d)',
    re.I,
)
TRUNK_ZERO = re.compile(r'\(\s*0\s*\)')
# a number begins with a plus or a digit, goes on with digits and what is between them
NUMBER = re.compile(r'\+?\d(?:[\s.()/-]*\d)*')
# what separates two numbers where both sides are long enough to be one
SEPARATORS = (re.compile(r'\s*[/-]\s*|\s*\n\s*|\s{2,}'), re.compile(r'\s+'))


def split_numbers(text: str) -> list[str]:
    """Return the numbers of a text in their order: digits alone, after ``+`` where it says so.

    Names, extensions, addresses of telephones and a trunk zero in brackets are left out.
    """
    tidy = TRUNK_ZERO.sub(' ', HOST.sub(' ', SCHEME.sub(' ', text)))
    tidy = EXTENSION.sub(' ; ', tidy)
    numbers = []
    for found in NUMBER.findall(tidy.replace('(+', '+')):
        for number in map(_tidy, _split_pair(found)):
            if FEWEST_DIGITS <= len(number.lstrip('+')) <= MOST_DIGITS:
                numbers.append(number)
    return list(dict.fromkeys(numbers))


def get_tail(number: str) -> str:
    """Return the end of a number, which every way to write it has in common."""
    return number.lstrip('+')[-TAIL:]


def _split_pair(text: str) -> list[str]:
    """Return the parts of what may be several numbers, or all of it where one part is too short."""
    for separator in SEPARATORS:
        parts = separator.split(text)
        if len(parts) > 1 and all(len(_tidy(part)) >= TAIL for part in parts):
            return parts
    return [text]


def _tidy(text: str) -> str:
    digits = re.sub(r'\D', '', text)
    if text.startswith('+'):
        return f'+{digits}'
    return f'+{digits[2:]}' if digits.startswith('00') else digits
