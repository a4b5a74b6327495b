"""The manual says the same in both languages, and calls things what the screen calls them."""

import re

from dev import manual as site
from dev.__main__ import COMMANDS
from tests import manual
from tests.suite import ADDONS, ROOT

LONGEST_PAGE = 120
PICTURES = re.compile(r'images/(\w+)/([\w-]+\.png)')
LINK = re.compile(r'\]\((\.\./docs/[^)#]+)')
ROUTE = re.compile(r"'(/[^'\s]+)'")
ADDRESS = re.compile(r'`(?:GET |POST )?(/[a-z][^\s`]*)`')
MAKE = re.compile(r'`make ([a-z]+)')
# What stands for something in an address: <token>, <string:token>
PLACE = re.compile(r'<[^>]*>')
ENGLISH, SPANISH = map(manual.get_pages, manual.LANGUAGES)
TEXTS = {f'en/{page}': text for page, text in ENGLISH.items()}
TEXTS |= {f'es/{page}': text for page, text in SPANISH.items()}


def test_both_languages_have_the_same_pages():
    assert sorted(ENGLISH) == sorted(SPANISH)
    assert manual.LANGUAGES == site.LANGUAGES
    assert 'index.md' in ENGLISH


def test_a_page_has_the_same_headings_in_both_languages():
    assert get_levels(ENGLISH) == get_levels(SPANISH)


def get_levels(pages):
    return {page: manual.get_levels(text) for page, text in pages.items()}


def test_a_page_has_the_same_pictures_in_both_languages():
    assert get_pictures(ENGLISH) == get_pictures(SPANISH)


def get_pictures(pages):
    return {
        page: [name for _folder, name in PICTURES.findall(text)] for page, text in pages.items()
    }


def test_a_picture_is_in_the_language_of_its_page_and_says_what_it_shows():
    for language, pages in (('en', ENGLISH), ('es', SPANISH)):
        pictures = [shown for text in pages.values() for shown in manual.get_pictures(text)]
        assert [path for title, path in pictures if not title] == []
        assert [path for _, path in pictures if f'images/{language}/' not in path] == []


def test_a_page_is_short():
    lengths = {page: len(manual.FENCE.sub('', text).splitlines()) for page, text in TEXTS.items()}
    assert [page for page, length in lengths.items() if length > LONGEST_PAGE] == []


def test_a_label_is_what_the_screen_says_in_either_language():
    faults = {page: get_odd_labels(ENGLISH[page], SPANISH[page]) for page in ENGLISH}
    assert {page: odd for page, odd in faults.items() if odd} == {}


def get_odd_labels(english_text, spanish_text):
    """Return labels of either page that no screen has, or that the other page does not name."""
    spanish = manual.get_spanish()
    english_labels = set(manual.get_labels(english_text))
    spanish_labels = set(manual.get_labels(spanish_text))
    said = {label: spanish.get(label, set()) & spanish_labels for label in english_labels}
    untold = {label for label, words in said.items() if not words}
    return untold | (spanish_labels - set().union(*said.values()))


def test_a_label_that_no_screen_has_is_found():
    assert get_odd_labels('{guilabel}`Log Call`', '{guilabel}`Registrar llamada`') == set()
    assert get_odd_labels('{guilabel}`Log\nCall`', '{guilabel}`Apuntar`') == {'Log Call', 'Apuntar'}


def test_an_address_is_one_that_the_addons_answer():
    routes = {
        PLACE.sub('<>', route)
        for addon in ADDONS
        for path in (ROOT / addon / 'controllers').rglob('*.py')
        for route in ROUTE.findall(path.read_text(encoding='utf-8'))
    }
    named = {PLACE.sub('<>', found) for text in TEXTS.values() for found in ADDRESS.findall(text)}
    assert '/crm/capture/<>' in named
    assert named - routes == set()


def test_a_command_is_one_that_make_knows():
    named = {command for text in TEXTS.values() for command in MAKE.findall(text)}
    assert 'serve' in named
    assert named - set(COMMANDS) == set()


def test_readmes_lead_to_pages_that_are_there():
    targets = [
        ROOT / addon / target
        for addon in ADDONS
        for target in LINK.findall((ROOT / addon / 'README.md').read_text(encoding='utf-8'))
    ]
    assert targets
    assert [path for path in targets if not path.exists()] == []
