"""Somebody of marketing writes to a segment: from the form of the mailing to who got it."""

import pytest

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


class MailingCase(HttpCase):
    def walk(self, language):
        if 'mailing.mailing' not in self.env:
            self.skipTest('Email Marketing is not installed')
        self.env['res.lang']._activate_lang(language)
        marketer = new_test_user(
            self.env,
            login='segment_marketer',
            groups='mass_mailing.group_mass_mailing_user,base.group_partner_manager',
            lang=language,
            email='marketing@example.com',
        )
        friends = self.env['res.partner'].create(
            [
                {'name': name, 'email': f'{name.lower()}@example.com'}
                for name in ('Alba', 'Brisa', 'Cierzo')
            ]
        )
        segment = self.env['crm.segment'].create(
            {
                'name': 'Friends of the house',
                'mode': 'manual',
                'include_partner_ids': [Command.set(friends[:2].ids)],
            }
        )
        segment.action_apply()
        short = language.partition('_')[0]
        self.start_tour(
            '/odoo/email-marketing/new',
            f'crm_segmentation_mailing_{short}',
            login=marketer.login,
            timeout=120,
        )
        mailing = self.env['mailing.mailing'].search([('subject', '=', 'Harvest')])
        self.assertEqual(mailing.crm_segment_id, segment)
        # whoever leaves before it is sent gets nothing, whoever enters gets it
        segment.include_partner_ids = friends[1:]
        segment.exclude_partner_ids = friends[0]
        segment.action_apply()
        mailing.action_send_mail()
        traces = mailing.mailing_trace_ids
        self.assertEqual(set(traces.mapped('res_id')), set(friends[1:].ids))
        self.assertEqual(set(traces.mapped('model')), {'res.partner'})
        self.assertEqual(set(traces.mapped('email')), set(friends[1:].mapped('email')))


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestSegmentMailing(MailingCase):
    def test_mailing_goes_from_the_form_to_the_members(self):
        self.walk('en_US')

    def test_mailing_goes_from_the_form_to_the_members_in_spanish(self):
        self.walk('es_ES')
