from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .mailing import SegmentMailingCase


@tagged('post_install', '-at_install')
class TestSegmentMailingChanges(SegmentMailingCase):
    """A list has the members, whatever happens to them, to it, or to their segment."""

    def _as_segment(self, *partners, mailing_list=None):
        """Assert that the list has the addresses of these contacts, and no other."""
        self._run_effects()
        addresses = sorted(partner.email_normalized for partner in partners)
        self.assertEqual(self._get_addresses(mailing_list), addresses)

    def test_list_that_is_chosen_later_gets_the_members_of_today(self):
        self.segment.mailing_list_id = False
        self._apply()
        self._as_segment()
        self.segment.mailing_list_id = self.list.id
        self._as_segment(self.alba, self.brisa)
        other = self.env['mailing.list'].create({'name': 'Other news'})
        self.segment.mailing_list_id = other.id
        self._as_segment()
        self._as_segment(self.alba, self.brisa, mailing_list=other)
        self.segment.mailing_list_id = False
        self._as_segment(mailing_list=other)

    def test_address_that_comes_or_changes_is_followed(self):
        self.brisa.email = False
        self._apply()
        self._as_segment(self.alba)
        self.brisa.email = 'late@example.com'
        self.alba.email = 'new@alba.example'
        self._as_segment(self.alba, self.brisa)
        self.brisa.email = False
        self._as_segment(self.alba)

    def test_archived_segment_fills_no_list_until_it_is_back(self):
        self._apply()
        self.segment.action_archive()
        self._as_segment()
        self.segment.action_unarchive()
        self._as_segment(self.alba, self.brisa)

    def test_deleted_segment_and_contact_leave_nobody_on_the_list(self):
        by_hand = self._subscribe_by_hand('brisa@example.com')
        self._apply()
        self.alba.unlink()
        self.assertEqual(self.list.subscription_ids, by_hand)
        self.cierzo.ref = 'SEG-ES'
        self._apply()
        again = self._create_marketing_segment(name='Again')
        again.action_apply()
        self._as_segment(self.brisa, self.cierzo)
        again.unlink()
        self._as_segment(self.brisa, self.cierzo)
        self.segment.unlink()
        self.assertEqual(self.list.subscription_ids, by_hand)
        again = self._create_marketing_segment(name='Made again')
        again.action_apply()
        self._as_segment(self.brisa, self.cierzo)

    def test_merged_addresses_leave_one_on_the_list(self):
        self._apply()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.alba | self.brisa).ids, self.brisa
        )
        self._as_segment(self.brisa)

    def test_no_is_no_whatever_changes(self):
        """Brisa unsubscribed, Cierzo is on the blacklist: no change subscribes them again."""
        self.cierzo.ref = 'SEG-ES'
        blocked = self.env['mail.blacklist'].create({'email': self.cierzo.email})
        self._apply()
        self.list._update_subscription_from_email('brisa@example.com', opt_out=True)
        self.segment.mailing_list_id = False
        self._run_effects()
        self.segment.mailing_list_id = self.list.id
        self._run_effects()
        self.segment.action_archive()
        self._run_effects()
        self.segment.action_unarchive()
        self._run_effects()
        refused = self.list.subscription_ids.filtered('opt_out')
        self.assertEqual(refused.contact_id.email_normalized, 'brisa@example.com')
        self.assertEqual(
            (self.list.subscription_ids - refused).contact_id.email_normalized, 'hello@alba.example'
        )
        blocked.active = False
        self._run_effects()
        self.assertIn('cierzo@example.com', self._get_addresses())

    def test_who_unsubscribed_stays_so_with_a_new_address(self):
        self._apply()
        self.list._update_subscription_from_email('brisa@example.com', opt_out=True)
        self.brisa.email = 'brisa@new.example'
        self._apply()
        self.assertNotIn('brisa@new.example', self._get_addresses())

    def test_members_of_today_get_the_salesperson_only_on_request(self):
        self._apply()
        self.segment.enter_user_id = self.salesman
        self._apply()
        self.assertFalse(self.alba.user_id)
        with self.assertRaises(AccessError):
            self.segment.with_user(self.salesman).action_enter_members()
        self.segment.action_enter_members()
        self._run_effects()
        self.assertEqual((self.alba | self.brisa).user_id, self.salesman)
        self.assertEqual(self._get_addresses(), ['brisa@example.com', 'hello@alba.example'])
        self.segment.write({'enter_user_id': False, 'mailing_list_id': False})
        with self.assertRaisesRegex(UserError, 'nothing to do'):
            self.segment.action_enter_members()
