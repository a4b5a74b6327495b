"""The pictures: there, in both languages, of the right size, and shown somewhere."""

import ast
import re

import pytest
from PIL import Image

from dev import paths
from dev.pictures import PICTURES
from dev.pictures.files import FOLDER, get_path
from dev.pictures.store import BANNER_SIZE, ICON_SIZE, PAGES, get_copies, get_folder
from dev.pictures.table import LANGUAGES

MOST_BYTES = 80 * 1024
SHOWN = re.compile(r'images/(?:(en|es)/)?([a-z_0-9]+)\.png')
SOURCE = re.compile(r'src="([^"]+)"')
EVERY_ADDON = pytest.mark.parametrize('addon', PAGES)


def get_texts():
    """Return the pages of the manual and the READMEs."""
    manual = (paths.ROOT / 'docs').rglob('*.md')
    return [*manual, *paths.ROOT.glob('README*.md'), *paths.ROOT.glob('crm_*/README*.md')]


def get_pictures_of_the_store():
    return {name for page in PAGES.values() for name in page.pictures}


def test_names_are_told_once():
    names = [picture.name for picture in PICTURES]
    assert len(names) == len(set(names)) > 20


@pytest.mark.parametrize('language', LANGUAGES)
def test_the_folder_holds_exactly_the_pictures_of_the_table(language):
    found = {path.stem for path in (FOLDER / language).iterdir()}
    assert found == {picture.name for picture in PICTURES}, 'run make pictures'


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('picture', PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_as_large_as_its_screen_and_light(picture, language):
    path = get_path(language, picture.name)
    assert Image.open(path).size == picture.size
    assert path.stat().st_size <= MOST_BYTES


def test_every_picture_is_shown_and_every_shown_one_is_there():
    shown = {
        name
        for text in get_texts()
        for _language, name in SHOWN.findall(text.read_text(encoding='utf-8'))
    }
    names = {picture.name for picture in PICTURES}
    assert shown <= names
    assert names <= shown | get_pictures_of_the_store()


@EVERY_ADDON
def test_a_store_page_shows_what_is_beside_it(addon):
    folder = get_folder(addon)
    page = (folder / 'index.html').read_text(encoding='utf-8')
    manifest = ast.literal_eval((folder.parent.parent / '__manifest__.py').read_text())
    images = [image.removeprefix('static/description/') for image in manifest['images']]
    beside = {path.name for path in folder.glob('*.png')}
    assert images[0] == 'banner.png'
    assert set(SOURCE.findall(page)) | set(images) | {'icon.png'} == beside
    for language in LANGUAGES:
        assert f'lang="{language}"' in page
        for picture, copy in get_copies(addon, language).items():
            assert copy.read_bytes() == picture.read_bytes(), 'run make pictures'


@EVERY_ADDON
def test_icon_and_banner_have_the_sizes_of_the_store(addon):
    folder = get_folder(addon)
    assert Image.open(folder / 'icon.png').size == ICON_SIZE
    assert Image.open(folder / 'banner.png').size == BANNER_SIZE
    assert 'viewBox="0 0 50 50"' in (folder / 'icon.svg').read_text()
