"""A new call is left: what was typed is kept, and what nobody typed is not. In the browser."""

import pytest

from odoo.tests import tagged

from .common import JourneyCase


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestLeaving(JourneyCase):
    def _leave(self, tour):
        seller = self.sellers['en_US']
        self.start_tour('/odoo/crm-calls/new', tour, login=seller.login)
        return self.env['crm.call'].search([('user_id', '=', seller.id)])

    def test_untouched_call_is_not_saved(self):
        self.assertFalse(self._leave('crm_extended_leave_untouched'))

    def test_typed_call_is_saved(self):
        self.assertEqual(self._leave('crm_extended_leave_typed').name, 'Ask about the lift')
