from datetime import datetime

from odoo.fields import Domain
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import CrmExtendedCase
from ..scale import ScaleMixin

CUSTOMERS = 8_000
DOCUMENTS = 20_000  # of each of the sources
GROWN = {
    'crm_lead',
    'crm_call',
    'calendar_event',
    'calendar_attendee',
    'mail_activity',
    'mail_message',
    'mail_notification',
}


@tagged('post_install', '-at_install')
class TestCrmInteractionScale(ScaleMixin, CrmExtendedCase):
    """The timeline of one customer among many is served through indexes in every branch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._fill()

    @classmethod
    def _fill(cls):
        partner = cls.env['res.partner'].create({'name': 'One of many'})
        first = cls._clone(partner, CUSTOMERS)
        cls.env.cr.execute(
            SQL('UPDATE res_partner SET commercial_partner_id = id WHERE id >= %s', first)
        )
        cls.customer = partner.browse(first + CUSTOMERS // 2)
        customer = SQL('%s + n %% %s', first, CUSTOMERS)
        lead = cls.env['crm.lead'].create(
            {'name': 'Many', 'partner_id': partner.id, 'user_id': cls.salesman.id}
        )
        lead.action_set_lost()
        first_lead = cls._clone(lead, DOCUMENTS, partner_id=customer)
        call = cls.env['crm.call'].create(
            {'name': 'Many', 'state': 'held', 'user_id': cls.salesman.id}
        )
        first_call = cls._clone(
            call, DOCUMENTS, partner_id=customer, commercial_partner_id=customer
        )
        cls._fill_meetings(partner, customer)
        for document, res_id in (
            (partner, customer),
            (lead, SQL('%s + n', first_lead)),
            (call, SQL('%s + n', first_call)),
        ):
            cls._fill_chatter(document, res_id, partner, customer)
        cls.env.invalidate_all()
        for table in ('res_partner', *GROWN):
            cls.env.cr.execute(SQL('ANALYZE %s', SQL.identifier(table)))

    @classmethod
    def _fill_meetings(cls, partner, customer):
        meeting = cls.env['calendar.event'].create(
            {
                'name': 'Many',
                'start': datetime(2026, 3, 1, 9),
                'stop': datetime(2026, 3, 1, 10),
                'partner_ids': partner.ids,
            }
        )
        first_meeting = cls._clone(meeting, DOCUMENTS)
        cls._clone(
            meeting.attendee_ids,
            DOCUMENTS,
            event_id=SQL('%s + n', first_meeting),
            partner_id=customer,
        )

    @classmethod
    def _fill_chatter(cls, document, res_id, partner, customer):
        """An activity and a message of each document, with who was told."""
        activity = document.activity_schedule('mail.mail_activity_data_todo')
        cls._clone(activity, DOCUMENTS, res_id=res_id)
        message = document.message_post(
            body='Many',
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
            partner_ids=partner.ids,
        )
        first_message = cls._clone(message, DOCUMENTS, res_id=res_id)
        cls._clone(
            message.notification_ids.filtered(lambda told: told.res_partner_id == partner),
            DOCUMENTS,
            mail_message_id=SQL('%s + n', first_message),
            res_partner_id=customer,
        )

    def _check_plan(self, rows, domain, number):
        query = rows._search(domain, order=rows._order, limit=80)
        query = query.select(*map(SQL.identifier, ('id', 'name', 'date')))
        self.assertEqual(self.assert_reads_indexes(query, GROWN), number)

    def test_timeline_of_one_customer_uses_indexes_in_every_branch(self):
        for user in (self.manager, self.salesman):
            rows = self.env['crm.interaction'].with_user(user)
            number = rows.search_count([('partner_id', '=', self.customer.id)])
            self.assertGreaterEqual(number, 20)  # ten branches, two or three rows of each
            family = self.customer | self.contact
            for domain in (
                [('partner_id', '=', self.customer.id)],
                [('partner_id', 'in', family.ids)],
                [('commercial_partner_id', '=', self.customer.id)],
                [('partner_id', '=', self.customer.id), ('kind', '!=', 'other')],
            ):
                with self.subTest(user=user.name, domain=domain):
                    self._check_plan(rows, domain, number)

    def test_what_happened_with_one_customer_is_counted_through_indexes(self):
        for user in (self.manager, self.salesman):
            family = self.customer.with_user(user)
            counted = {'crm_interaction_count': Domain.TRUE}
            query = family._get_crm_counter_query('crm.interaction', counted)
            self.assert_reads_indexes(query, GROWN)
            self.assertGreaterEqual(family.crm_interaction_count, 20)

    def test_row_is_found_by_its_id_through_indexes(self):
        rows = self.env['crm.interaction'].with_user(self.manager)
        found = rows.search([('partner_id', '=', self.customer.id)])
        self._check_plan(rows, [('id', 'in', found.ids)], len(found))

    def test_branches_are_read_and_not_compiled(self):
        self.env.cr.execute('SET LOCAL jit = on')
        self.env['crm.interaction'].with_user(self.salesman).search([], limit=1)
        self.assertEqual(self.env.execute_query(SQL('SHOW jit')), [('off',)])
