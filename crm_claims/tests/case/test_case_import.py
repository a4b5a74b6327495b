import os

from odoo.tests import freeze_time, tagged

from odoo.addons.crm_extended.tests.import_common import ImportMixin

from ..common import CASE_MODELS, ServiceCommon

COLUMNS = ('id', 'number', 'name', 'date_open', 'date_closed')
TALK = (
    *COLUMNS,
    'message_ids/id',
    'message_ids/date',
    'message_ids/email_from',
    'message_ids/is_internal',
    'message_ids/body',
)
OPENED, CLOSED = '2024-02-01 08:00:00', '2024-02-03 17:30:00'


def prepare_rows(count, prefix='OLD'):
    return [
        [f'{prefix}_{number}', f'{prefix}/{number}', f'Case {number}', OPENED, CLOSED]
        for number in range(count)
    ]


@tagged('post_install', '-at_install')
@freeze_time('2026-03-11 09:00:00')
class TestCaseImport(ImportMixin, ServiceCommon):
    """Claims and tickets of an older system, in the files of people who go live."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.create_template_customers()

    def test_templates_in_both_languages_make_tickets_with_their_conversation(self):
        for language, number in (('en_US', 'OLD/881'), ('es_ES', 'ANT/881')):
            with self.subTest(language=language):
                result = self.import_template('service.ticket', language, user=self.manager)
                self.assertFalse(result['messages'])
                first, second = self.env['service.ticket'].browse(result['ids'])
                self.assertEqual((first.number, first.stage_kind), (number, 'solved'))
                self.assertEqual(str(first.date_closed), '2025-02-04 15:00:00')
                self.assertEqual(str(first.date_first_response), '2025-02-03 09:10:00')
                talk = first.message_ids.filtered(lambda one: one.message_type == 'comment')
                talk = talk.sorted('date')
                self.assertEqual(talk.mapped('is_internal'), [False, False, True])
                self.assertEqual(
                    talk.subtype_id, self.env.ref('mail.mt_comment') + self.env.ref('mail.mt_note')
                )
                self.assertEqual(str(talk[0].date), '2025-02-03 08:00:00')
                self.assertFalse(second.date_first_response)

    def test_templates_in_both_languages_make_claims(self):
        for language in ('en_US', 'es_ES'):
            with self.subTest(language=language):
                result = self.import_template('service.claim', language, user=self.manager)
                self.assertFalse(result['messages'])
                claims = self.env['service.claim'].browse(result['ids'])
                self.assertRecordValues(
                    claims,
                    [
                        {'against': 'customer', 'amount_granted': 340.0, 'stage_kind': 'solved'},
                        {'against': 'supplier', 'amount_granted': 1000.0, 'stage_kind': 'solved'},
                    ],
                )

    def test_conversation_names_its_authors_and_tells_nobody(self):
        mails = self.env['mail.mail'].search_count([])
        row = prepare_rows(1)[0]
        talk = ['OLD_0_1', OPENED, self.contact.email.upper(), '0', 'It leaks.']
        result = self.load('service.ticket', TALK, [row + talk], user=self.manager)
        self.assertFalse(result['messages'])
        ticket = self.env['service.ticket'].browse(result['ids'])
        message = ticket.message_ids.filtered('body')
        self.assertEqual(message.author_id, self.contact)
        self.assertEqual(message.model, 'service.ticket')
        self.assertFalse(message.notification_ids)
        again = self.load('service.ticket', TALK, [row + talk], user=self.manager)
        self.assertEqual(again, result)
        self.assertEqual(ticket.message_ids.filtered('body'), message)
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)

    def test_only_managers_bring_conversations_and_numbers(self):
        row = [*prepare_rows(1)[0], 'OLD_0_1', OPENED, 'x@example.com', '0', 'Forged']
        for columns, wording in ((TALK, 'Only managers'), (COLUMNS, 'Only the program')):
            refused = self.load('service.ticket', columns, [row[: len(columns)]], user=self.agent)
            self.assertFalse(refused['ids'])
            self.assertIn(wording, refused['messages'][0]['message'])
        offered = {
            user: {
                field['name']
                for field in self.env['base_import.import']
                .with_user(user)
                .get_fields_tree('service.ticket')
            }
            for user in (self.manager, self.agent)
        }
        self.assertIn('number', offered[self.manager])
        self.assertNotIn('number', offered[self.agent])
        self.assertIn('date_open', offered[self.agent])

    def test_imported_again_cases_are_updated_by_their_external_number(self):
        first = self.load('service.claim', COLUMNS, prepare_rows(3), user=self.manager)
        rows = prepare_rows(4)
        rows[1][2] = 'Renamed'
        second = self.load('service.claim', COLUMNS, rows, user=self.manager)
        self.assertFalse(first['messages'] + second['messages'])
        self.assertEqual(second['ids'][:3], first['ids'])
        self.assertEqual(self.env['service.claim'].browse(first['ids'][1]).name, 'Renamed')
        rows[1][1] = 'OLD/other'
        changed = self.load('service.claim', COLUMNS, rows, user=self.manager)
        self.assertFalse(changed['ids'])
        self.assertEqual(changed['messages'][-1]['rows'], {'from': 1, 'to': 1})
        self.assertIn('number', changed['messages'][-1]['message'])

    def test_dry_run_tells_of_numbers_that_are_taken(self):
        self.load('service.ticket', COLUMNS, prepare_rows(2), user=self.manager)
        lines = ['id,number,name', 'NEW_8,OLD/8,Free', 'NEW_1,OLD/1,Taken']
        wizard, preview = self.open_import(
            'service.ticket', '\n'.join(lines).encode(), 'tickets.csv', user=self.manager
        )
        before = self.env['service.ticket'].search_count([])
        result = self.import_file(wizard, preview, dryrun=True)
        self.assertEqual(
            [(one['rows']['from'], one['message']) for one in result['messages']],
            [(1, 'This number is already taken in the company.')],
        )
        self.assertEqual(self.env['service.ticket'].search_count([]), before)

    def test_open_cases_are_given_to_nobody_and_start_no_clock(self):
        self.repairs.write({'assignment': 'balanced'})
        self.env['service.sla.policy'].create(
            {'name': 'Any', 'resolution_hours': 8.0, 'team_id': self.repairs.id}
        )
        for model_name in CASE_MODELS:
            columns = ('id', 'name', 'team_id/.id', 'date_open')
            rows = [[f'{model_name[8:]}_open', 'Still open', str(self.repairs.id), OPENED]]
            result = self.load(model_name, columns, rows, user=self.manager)
            self.assertFalse(result['messages'])
            case = self.env[model_name].browse(result['ids'])
            self.assertFalse(case.user_id)
            self.assertFalse(case.sla_clock_ids)
            self.assertFalse(case.activity_ids)
            again = [[f'{model_name[8:]}_open', str(self.repairs.id), 'Urgent', OPENED]]
            columns = ('id', 'team_id/.id', 'priority', 'date_open')
            result = self.load(model_name, columns, again, user=self.manager)
            self.assertEqual((result['ids'], result['messages']), (case.ids, []))
            self.assertFalse(case.sla_clock_ids)
            typed = self.create_case(model_name)
            self.assertEqual(typed.user_id, self.agent)
            self.assertTrue(typed.sla_clock_ids)

    def test_queries_do_not_grow_with_the_rows(self):
        size = 10_000 if os.environ.get('LONG') else 1_000
        for model_name in CASE_MODELS:
            counts = []
            for number in (10, size):
                rows = prepare_rows(number, prefix=f'{model_name[8:]}{number}')
                with self.count_queries(counts):
                    result = self.load(model_name, COLUMNS, rows, user=self.manager)
                self.assertEqual(len(result['ids']), number, result['messages'][:2])
            cases = self.env[model_name].browse(result['ids'])
            self.assertFalse(cases.sla_clock_ids or cases.activity_ids)
            self.assertFalse(any(cases.mapped('rating_due')))
            few, many = counts
            self.assertLessEqual(few, 150)
            self.assertLessEqual(many, few + 25 * (size // 1_000))
