"""Every picture's screen still opens, for whom it shows: none is a picture of yesterday."""

import re

from odoo.tests import TransactionCase, new_test_user, tagged

from odoo.addons.crm_suite_demo.story.people import ROLES

from dev.pictures import PICTURES
from tests.journeys.screens import FURTHER, MAIN

ACTION = re.compile(r'/action-([\w.]+)')
BUTTON = re.compile(r'button\[name="(\w+)"\]')
PLACE = re.compile(r'<[^>]*>')  # what stands for something in an address
RECORD_ID = 1


@tagged('post_install', '-at_install')
class TestPictures(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            login: new_test_user(cls.env, f'picture_{login}', ','.join(groups))
            for login, (groups, _home) in ROLES.items()
        }

    def test_every_action_opens_for_who_is_shown_it(self):
        opened = 0
        for picture in PICTURES:
            for xmlid in ACTION.findall(picture.get_address(RECORD_ID)):
                with self.subTest(picture=picture.name):
                    self._open(picture, xmlid, self.users[picture.login])
                opened += 1
        self.assertGreater(opened, 20)

    def test_every_screen_without_a_record_is_looked_at_in_the_browser(self):
        shown = {picture.action for picture in PICTURES if not picture.record} - {''}
        self.assertTrue(shown)
        self.assertFalse(shown - {*MAIN, *FURTHER})

    def test_every_record_can_be_looked_for(self):
        looked_for = [picture for picture in PICTURES if picture.record]
        self.assertTrue(looked_for)
        for picture in looked_for:
            record = picture.record
            with self.subTest(picture=picture.name):
                if record.xmlid:
                    self.assertEqual(self.env.ref(record.xmlid)._name, record.model)
                self.env[record.model].search(list(record.domain), order=record.order, limit=1)

    def test_every_address_is_one_that_somebody_answers(self):
        modules = self.env.registry._init_modules
        rules = self.env['ir.http']._generate_routing_rules(modules, None)
        answered = re.compile('|'.join(PLACE.sub('.+', url) for url, _endpoint in rules))
        addresses = [picture for picture in PICTURES if picture.address]
        self.assertTrue(addresses)
        self.assertFalse(answered.fullmatch('/my/pictures/1'))
        for picture in addresses:
            with self.subTest(picture=picture.name):
                path = picture.get_address(RECORD_ID).partition('?')[0]
                self.assertTrue(answered.fullmatch(path), path)

    def _open(self, picture, xmlid, user):
        """Read an action and its views with the rights of a user, and find what is clicked."""
        action = self.env['ir.actions.actions'].with_user(user)._for_xml_id(xmlid)
        if not action.get('res_model'):
            self.assertTrue(action.get('tag') or action.get('state'))
            return
        model = self.env[action['res_model']].with_user(user)
        model.check_access('read')
        views = model.get_views([*action['views'], (False, 'search')])['views']
        arches = ''.join(view['arch'] for view in views.values())
        for name in BUTTON.findall(' '.join(picture.clicks)):
            self.assertIn(f'name="{name}"', arches)
