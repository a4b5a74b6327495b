"""The demo company, as far as it can be looked at without letting it work."""

import ast

import pytest

from odoo.addons.crm_suite_demo.story import contracts, marketing, people, portal, tickets
from odoo.addons.crm_suite_demo.words import en, es

from dev import paths, server

FOLDER = paths.ADDONS / paths.DEMO_NAME
TEXTS = sorted(name for name in vars(en) if name.isupper())


def get_shape(value):
    """Return how a text is built: the same in each language, but for the number of words."""
    if isinstance(value, dict):
        return {key: get_shape(one) for key, one in value.items()}
    return type(value).__name__


def test_it_is_no_part_of_the_product():
    manifest = ast.literal_eval((FOLDER / '__manifest__.py').read_text(encoding='utf-8'))
    assert paths.DEMO_NAME not in paths.ADDON_NAMES
    assert not manifest.get('auto_install')
    assert {'crm_claims', 'crm_contracts', 'crm_segmentation'} <= set(manifest['depends'])


@pytest.mark.parametrize('name', TEXTS)
def test_both_languages_say_the_same(name):
    english, spanish = getattr(en, name), getattr(es, name)
    assert get_shape(english) == get_shape(spanish)
    if not isinstance(english, str):
        assert len(english) == len(spanish)


def test_what_is_told_has_words():
    for words in (en, es):
        assert {deal[1] for deal in contracts.DEALS} <= set(words.CONTRACTS)
        assert {deal[4] for deal in contracts.DEALS} > {'grows', 'lost', 'held', 'used_up'}
        assert set(marketing.CAMPAIGNS) == set(words.CAMPAIGNS)
        assert {one[1] for one in words.TICKETS} <= set(words.CATEGORIES)
        assert {one[1] for one in words.INQUIRIES} <= set(words.PRODUCTS)
        assert set(tickets.RATINGS) == set(words.OPINIONS)
        assert set(words.PEOPLE) == {*people.ROLES, 'admin', portal.LOGIN}


def test_a_conversation_ends_with_an_answer_of_ours():
    assert {len(one) % 2 for words in (en, es) for one in words.TICKETS} == {0}


def test_who_can_log_in_is_said_where_the_address_is():
    assert set(server.ROLES) == {*people.ROLES, portal.LOGIN}
    told = server._tell_roles()
    assert all(login in told for login in server.ROLES)
    assert max(map(len, told.splitlines())) <= 100
