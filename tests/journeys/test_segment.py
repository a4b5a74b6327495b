"""A manager takes a ready-made segment, looks at it, applies it and asks why somebody is in."""

import pytest

from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone


class SegmentCase(HttpCase):
    def walk(self, language):
        self.env['res.lang']._activate_lang(language)
        manager = new_test_user(
            self.env,
            login='segment_manager',
            name='Marta Gil',
            groups='sales_team.group_sale_manager',
            lang=language,
            tz='Europe/Madrid',
        )
        self.env.cr.execute("UPDATE res_partner SET create_date = create_date - interval '2 years'")
        customer = self.env['res.partner'].create({'name': 'Quinta del Sol', 'is_company': True})
        short = language.partition('_')[0]
        self.start_tour(
            '/odoo/crm-segment-templates', f'crm_segmentation_segment_{short}', login=manager.login
        )
        segment = customer.with_user(manager).crm_segment_ids
        self.assertEqual(segment.author_id, manager)
        self.assertEqual(customer.category_id, segment.category_id)


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestSegmentJourney(SegmentCase):
    def test_segment_is_made_previewed_applied_and_explained(self):
        self.walk('en_US')


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestSegmentJourneyOnAPhone(OnAPhone, SegmentCase):
    def test_segment_is_made_previewed_applied_and_explained_in_spanish(self):
        self.walk('es_ES')
