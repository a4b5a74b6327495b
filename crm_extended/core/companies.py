"""Which companies are the same: by their tax number, or by their name without its legal form.

The database finds names by :func:`get_company_key` written in its own language, through an index:
what that needs stands here as data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

# Each letter of the first line becomes the one below it.
ACCENTED = 'áàâäãåāéèêëēėíìîïīóòôöõøōőúùûüūűçčćñńšśžźżłýÿ'
ACCENTED += ACCENTED.upper()
PLAIN = ('a' * 7 + 'e' * 6 + 'i' * 5 + 'o' * 8 + 'u' * 6 + 'ccc' + 'nn' + 'ss' + 'zzz' + 'lyy') * 2

# Legal forms by the kind of company that they name, without dots.
LEGAL_FORMS = {
    'sl': 'sl|s l|slu|s l u|sll|slp|slne|srl|s r l|sociedad limitada|sociedad limitada unipersonal'
    '|sociedad de responsabilidad limitada|sarl|sasu|eurl|lda|unipessoal lda|bv|bvba|sro|doo|kft'
    '|sp z o o|gmbh|ug|ltd|limited|pty ltd|llc|l l c|aps|ltda|s de rl de cv|s de r l de c v',
    'sa': 'sa|s a|sau|s a u|sal|sociedad anonima|sociedad anonima unipersonal|sas|spa|s p a|ag|nv'
    '|plc|inc|incorporated|corp|corporation|oyj|oy|ab|asa|as|a s|sa de cv|s a de c v|sapi de cv',
    'coop': 's coop|scoop|soc coop|sociedad cooperativa|scl|sccl|eg',
    'sc': 'sc|s c|cb|c b|sociedad civil|comunidad de bienes|gbr',
    'kg': 'kg|gmbh co kg|ag co kg|ohg|lp|llp|snc|scs',
    'other': 'co|company|ev|ek',
}
KINDS = {form: kind for kind, forms in LEGAL_FORMS.items() for form in forms.split('|')}
# The same words and expressions for Python and for PostgreSQL.
AND_WORDS = ' (y|e|i|and|und|et) '
FORM_AT_END = f'( ({"|".join(sorted(KINDS, key=len, reverse=True))}))+ *$'
DROPPED = "[.'`´’]"  # noqa: RUF001


class Company(NamedTuple):
    """What tells a company: an id of 0 is one that is looked for."""

    name: str
    tax_number: str = ''
    country: str = ''
    id: int = 0


class Match(NamedTuple):
    """The company that is meant, or those that may be meant."""

    sure: int | None
    doubtful: list[int]


def get_company_key(name: str) -> str:
    """Return what a company's name has in common with its other spellings, empty if nothing."""
    return re.sub(FORM_AT_END, '', _get_words(name)).strip()


def get_legal_kind(name: str) -> str:
    """Return the kind of the company by the legal form behind its name, empty without one."""
    found = re.search(FORM_AT_END, _get_words(name))
    return KINDS[found.group(2)] if found else ''


def get_tax_keys(tax_number: str, country: str = '') -> list[str]:
    """Return how a tax number may be noted: with and without the code of its country.

    :param country: two letters, where they are known
    """
    key = re.sub('[^A-Z0-9]', '', tax_number.upper())
    if not any(character.isdigit() for character in key):
        return []
    keys = {key}
    prefix = key[:2]
    if prefix.isalpha() and prefix == (country.upper() or prefix) and len(key) > 8:
        keys.add(key[2:])
    elif country:
        keys.add(f'{country.upper()}{key}')
    return sorted(keys)


def find_company(wanted: Company, known: Iterable[Company]) -> Match:
    """Tell which of the companies is meant, or which may be.

    The tax number decides. Without it the name does, unless the legal form, the country or the
    tax number speaks against it; where several are left, all of them are doubtful.
    """
    known = list(known)
    numbered = [company for company in known if _have_same_number(wanted, company)]
    key = get_company_key(wanted.name)
    named = [c for c in numbered or known if key and get_company_key(c.name) == key]
    agreeing = [company for company in named if not _is_contradicted(wanted, company)]
    for companies in (numbered, agreeing):
        if len(companies) == 1:
            return Match(companies[0].id, [])
    return Match(None, [company.id for company in numbered or agreeing or named])


def _get_words(name: str) -> str:
    plain = name.translate(str.maketrans(ACCENTED, PLAIN)).lower().replace('ß', 'ss')
    words = re.sub(r'[\W_]+', ' ', re.sub(DROPPED, '', plain))
    return re.sub(AND_WORDS, ' ', f' {words.strip()} ')


def _have_same_number(one: Company, other: Company) -> bool:
    keys = get_tax_keys(one.tax_number, one.country or other.country)
    return not set(keys).isdisjoint(get_tax_keys(other.tax_number, other.country or one.country))


def _is_contradicted(wanted: Company, known: Company) -> bool:
    facts = (
        (get_legal_kind(wanted.name), get_legal_kind(known.name)),
        (wanted.country, known.country),
    )
    if any(ours and theirs and ours != theirs for ours, theirs in facts):
        return True
    both = wanted.tax_number and known.tax_number
    return bool(both) and not _have_same_number(wanted, known)
