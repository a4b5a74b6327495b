from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestCrmHealth(ServiceCommon):
    def _find(self, key):
        return self.env['crm.health']._look().line_ids.filtered(lambda line: line.key == key)

    def test_mail_set_aside_is_told_until_somebody_looked(self):
        before = self._find('mail.aside').count
        mail = self.env['service.mail'].sudo().create({'subject': 'Hello', 'reason': 'spam'})
        line = self._find('mail.aside')
        self.assertEqual((line.state, line.count, line.can_open), ('look', before + 1, True))
        mail.unlink()
        self.assertEqual(self._find('mail.aside').count, before)

    def test_deadline_that_nobody_was_told_of_is_told(self):
        before = self._find('sla.late').count
        clock = self.env['service.sla.clock'].search([('notice_at', '=', False)], limit=1)
        clock.sudo().notice_at = fields.Datetime.now() - timedelta(hours=4)
        line = self._find('sla.late')
        self.assertEqual((line.state, line.count), ('act', before + 1))
        clock.sudo().notice_at = False
        self.assertEqual(self._find('sla.late').count, before)

    def test_jobs_of_the_addon_are_looked_at(self):
        self.assertEqual(len(self._find('job.crm_claims.ir_cron_service_sla')), 1)
