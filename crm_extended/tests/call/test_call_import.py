import os

from odoo.exceptions import AccessError
from odoo.tests import freeze_time, tagged

from ..common import NOW, CrmExtendedCase
from ..import_common import ImportMixin

COLUMNS = ('id', 'name', 'date', 'duration', 'direction', 'state', 'user_id/.id')


@tagged('post_install', '-at_install')
@freeze_time(NOW)
class TestCallImport(ImportMixin, CrmExtendedCase):
    """Calls of an older system: history that reminds nobody of anything."""

    def _prepare_rows(self, count, prefix='call', **values):
        row = {'state': 'Held', 'user': str(self.salesman.id), **values}
        return [
            [
                f'{prefix}_{number}',
                f'Call {number}',
                '2025-03-04 09:30:00',
                '0.25',
                'Outbound',
                row['state'],
                row['user'],
            ]
            for number in range(count)
        ]

    def test_templates_in_both_languages_make_calls(self):
        for language, customer in (('en_US', 'Ibarra Workshops'), ('es_ES', 'Talleres Ibarra')):
            with self.subTest(language=language):
                refused = self.import_template('crm.call', language)
                self.assertFalse(refused['ids'], 'the customers come first')
                self.assertIn(customer, refused['messages'][0]['message'])
                self.assertEqual(refused['messages'][0]['rows'], {'from': 0, 'to': 0})
                result = self.import_template('crm.call', language, create=('partner_id',))
                self.assertFalse(result['messages'])
                calls = self.env['crm.call'].browse(result['ids'])
                self.assertEqual(calls.mapped('state'), ['held', 'not_held', 'held'])
                self.assertEqual(calls.mapped('direction'), ['outbound', 'outbound', 'inbound'])
                self.assertEqual(str(calls[0].date)[:10], '2025-03-04')
                self.assertEqual(calls[0].partner_id.name, customer)
                self.assertFalse(calls.activity_ids)

    def test_imported_again_calls_are_updated(self):
        first = self.load('crm.call', COLUMNS, self._prepare_rows(3))
        again = self._prepare_rows(4)
        again[1][3] = '0.5'
        second = self.load('crm.call', COLUMNS, again)
        self.assertFalse(first['messages'] + second['messages'])
        self.assertEqual(second['ids'][:3], first['ids'])
        calls = self.env['crm.call'].browse(second['ids'])
        self.assertEqual(calls.mapped('duration'), [0.25, 0.5, 0.25, 0.25])

    def test_bad_row_is_told_and_nothing_is_half_done(self):
        rows = self._prepare_rows(3)
        rows[1][3] = '-1'
        before = self.env['crm.call'].search_count([])
        result = self.load('crm.call', COLUMNS, rows)
        self.assertFalse(result['ids'])
        self.assertEqual(
            [(one['rows']['from'], one['message']) for one in result['messages']],
            [(1, 'The duration of a call cannot be negative.')],
        )
        self.assertEqual(self.env['crm.call'].search_count([]), before)

    def test_salesperson_imports_own_calls_and_changes_no_others(self):
        own = self.load('crm.call', COLUMNS, self._prepare_rows(2), user=self.salesman)
        self.assertFalse(own['messages'])
        others = self._prepare_rows(1, prefix='other', user=str(self.colleague.id))
        result = self.load('crm.call', COLUMNS, others)
        call = self.env['crm.call'].browse(result['ids'])
        with self.assertRaises(AccessError):
            call.with_user(self.salesman).write({'name': 'Mine'})
        refused = self.load(
            'crm.call', ('.id', 'name'), [[str(call.id), 'Mine']], user=self.salesman
        )
        self.assertFalse(refused['ids'])
        self.assertEqual(call.name, 'Call 0')

    def test_planned_calls_are_reminded_of_and_nobody_gets_a_mail(self):
        mails = self.env['mail.mail'].search_count([])
        result = self.load(
            'crm.call',
            ('name', 'date', 'user_id/.id'),
            [['Next week', '2026-03-18 09:00:00', str(self.salesman.id)]],
        )
        call = self.env['crm.call'].browse(result['ids'])
        self.assertEqual(call.activity_ids.user_id, self.salesman)
        self.env.flush_all()
        self.assertEqual(self.env['mail.mail'].search_count([]), mails)

    def test_queries_do_not_grow_with_the_rows(self):
        counts, size = [], 10_000 if os.environ.get('LONG') else 1_000
        columns = [name for name in COLUMNS if name != 'user_id/.id']
        for number in (10, size):
            rows = [row[:-1] for row in self._prepare_rows(number, prefix=f'batch{number}')]
            with self.count_queries(counts):
                result = self.load('crm.call', columns, rows)
            self.assertEqual(len(result['ids']), number)
            calls = self.env['crm.call'].browse(result['ids'])
            self.assertFalse(calls.activity_ids)
        few, many = counts
        self.assertLessEqual(few, 120)
        # Odoo writes a hundred rows in a statement, and reads a thousand.
        self.assertLessEqual(many, few + 40 * (size // 1_000))
