from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..common import CrmExtendedCase

METADATA = {'write_uid', 'write_date'}
QUESTION = 'Any news?'


class CrmLeadMergeCase(CrmExtendedCase):
    """Two leads that mean the same business, with all that may hang on them.

    ``survivor`` wins every merge: it is an opportunity. ``loser`` carries a follower who
    wrote, one who did not, a message, an activity, a done one, an attachment that both
    have, a meeting, a call and tags.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tags = cls.env['crm.tag'].create([{'name': 'Merge A'}, {'name': 'Merge B'}])
        cls.survivor = cls._new_record('Forklifts', cls.tags[0], type='opportunity')
        cls.loser = cls._new_record(
            'Two forklifts',
            cls.tags,
            partner_id=cls.contact.id,
            email_from='lucia@talleres.example.com',
            description='<p>Wants them in May</p>',
            expected_revenue=12345.67,
            referred='Pedro',
            priority='2',
        )
        for name, record in cls._attach_all(cls.loser).items():
            setattr(cls, name, record)
        cls.env.flush_all()

    @classmethod
    def _new_record(cls, name, tags, **values):
        return cls.env['crm.lead'].create(
            {
                'name': name,
                'type': 'lead',
                'user_id': cls.salesman.id,
                'team_id': cls.team.id,
                'tag_ids': [Command.set(tags.ids)],
                **values,
            }
        )

    @classmethod
    def _attach_all(cls, lead):
        lead.message_subscribe((cls.other_customer | cls.company).ids)
        message = lead.message_post(
            body=QUESTION,
            author_id=cls.other_customer.id,
            subject=QUESTION,
        )
        activity = lead.activity_schedule('mail.mail_activity_data_todo', user_id=1)
        attachment, same_named = cls.env['ir.attachment'].create(
            [
                {'name': 'plan.txt', 'raw': text, 'res_model': 'crm.lead', 'res_id': lead_id}
                for text, lead_id in ((b'1', lead.id), (b'2', cls.survivor.id))
            ]
        )
        return {
            'message': message,
            'activity': activity,
            'done_activity': activity.copy({'active': False}),
            'attachment': attachment,
            'same_named': same_named,
            'meeting': cls.env['calendar.event'].create(
                {
                    'name': 'Demonstration',
                    'start': '2026-03-12 09:00:00',
                    'stop': '2026-03-12 10:00:00',
                    'opportunity_id': lead.id,
                }
            ),
            'call': cls.env['crm.call'].create({'lead_id': lead.id, 'name': 'First call'}),
            'external_id': cls.env['ir.model.data'].create(
                {
                    'module': 'crm_extended_test',
                    'name': f'lead_{lead.id}',
                    'model': lead._name,
                    'res_id': lead.id,
                }
            ),
        }

    def _get_state(self, leads):
        """Return every stored value of the leads and of what hangs on them.

        The notes that a merge and its undoing leave on the survivor are not compared.
        """
        self.env.flush_all()
        self.env.invalidate_all()
        snapshot = self.env['crm.merge.snapshot']
        rows = snapshot._take_rows('crm_lead', leads.ids)
        attached = snapshot._take_attached('crm.lead', leads.ids)
        return {
            lead_id: (self._strip(row), self._get_attached_state(attached[lead_id]))
            for lead_id, row in rows.items()
        }

    def _get_attached_state(self, attached):
        notes = self.env.ref('mail.mt_note').id
        return {
            name: sorted(
                (self._strip(row) for row in rows if row.get('subtype_id') != notes),
                key=str,
            )
            for name, rows in attached.items()
            if name != 'crm_lead_merge.lead_id'
        }

    def _strip(self, row):
        return {column: value for column, value in row.items() if column not in METADATA}

    def _get_frequencies(self):
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                'SELECT team_id, variable, value, won_count, lost_count'
                ' FROM crm_lead_scoring_frequency ORDER BY 1, 2, 3'
            )
        )

    def _get_counts(self):
        """Return {what: (how often won, how often lost)}."""
        return {row[:3]: tuple(round(n, 1) for n in row[3:]) for row in self._get_frequencies()}

    def _merge(self, leads, user=None, **options):
        with mute_logger('odoo.models.unlink'):
            return leads.with_user(user or self.salesman).merge_opportunity(**options).sudo()


@tagged('post_install', '-at_install')
class TestCrmLeadMergeUndo(CrmLeadMergeCase):
    def setUp(self):
        super().setUp()
        self.leads = self.survivor | self.loser

    # === BIT FOR BIT === #

    def test_undone_merge_leaves_everything_as_it_was(self):
        self.maxDiff = None
        before = self._get_state(self.leads)
        survivor = self._merge(self.leads)
        self.assertEqual(survivor, self.survivor)
        self.assertFalse(self.loser.exists())
        survivor.with_user(self.salesman).action_undo_merge()
        self.assertEqual(self._get_state(self.leads), before)

    def test_undone_merge_of_five_leaves_everything_as_it_was(self):
        self.maxDiff = None
        more = self.env['crm.lead']
        for index in range(3):
            lead = self._new_record(f'Copy {index}', self.tags[1], city='Zaragoza')
            self._attach_all(lead)
            more |= lead
        before = self._get_state(self.leads | more)
        self._merge(self.leads | more).action_undo_merge()
        self.assertEqual(self._get_state(self.leads | more), before)

    def test_records_that_a_merge_kept_get_their_things_back(self):
        before = self._get_state(self.leads)
        self._merge(self.leads, auto_unlink=False)
        self.assertEqual(self.call.lead_id, self.survivor)
        self.survivor.action_undo_merge()
        self.assertEqual(self._get_state(self.leads), before)

    def test_record_kept_by_the_merge_and_deleted_later_returns(self):
        before = self._get_state(self.leads)
        self._merge(self.leads, auto_unlink=False)
        self.loser.unlink()
        self.survivor.action_undo_merge()
        self.assertEqual(self._get_state(self.leads), before)

    def test_merged_record_returns_under_its_id_and_external_id(self):
        created = self.loser.create_date
        self._merge(self.leads)
        self.assertFalse(self.external_id.exists())
        self.survivor.action_undo_merge()
        self.assertEqual(self.env.ref(self.external_id.complete_name), self.loser)
        self.assertEqual(self.loser.create_date, created)

    def test_everything_follows_the_merge_and_returns_to_its_owner(self):
        self._merge(self.leads)
        moved = (self.message, self.activity, self.done_activity, self.attachment)
        self.assertEqual({record.res_id for record in moved}, {self.survivor.id})
        self.assertEqual(self.attachment.name, 'plan.txt (from Two forklifts)')
        linked = self.call.lead_id | self.meeting.opportunity_id
        self.assertEqual(linked, self.survivor)
        self.assertIn(self.other_customer, self.survivor.message_partner_ids)
        self.survivor.action_undo_merge()
        self.assertEqual({record.res_id for record in moved}, {self.loser.id})
        self.assertEqual(self.attachment.name, 'plan.txt')
        self.assertEqual(self.same_named.res_id, self.survivor.id)
        self.assertEqual(self.message.subject, QUESTION)
        self.assertEqual(self.call.lead_id | self.meeting.opportunity_id, self.loser)
        self.assertNotIn(self.other_customer, self.survivor.message_partner_ids)
        self.assertIn(self.company, self.loser.message_partner_ids)

    def test_scheduled_message_waits_at_the_survivor_and_returns(self):
        scheduled = self.env['mail.scheduled.message'].create(
            {
                'model': 'crm.lead',
                'res_id': self.loser.id,
                'subject': 'Reminder',
                'author_id': self.manager.partner_id.id,
                'scheduled_date': '2999-01-01 08:00:00',
            }
        )
        self._merge(self.leads)
        self.assertEqual(scheduled.res_id, self.survivor.id)
        self.survivor.action_undo_merge()
        self.assertEqual(scheduled.res_id, self.loser.id)

    def test_survivor_says_what_came_back(self):
        self._merge(self.leads).action_undo_merge()
        note = self.survivor.message_ids[0]
        self.assertIn('The merge was undone', note.body)
        self.assertIn(f'data-oe-id="{self.loser.id}"', note.body)

    def test_customer_gets_back_the_address_that_the_merge_overwrote(self):
        self.survivor.write({'email_from': 'office@forklifts.example.com', 'phone': '+34 611'})
        other_lead = self._new_lead(partner_id=self.contact.id)
        before = self._get_state(self.leads | other_lead)
        for auto_unlink in (True, False):
            with self.subTest(auto_unlink=auto_unlink):
                self._merge(self.leads, auto_unlink=auto_unlink)
                self.assertEqual(self.contact.email, 'office@forklifts.example.com')
                self.survivor.action_undo_merge()
                self.assertEqual(self.contact.email, 'lucia@talleres.example.com')
                self.assertEqual(self.contact.phone, '+34 600 111 111')
                self.assertEqual(self._get_state(self.leads | other_lead), before)

    # === AFTER THE MERGE === #

    def test_later_edits_of_the_survivor_stay(self):
        self._merge(self.leads)
        self.survivor.write({'referred': 'Ana', 'expected_revenue': 500, 'probability': 40})
        self.survivor.action_undo_merge()
        self.assertEqual(self.survivor.referred, 'Ana')
        self.assertEqual(self.survivor.expected_revenue, 500)
        self.assertEqual(self.survivor.prorated_revenue, 200)
        self.assertFalse(self.survivor.partner_id)
        self.assertEqual(self.survivor.priority, '0')
        self.assertEqual(self.survivor.tag_ids, self.tags[0])
        self.assertEqual(self.loser.expected_revenue, 12345.67)

    def test_computed_values_follow_what_was_edited_and_what_was_restored(self):
        self._merge(self.leads)
        self.survivor.probability = 40
        self.survivor.action_undo_merge()
        self.assertEqual(self.survivor.expected_revenue, 0)
        self.assertEqual(self.survivor.prorated_revenue, 0)

    def test_what_was_attached_later_stays_with_the_survivor(self):
        self._merge(self.leads)
        call = self.env['crm.call'].create({'lead_id': self.survivor.id})
        message = self.survivor.message_post(body=QUESTION)
        self.survivor.message_subscribe(self.manager.partner_id.ids)
        self.survivor.action_undo_merge()
        self.assertEqual(call.lead_id, self.survivor)
        self.assertEqual(message.res_id, self.survivor.id)
        self.assertIn(self.manager.partner_id, self.survivor.message_partner_ids)

    def test_what_was_given_to_somebody_else_since_stays_there(self):
        third = self._new_lead()
        self._merge(self.leads)
        self.call.lead_id = third
        self.attachment.name = 'Final plan.txt'
        self.survivor.action_undo_merge()
        self.assertEqual(self.call.lead_id, third)
        self.assertEqual(self.attachment.res_id, self.loser.id)
        self.assertEqual(self.attachment.name, 'Final plan.txt')

    def test_what_was_deleted_since_does_not_return(self):
        user = self._new_user('leaver', 'sales_team.group_sale_salesman')
        self.loser.write({'user_id': user.id, 'partner_id': self.other_customer.id})
        self._merge(self.leads, self.coordinator)
        self.survivor.partner_id = False
        self.call.partner_id = False
        self.call.unlink()
        self.message.author_id = False
        self.meeting.unlink()
        self.other_customer.unlink()
        self.survivor.action_undo_merge()
        self.assertFalse((self.call | self.call).exists())
        self.assertFalse(self.meeting.exists())
        self.assertFalse(self.loser.partner_id)
        self.assertEqual(self.loser.user_id, user)
        self.assertEqual(self.loser.message_partner_ids & self.company, self.company)

    # === SEVERAL MERGES === #

    def test_merge_of_a_merge_is_undone_in_reverse_order(self):
        self.maxDiff = None
        winner = self._new_record('Fleet', self.tags, type='opportunity', probability=90)
        leads = self.leads | winner
        before = self._get_state(leads)
        self._merge(self.leads)
        between = self._get_state(self.survivor | winner)
        self.assertEqual(self._merge(self.survivor | winner), winner)
        self.assertEqual(self.call.lead_id, winner)
        winner.action_undo_merge()
        self.assertEqual(self._get_state(self.survivor | winner), between)
        self.assertFalse(winner.crm_can_undo_merge)
        self.survivor.action_undo_merge()
        self.assertEqual(self._get_state(leads), before)

    def test_merges_into_one_survivor_are_undone_last_first(self):
        third = self._new_record('Third', self.tags)
        self._merge(self.leads)
        self._merge(self.survivor | third)
        self.survivor.action_undo_merge()
        self.assertTrue(third.exists())
        self.assertFalse(self.loser.exists())
        self.survivor.action_undo_merge()
        self.assertTrue(self.loser.exists())

    def test_nothing_to_undo_is_refused(self):
        self.assertFalse(self.survivor.crm_can_undo_merge)
        with self.assertRaisesRegex(UserError, 'no merge to undo on "Forklifts"'):
            self.survivor.action_undo_merge()
        self._merge(self.leads)
        self.assertTrue(self.survivor.crm_can_undo_merge)
        self.survivor.action_undo_merge()
        with self.assertRaises(UserError):
            self.survivor.action_undo_merge()

    # === SCORING, CONSENT === #

    def test_merge_and_undo_leave_the_scoring_alone(self):
        self.env['ir.config_parameter'].sudo().set_param('crm.pls_start_date', '2000-01-01')
        self.loser.action_set_lost()
        frequencies = self._get_frequencies()
        self.assertTrue(frequencies)
        self._merge(self.leads)
        self.assertEqual(self._get_frequencies(), frequencies)
        self.survivor.action_undo_merge()
        self.assertEqual(self._get_frequencies(), frequencies)
        self.assertEqual(self.loser.won_status, 'lost')

    def test_undo_takes_back_a_victory_that_came_with_the_merge(self):
        self.env['ir.config_parameter'].sudo().set_param('crm.pls_start_date', '2000-01-01')
        won = self.env['crm.stage'].create({'name': 'Won', 'is_won': True, 'sequence': 0})
        won.team_ids = self.env['crm.team'].create({'name': 'Winners'})
        others = self.env['crm.stage'].search([('team_ids', '=', False)])
        others.team_ids = self.team
        before = self._get_counts()
        self._merge(self.leads, self.manager, team_id=won.team_ids.id)
        self.assertEqual(self.survivor.won_status, 'won')
        self.assertIn((1.1, 0.1), self._get_counts().values(), 'the victory counts')
        self.survivor.action_undo_merge()
        self.assertEqual(self.survivor.won_status, 'pending')
        counted = self._get_counts()
        # core deletes no row that the victory added; it counts for next to nothing
        self.assertEqual(counted, {**dict.fromkeys(counted, (0.1, 0.1)), **before})

    def test_refused_mail_stays_refused_by_the_same_address(self):
        blacklist = self.env['mail.blacklist'].sudo()
        self.survivor.email_from = 'no@forklifts.example.com'
        blacklist._add('no@forklifts.example.com')
        before = blacklist.search([]).mapped('email')
        self._merge(self.leads)
        self.assertEqual(blacklist.search([]).mapped('email'), before)
        self.survivor.action_undo_merge()
        self.assertEqual(blacklist.search([]).mapped('email'), before)
        self.assertTrue(self.survivor.is_blacklisted)
        self.assertFalse(self.loser.is_blacklisted)


@tagged('post_install', '-at_install')
class TestCrmLeadMergeAccess(CrmLeadMergeCase):
    def setUp(self):
        super().setUp()
        self.leads = self.survivor | self.loser

    def test_lead_of_somebody_else_cannot_be_merged(self):
        self.loser.user_id = self.colleague
        with self.assertRaises(AccessError):
            self._merge(self.leads)
        self.assertTrue(self.loser.exists())
        self.assertFalse(self.survivor.crm_can_undo_merge)

    def test_who_may_write_the_survivor_undoes_the_merge(self):
        self.loser.user_id = self.colleague
        self._merge(self.leads, self.coordinator)
        with self.assertRaises(AccessError):
            self.survivor.with_user(self.colleague).action_undo_merge()
        with self.assertRaises(AccessError):
            self.survivor.with_user(self.outsider).action_undo_merge()
        self.survivor.with_user(self.salesman).action_undo_merge()
        self.assertEqual(self.loser.user_id, self.colleague)
        with self.assertRaises(AccessError):
            self.loser.with_user(self.salesman).read(['name'])

    def test_what_the_merging_user_does_not_see_moves_and_returns(self):
        meeting = (
            self.meeting.with_user(self.colleague)
            .sudo()
            .copy(
                {
                    'privacy': 'private',
                    'user_id': self.colleague.id,
                    'opportunity_id': self.loser.id,
                }
            )
        )
        before = self._get_state(self.leads)
        self._merge(self.leads)
        self.assertEqual(meeting.opportunity_id, self.survivor)
        self.survivor.with_user(self.salesman).action_undo_merge()
        self.assertEqual(self._get_state(self.leads), before)

    def test_other_company_neither_sees_nor_undoes_the_merge(self):
        company = self.env['res.company'].create({'name': 'Sucursal Oporto'})
        stranger = new_test_user(
            self.env,
            login='crm_extended_oporto',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.survivor.company_id = self.env.company
        self._merge(self.leads, self.manager)
        merge = self.survivor.crm_merge_ids
        self.assertTrue(merge.with_user(self.manager).has_access('read'))
        self.assertFalse(merge.with_user(stranger).has_access('read'))
        self.assertFalse(merge.source_ids.with_user(stranger).has_access('read'))
        with self.assertRaises(AccessError):
            self.survivor.with_user(stranger).action_undo_merge()

    def test_merge_of_two_companies_gives_each_its_own_back(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        self.manager.company_ids += company
        self.survivor.company_id = self.env.company
        self.loser.write({'user_id': False, 'team_id': False})
        self.loser.company_id = company
        before = self._get_state(self.leads)
        allowed = (company | self.env.company).ids
        leads = self.leads.with_context(allowed_company_ids=allowed)
        self._merge(leads, self.manager)
        self.survivor.with_user(self.manager).action_undo_merge()
        self.assertEqual(self.loser.company_id, company)
        self.assertEqual(self._get_state(self.leads), before)

    def test_salespeople_read_the_merges_of_their_leads_without_the_snapshots(self):
        self._merge(self.leads)
        merge = self.survivor.crm_merge_ids
        self.assertEqual(merge.user_id, self.salesman)
        mine = merge.with_user(self.salesman)
        self.assertEqual(mine.source_ids.name, 'Two forklifts')
        sources = self.env['crm.lead.merge.source']
        for user, seen in (
            (self.salesman, mine.source_ids),
            (self.coordinator, mine.source_ids),
            (self.colleague, sources),
        ):
            with self.subTest(user=user.name):
                found = sources.with_user(user).search([('merge_id', '=', merge.id)])
                self.assertEqual(found, seen)
        with self.assertRaises(AccessError):
            mine.source_ids.read(['values'])
        with self.assertRaises(AccessError):
            mine.write({'state': 'undone'})
        with self.assertRaises(AccessError):
            merge.with_user(self.colleague).read(['state'])
        with self.assertRaises(AccessError):
            mine.source_ids.with_user(self.colleague).read(['name'])


@tagged('post_install', '-at_install')
class TestCrmLeadMergeWays(CrmLeadMergeCase):
    """Merges happen in core's wizards, too."""

    def test_conversion_with_duplicates_can_be_undone(self):
        twin = self._new_record('Same person', self.tags[0], partner_id=self.contact.id)
        wizard = self.env['crm.lead2opportunity.partner'].with_context(
            active_model='crm.lead', active_id=twin.id, active_ids=twin.ids
        )
        wizard = wizard.create(
            {
                'name': 'merge',
                'action': 'nothing',
                'lead_id': twin.id,
                'duplicated_lead_ids': [Command.set((twin | self.loser).ids)],
            }
        )
        with mute_logger('odoo.models.unlink'):
            wizard.action_apply()
        (twin | self.loser).exists().action_undo_merge()
        self.assertEqual((twin | self.loser).exists(), twin | self.loser)
        self.assertEqual(self.call.lead_id, self.loser)

    def test_mass_conversion_with_duplicates_can_be_undone(self):
        twin = self._new_record('Same person', self.tags[0], partner_id=self.contact.id)
        leads = twin | self.loser
        wizard = self.env['crm.lead2opportunity.partner.mass'].with_context(
            active_model='crm.lead', active_ids=leads.ids
        )
        with mute_logger('odoo.models.unlink'):
            wizard.create({'deduplicate': True, 'action': 'nothing'}).action_mass_convert()
        survivor = leads.exists()
        self.assertEqual(len(survivor), 1)
        survivor.action_undo_merge()
        self.assertEqual(leads.exists(), leads)

    def test_queries_do_not_grow_with_the_merged_records(self):
        def count(number, function):
            leads = self.survivor.copy() | self.env['crm.lead'].create(
                [{'name': f'{number}/{i}', 'type': 'lead'} for i in range(number - 1)]
            )
            self.env['crm.call'].create([{'lead_id': lead.id} for lead in leads])
            with mute_logger('odoo.models.unlink'):
                return function(leads)

        def count_record(leads):
            merges = self.env['crm.lead.merge']
            before = merges._take(leads)
            queries = self._count_queries(
                lambda: (merges._take(leads), merges._record(leads[0], leads[1:], before))
            )
            leads[0].crm_merge_ids.unlink()
            return queries

        def count_undo(leads):
            survivor = leads.merge_opportunity()
            return self._count_queries(survivor.action_undo_merge)

        for function in (count_record, count_undo):
            with self.subTest(function=function.__name__):
                count(2, function)
                few, many = count(2, function), count(5, function)
                self.assertLessEqual(many, few + 1)
