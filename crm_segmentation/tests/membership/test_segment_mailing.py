from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .mailing import SegmentMailingCase


@tagged('post_install', '-at_install')
class TestSegmentMailing(SegmentMailingCase):
    # === ENTERING === #

    def test_who_enters_is_subscribed_once(self):
        self._apply()
        self.assertEqual(self._get_addresses(), ['brisa@example.com', 'hello@alba.example'])
        contact = self.list.contact_ids.filtered(lambda row: 'alba' in row.email)
        self.assertEqual(contact.name, 'Alba')
        self._apply()
        self.assertEqual(len(self.list.contact_ids), 2)

    def test_known_address_is_subscribed_and_not_created_again(self):
        contact = self.env['mailing.contact'].create({'name': 'B', 'email': 'BRISA@example.com'})
        self._apply()
        self.assertEqual(contact.list_ids, self.list)
        self.assertEqual(len(self.list.contact_ids), 2)

    def test_two_contacts_with_one_address_are_one_subscription(self):
        self.brisa.email = 'hello@alba.example'
        self._apply()
        self.assertEqual(self._get_addresses(), ['hello@alba.example'])
        self.alba.ref = 'SEG-FR'
        self._apply()
        self.assertEqual(self._get_addresses(), ['hello@alba.example'], 'Brisa still wants it')
        self.brisa.ref = 'SEG-FR'
        self._apply()
        self.assertFalse(self._get_addresses())

    def test_who_has_no_address_is_skipped_and_said_so(self):
        self.segment.scope = 'both'
        self._apply()
        self.assertEqual(len(self.list.contact_ids), 2)
        self.assertFalse(self.segment.effect_error)
        self.assertEqual(self.segment.mailing_skipped_count, 1)
        action = self.segment.action_view_mailing_skipped()
        partners = self.env['res.partner'].with_context(**action['context'])
        self.assertEqual(partners.search(action['domain']), self.duna)

    def test_who_unsubscribed_or_is_blocked_is_left_alone(self):
        refused = self._subscribe_by_hand('brisa@example.com', opt_out=True)
        self.env['mail.blacklist'].create({'email': 'hello@alba.example'})
        self._apply()
        self.assertEqual(self.list.subscription_ids, refused)
        self.assertTrue(refused.opt_out)
        (self.alba | self.brisa).ref = 'SEG-FR'
        self._apply()
        self.assertEqual(self.list.subscription_ids, refused)
        self.assertTrue(refused.opt_out)

    # === LEAVING === #

    def test_who_leaves_is_taken_off_the_list(self):
        self._apply()
        self.alba.ref = 'SEG-FR'
        self._apply()
        self.assertEqual(self._get_addresses(), ['brisa@example.com'])
        self.alba.ref = 'SEG-ES'
        self._apply()
        self.assertEqual(self._get_addresses(), ['brisa@example.com', 'hello@alba.example'])

    def test_subscription_made_by_hand_stays(self):
        by_hand = self._subscribe_by_hand('brisa@example.com')
        self._apply()
        (self.alba | self.brisa).ref = 'SEG-FR'
        self._apply()
        self.assertEqual(self.list.subscription_ids, by_hand)

    def test_who_unsubscribed_meanwhile_never_comes_back(self):
        self._apply()
        self.list._update_subscription_from_email('brisa@example.com', opt_out=True)
        for ref in ('SEG-FR', 'SEG-ES'):
            self.brisa.ref = ref
            self._apply()
        subscription = self.list.subscription_ids.filtered('opt_out')
        self.assertEqual(subscription.contact_id.email_normalized, 'brisa@example.com')
        self.assertEqual(len(self.list.subscription_ids), 2)

    def test_subscription_goes_with_the_last_segment_that_wants_it(self):
        other = self._create_marketing_segment(name='All', domain="[('ref', '=like', 'SEG-%')]")
        self._apply()
        self._apply(other)
        self.alba.ref = 'SEG-FR'
        self._apply(self.segment | other)
        self.assertIn('hello@alba.example', self._get_addresses())
        self.alba.ref = 'ELSEWHERE'
        self._apply(self.segment | other)
        self.assertEqual(self._get_addresses(), ['brisa@example.com', 'cierzo@example.com'])

    def test_another_list_takes_the_members_from_the_old_one(self):
        self._apply()
        other = self.env['mailing.list'].create({'name': 'Other news'})
        self.segment.mailing_list_id = other.id
        self.cierzo.ref, self.alba.ref = 'SEG-ES', 'SEG-FR'
        self._apply()
        self.assertFalse(self._get_addresses())
        self.assertEqual(self._get_addresses(other), ['brisa@example.com', 'cierzo@example.com'])

    def test_merged_contact_leaves_the_list_with_the_segment(self):
        self._apply()
        self.env['base.partner.merge.automatic.wizard']._merge(
            (self.alba | self.duna).ids, self.duna
        )
        self.duna.ref = 'SEG-FR'
        self._apply()
        self.assertEqual(self._get_addresses(), ['brisa@example.com'])

    # === ALL OR NOTHING === #

    def test_killed_before_its_commit_a_subscription_is_made_again(self):
        self.segment.action_apply()
        segment = self.segment.sudo()
        with self.assertRaises(KeyboardInterrupt), self.cr.savepoint():
            segment._run_effects('enter', segment.membership_ids)
            self.assertTrue(self.list.contact_ids)
            raise KeyboardInterrupt
        self.env.invalidate_all()
        self.assertFalse(self.list.subscription_ids)
        self._run_effects()
        self.assertEqual(len(self.list.subscription_ids), 2)

    def test_deleted_list_stops_nobody(self):
        self.segment.enter_user_id = self.salesman
        self.segment.action_apply()
        self.list.unlink()
        self._run_effects()
        self.assertFalse(self.segment.effect_error)
        self.assertEqual(self.alba.user_id, self.salesman)

    def test_without_the_models_the_id_means_nothing(self):
        """As after Email Marketing was uninstalled: the database has emptied the links."""
        self._apply()
        self.env.flush_all()
        self.cr.execute('UPDATE crm_segment SET mailing_model_id = NULL')
        self.cr.execute('UPDATE crm_segment_membership SET subscription_model_id = NULL')
        self.env.invalidate_all()
        self.assertFalse(self.segment.sudo()._has_effects('enter'))
        self.cierzo.ref, self.alba.ref = 'SEG-ES', 'SEG-FR'
        self._apply()
        self.assertFalse(self.segment.effect_error)
        self.assertEqual(self._get_addresses(), ['brisa@example.com', 'hello@alba.example'])

    # === RIGHTS === #

    def test_only_users_of_email_marketing_choose_the_list(self):
        for user in (self.manager, self.salesman):
            segment = self.segment.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    segment.write({'mailing_list_id': self.list.id})
                with self.assertRaises(AccessError), self.cr.savepoint():
                    segment.read(['mailing_list_id'])
                arch = segment.get_view(view_type='form')['arch']
                self.assertNotIn('mailing_list_id', arch)
        self.assertIn(
            'mailing_list_id',
            self.segment.with_user(self.marketer).get_view(view_type='form')['arch'],
        )

    def test_list_that_does_not_exist_is_refused(self):
        with self.assertRaisesRegex(ValidationError, 'Choose another one'), self.cr.savepoint():
            self.segment.mailing_list_id = (
                self.env['mailing.list'].search([], order='id desc')[:1].id + 100
            )

    def test_copy_fills_no_list(self):
        self.assertFalse(self.segment.copy().mailing_list_id)

    def test_many_contacts_take_a_constant_number_of_queries(self):
        self.segment.write({'domain': "[('ref', '=', 'SEG-MANY')]", 'scope': 'both'})

        def count_queries(size, ref):
            partners = self.env['res.partner'].create(
                [
                    {
                        'name': f'Many {number}',
                        'ref': 'SEG-MANY',
                        'email': f'{ref}{number}@x.example',
                    }
                    for number in range(size)
                ]
            )
            self.segment.action_apply()
            counts = [self._count_effect_queries('enter')]
            partners.ref = 'SEG-NONE'
            self.segment.action_apply()
            return [*counts, self._count_effect_queries('leave')]

        count_queries(2, 'warm')
        for few, many in zip(count_queries(5, 'few'), count_queries(50, 'many'), strict=True):
            # One for what Odoo may have dropped from its own cache meanwhile.
            self.assertLessEqual(many, few + 1)

    def _count_effect_queries(self, direction):
        memberships = self.segment.sudo().membership_ids.filtered(f'{direction}_pending')
        self.assertTrue(memberships)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.segment.sudo()._run_effects(direction, memberships)
        self.env.flush_all()
        self.assertFalse(self.segment.effect_error)
        return self.env.cr.sql_log_count - before
