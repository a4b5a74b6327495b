from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import NOW, CrmExtendedCase


@freeze_time(NOW)
@tagged('post_install', '-at_install')
class TestCustomerFacts(CrmExtendedCase):
    """The customer in one line: each fact with its colour and what it opens."""

    def _facts(self, partner=None, user=None):
        partner = (partner or self.company).with_user(user or self.salesman)
        return {
            fact['name']: (fact['label'], fact['value'], fact['color'])
            for fact in partner.action_tell_crm_facts()
        }

    def _hold(self, when, **values):
        return self._new_call(partner_id=self.contact.id, state='held', date=when, **values)

    def test_nobody_spoke_with_the_customer_and_nothing_is_planned(self):
        self.assertEqual(
            self._facts(),
            {
                'contact': ('Last contact', 'None yet', 'secondary'),
                'step': ('Next step', 'None planned', 'warning'),
            },
        )
        action = self.company.with_user(self.salesman).action_open_crm_next_step()
        self.assertEqual(action['res_model'], 'crm.call')

    def test_last_contact_says_how_long_ago_and_by_whom(self):
        self._hold(NOW - timedelta(days=120))
        self.assertEqual(
            self._facts()['contact'], ('Last contact', '4 months ago · Salesman', 'warning')
        )
        self._hold(NOW - timedelta(days=3))
        self.assertEqual(
            self._facts()['contact'], ('Last contact', '3 days ago · Salesman', 'success')
        )
        self._new_call(partner_id=self.contact.id, state='not_held', date=NOW)
        self._new_call(partner_id=self.contact.id, date=NOW - timedelta(hours=1))
        self.assertEqual(self._facts()['contact'][1], '3 days ago · Salesman')
        company = self.company.with_context(lang='es_ES')
        self.assertEqual(self._facts(company)['contact'][1], 'hace 3 días · Salesman')

    def test_days_are_those_of_the_user(self):
        self._hold(datetime(2026, 3, 10, 23, 30))
        self.assertEqual(self._facts()['contact'][1], 'today · Salesman')
        company = self.company.with_context(tz='UTC')
        self.assertEqual(self._facts(company)['contact'][1], '1 day ago · Salesman')

    def test_next_step_is_the_first_planned_and_red_when_overdue(self):
        self._new_call(partner_id=self.contact.id, name='Later', date=NOW + timedelta(days=9))
        sooner = self._new_call(
            partner_id=self.company.id, name='Sooner', date=NOW + timedelta(days=2)
        )
        self.assertEqual(self._facts()['step'], ('Next step', 'Sooner · in 2 days', 'info'))
        action = self.company.with_user(self.salesman).action_open_crm_next_step()
        self.assertEqual((action['res_model'], action['res_id']), ('crm.call', sooner.id))
        with freeze_time(NOW + timedelta(days=3)):
            self.env.invalidate_all()
            self.assertEqual(self._facts()['step'], ('Next step', 'Sooner · 1 day ago', 'danger'))

    def test_open_opportunities_are_summed(self):
        for name, revenue in (('One', 1000.0), ('Two', 500.0), ('Lost', 7000.0)):
            self._new_lead(
                name=name,
                type='opportunity',
                partner_id=self.contact.id,
                expected_revenue=revenue,
                team_id=self.team.id,
            )
        self.env['crm.lead'].search([('name', '=', 'Lost')]).action_set_lost()
        label, value, color = self._facts()['pipeline']
        self.assertEqual((label, color), ('Open opportunities', 'info'))
        self.assertTrue(value.startswith('2 · '))
        self.assertIn('1,500.00', value)
        action = self.company.with_user(self.salesman).action_view_crm_open_opportunities()
        opened = self.env['crm.lead'].search(action['domain'])
        self.assertEqual(sorted(opened.mapped('name')), ['One', 'Two'])

    def test_what_the_user_may_not_read_is_not_told(self):
        self._hold(NOW - timedelta(days=3), user=self.manager)
        self._new_lead(type='opportunity', partner_id=self.contact.id, expected_revenue=10.0)
        own = self._facts(user=self.colleague)
        self.assertEqual(own['contact'][1], 'None yet')
        self.assertNotIn('pipeline', own)
        self.assertIn('pipeline', self._facts(user=self.coordinator))
        self.assertNotIn('contact', self._facts(user=self.outsider))
        with self.assertRaises(AccessError):
            self._facts(user=self.portal)

    def test_every_fact_opens_something(self):
        self._new_lead(type='opportunity', partner_id=self.contact.id)
        card = self.company.with_user(self.salesman)
        facts = card.action_tell_crm_facts()
        self.assertEqual(len(facts), 3)
        for fact in facts:
            with self.subTest(fact=fact['name']):
                self.assertIn('res_model', getattr(card, fact['action'])())
