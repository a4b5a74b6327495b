from contextlib import closing

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged('post_install', '-at_install')
class TestCrmCallConcurrency(BaseCase):
    """Two people click at the same moment: real transactions, one after the other."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.call_id = env['crm.call'].create({'name': 'Two clicks at once'}).id
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            call = api.Environment(cr, SUPERUSER_ID, {})['crm.call'].browse(self.call_id)
            lead = call.lead_id
            call.unlink()
            lead.unlink()

    def _click(self, cr):
        call = api.Environment(cr, SUPERUSER_ID, {})['crm.call'].browse(self.call_id)
        return call.action_create_opportunity()['res_id']

    def test_two_clicks_make_one_opportunity(self):
        with closing(self.registry.cursor()) as first, closing(self.registry.cursor()) as second:
            second.execute('SELECT 1')  # the second has begun before the first has ended
            lead_id = self._click(first)
            first.commit()
            with mute_logger('odoo.sql_db'), self.assertRaises(SerializationFailure):
                self._click(second)
            second.rollback()
            self.assertEqual(self._click(second), lead_id, 'tried again, as the server does')
        with self.registry.cursor() as cr:
            cr.execute("SELECT COUNT(*) FROM crm_lead WHERE name = 'Two clicks at once'")
            self.assertEqual(cr.fetchone(), (1,))
