from datetime import datetime

from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common import NOW, CrmExtendedCase


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCallsInTheDigest(CrmExtendedCase):
    """The calls held in Odoo's periodic mail: of the last day, week and month."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env['digest.digest'].create({'name': 'Mine', 'kpi_crm_calls_held': True})
        cls.env['crm.call'].search([]).unlink()
        cls.env['crm.call'].create(
            [
                cls._prepare_call(datetime(2026, 3, 10, 16, 0)),
                cls._prepare_call(datetime(2026, 3, 6, 8, 0), company_id=False),
                cls._prepare_call(datetime(2026, 3, 6, 8, 0), state='not_held'),
                cls._prepare_call(datetime(2026, 2, 20, 8, 0)),
                cls._prepare_call(datetime(2026, 2, 20, 8, 0), user_id=cls.colleague.id),
            ]
        )

    @classmethod
    def _prepare_call(cls, date, **values):
        own = {'name': 'Call', 'partner_id': cls.contact.id, 'user_id': cls.salesman.id}
        return {**own, 'state': 'held', 'date': date, **values}

    def get_kpis(self, user):
        kpis = self.digest._compute_kpis(self.env.company, user)
        return {
            kpi['kpi_name']: [kpi[f'kpi_col{number}']['value'] for number in (1, 2, 3)]
            for kpi in kpis
        }

    def test_each_reader_counts_the_calls_that_they_may_read(self):
        self.assertEqual(self.get_kpis(self.salesman), {'kpi_crm_calls_held': [1, 2, 3]})
        self.assertEqual(self.get_kpis(self.coordinator), {'kpi_crm_calls_held': [1, 2, 4]})
        self.assertEqual(self.get_kpis(self.outsider), {})

    def test_calls_of_another_company_are_left_out(self):
        other = self.env['res.company'].create({'name': 'Other'})
        theirs = {'company_id': other.id, 'user_id': False}
        self.env['crm.call'].create(self._prepare_call(datetime(2026, 3, 10, 16, 0), **theirs))
        self.assertEqual(self.get_kpis(self.coordinator), {'kpi_crm_calls_held': [1, 2, 4]})

    def test_the_mail_of_everybody_has_them_and_leads_to_them(self):
        digest = self.env.ref('digest.digest_digest_default')
        self.assertTrue(digest.kpi_crm_calls_held)
        self.digest.user_ids = [Command.set(self.salesman.ids)]
        self.digest._action_send_to_user(self.salesman)
        mail = self.env['mail.mail'].search(
            [('email_to', '=', self.salesman.email_formatted)], order='id desc', limit=1
        )
        self.assertIn('Calls Held', mail.body_html)
        self.assertIn('crm_extended.crm_call_action_report', mail.body_html)
