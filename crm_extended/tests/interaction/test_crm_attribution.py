from datetime import timedelta

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import NOW, CrmExtendedCase


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestCrmAttribution(CrmExtendedCase):
    """Whose is what was won: the first channel's, the last one's, or that of all alike."""

    def _won(self, revenue, **values):
        lead = self._new_lead(
            type='opportunity', expected_revenue=revenue, company_id=self.env.company.id, **values
        )
        lead.action_set_won()
        lead.date_closed = NOW
        return lead

    def _call(self, days):
        self._new_call(partner_id=self.contact.id, state='held', date=NOW + timedelta(days=days))

    def _sums(self, leads, user=None):
        self.env.invalidate_all()
        groups = (
            self.env['crm.attribution.report']
            .with_user(user or self.manager)
            ._read_group(
                [('lead_id', 'in', leads.ids)],
                ['medium_id'],
                ['first_amount:sum', 'last_amount:sum', 'even_amount:sum'],
            )
        )
        return {medium.id: tuple(sums) for medium, *sums in groups}

    def test_channels_share_what_was_won(self):
        phone = self.env.ref('utm.utm_medium_phone').id
        website = self.env.ref('utm.utm_medium_website').id
        lead = self._won(900.0, partner_id=self.company.id, medium_id=website)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                'UPDATE crm_lead SET create_date = %s WHERE id = %s',
                NOW - timedelta(days=30),
                lead.id,
            )
        )
        self._call(-20)
        self._call(-1)
        self._call(2)
        lone = self._won(50.0)
        self.assertEqual(
            self._sums(lead | lone),
            {
                website: (900.0, 0.0, 300.0),
                phone: (0.0, 900.0, 600.0),
                False: (50.0, 50.0, 50.0),
            },
        )

    def test_contacts_count_that_the_user_may_read(self):
        lead = self._won(100.0, partner_id=self.company.id)
        self._new_call(
            self.manager, partner_id=self.contact.id, state='held', date=NOW - timedelta(days=3)
        )
        phone = self.env.ref('utm.utm_medium_phone').id
        self.assertEqual(set(self._sums(lead)), {phone})
        self.assertEqual(set(self._sums(lead, self.salesman)), {False})
        self.assertFalse(self._sums(lead, self.colleague))
