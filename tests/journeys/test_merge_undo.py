"""Two leads that mean the same business are merged and told apart again, in the browser."""

import pytest

from odoo.tests import tagged

from .common import JourneyCase


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestMergeUndo(JourneyCase):
    def test_merge_is_seen_first_and_undone(self):
        self.walk('en_US')

    def test_merge_is_seen_first_and_undone_in_spanish(self):
        self.walk('es_ES')

    def walk(self, language):
        seller = self.sellers[language]
        first, second = self.env['crm.lead'].create(
            [
                {'name': name, 'referred': referred, 'type': 'lead', 'user_id': seller.id}
                for name, referred in (('Twenty desks', 'Ana'), ('Desks, twenty', 'Luis'))
            ]
        )
        calls = self.env['crm.call'].create(
            [{'lead_id': lead.id, 'user_id': seller.id} for lead in first | second]
        )
        self.start_tour(
            '/odoo/action-crm.crm_lead_all_leads',
            f'crm_extended_merge_undo_{language.partition("_")[0]}',
            login=seller.login,
        )
        self.assertEqual((first | second).mapped('referred'), ['Ana', 'Luis'])
        self.assertEqual(calls.lead_id, first | second)
        self.assertEqual(first.crm_merge_ids.state, 'undone')
