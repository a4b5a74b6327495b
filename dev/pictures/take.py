"""Takes the pictures in the database that it runs in; ``make pictures`` runs it per language."""

import os

from odoo.tests import HttpCase, tagged

from .camera import Camera
from .files import get_path, save
from .store import BANNER_SIZE, ICON_SIZE, PAGES, get_banner, get_copies, get_folder, get_icon
from .table import PICTURES, PLACES

LANGUAGE = os.environ.get('PICTURES_LANGUAGE', 'en')
WANTED = os.environ.get('PICTURES', '').split()


@tagged('post_install', '-at_install')
class TakePictures(HttpCase):
    def setUp(self):
        super().setUp()
        self.camera = Camera(self, *PLACES[LANGUAGE])
        self.addCleanup(self.camera.close)

    def test_screens(self):
        for picture in PICTURES:
            if not WANTED or picture.name in WANTED:
                with self.subTest(picture=picture.name):
                    save(self._take(picture), get_path(LANGUAGE, picture.name))

    def test_store(self):
        for addon in PAGES:
            for source, copy in get_copies(addon, LANGUAGE).items():
                copy.write_bytes(source.read_bytes())
            if LANGUAGE == 'en':
                folder = get_folder(addon)
                save(self._draw(get_icon(addon), ICON_SIZE), folder / 'icon.png')
                save(self._draw(get_banner(addon), BANNER_SIZE), folder / 'banner.png')

    def _take(self, picture):
        """Return a picture; what needs the database comes before the browser shares it."""
        record = self._find(picture) if picture.record else None
        self.camera.show(picture.size)
        self.camera.enter(picture.login)
        with self.allow_requests(browser=self.camera.browser, all_requests=True):
            try:
                return self._go(picture, record)
            finally:
                self.camera.leave()

    def _go(self, picture, record):
        self.camera.open(self.base_url() + picture.get_address(record))
        for selector in picture.clicks:
            self.camera.click(selector)
        if picture.script:
            self.camera.run(picture.script.replace('$ID', str(record)))
        return self.camera.look()

    def _find(self, picture):
        wanted = picture.record
        if wanted.xmlid:
            return self.env.ref(wanted.xmlid).id
        user = self.env['res.users'].search([('login', '=', picture.login)])
        model = self.env[wanted.model].with_user(user)
        record = model.search(list(wanted.domain), order=wanted.order, limit=1)
        self.assertTrue(record, f'{picture.name}: the demo company has no such record')
        return (record[wanted.field] if wanted.field else record).id

    def _draw(self, page, size):
        self.camera.show(size, transparent=True)
        return self.camera.draw(page)
