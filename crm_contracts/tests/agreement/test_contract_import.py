import os

from odoo.tests import freeze_time, tagged

from odoo.addons.crm_extended.tests.import_common import ImportMixin

from ..billing_common import BillingCase

COLUMNS = (
    'id',
    'code',
    'name',
    'partner_id/.id',
    'state',
    'date_start',
    'date_end',
    'line_ids/id',
    'line_ids/name',
    'line_ids/price_unit',
    'line_ids/date_billed',
)


@tagged('post_install', '-at_install')
@freeze_time('2026-12-10')
class TestContractImport(ImportMixin, BillingCase):
    """Contracts of an older system, in the files of people who go live."""

    def _prepare_rows(self, count, prefix='OLD', state='Running'):
        return [
            [
                f'{prefix}_{number}',
                f'{prefix}/{number}',
                f'Contract {number}',
                str(self.partner_a.id),
                state,
                '2024-01-01',
                '2027-12-31',
                f'{prefix}_{number}_1',
                'Support',
                '100',
                '2026-11-30',
            ]
            for number in range(count)
        ]

    def _load(self, rows, user=None):
        return self.load('crm.contract', COLUMNS, rows, user=user or self.administrator)

    def test_templates_in_both_languages_go_on_where_the_old_system_ended(self):
        for language in ('en_US', 'es_ES'):
            with self.subTest(language=language):
                result = self.import_template(
                    'crm.contract', language, create=('partner_id',), user=self.administrator
                )
                self.assertFalse(result['messages'])
                contract, history = self.env['crm.contract'].browse(result['ids'])
                self.assertEqual((contract.state, history.state), ('open', 'closed'))
                self.assertEqual(contract.prepaid_remaining, 37.0)
                self.assertEqual(contract.rate_ids.mapped('price_unit'), [65.0])
                self.assertEqual(
                    [str(line.next_due_date) for line in contract.line_ids],
                    ['2026-12-15', '2027-05-15'],
                )
                self.assertFalse(history.next_billing_date)
                self.assertFalse(contract.activity_ids)
                contract._bill('2026-12-15')
                self.assertEqual(self.periods(contract), [('2026-12-15', '2027-01-15', 250.0)])
                again = self.import_template('crm.contract', language, user=self.administrator)
                self.assertFalse(again['messages'])
                self.assertEqual(again['ids'], result['ids'])
                self.assertEqual(len(contract.line_ids), 2)

    def test_taken_number_is_told_with_its_row_and_nothing_is_half_done(self):
        first = self._load(self._prepare_rows(2))
        self.assertFalse(first['messages'])
        rows = self._prepare_rows(2, prefix='NEW')
        rows[1][1] = 'OLD/1'
        refused = self._load(rows)
        self.assertFalse(refused['ids'])
        self.assertEqual(
            [(one['rows']['from'], one['message']) for one in refused['messages']],
            [(1, 'Another contract of the company has this number.')],
        )
        self.assertFalse(self.env['crm.contract'].search([('code', '=', 'NEW/0')]))

    def test_salespeople_import_own_contracts_without_numbers(self):
        rows = self._prepare_rows(1)
        refused = self._load(rows, user=self.salesman)
        self.assertFalse(refused['ids'])
        self.assertIn('Only the program', refused['messages'][0]['message'])
        rows[0][1] = ''
        made = self._load(rows, user=self.salesman)
        self.assertFalse(made['messages'])
        contract = self.env['crm.contract'].browse(made['ids'])
        self.assertEqual((contract.manager_id, contract.state), (self.salesman, 'open'))
        self.assertTrue(contract.code)
        stranger = self.load(
            'crm.contract', ('.id', 'name'), [[str(contract.id), 'Mine']], user=self.colleague
        )
        self.assertFalse(stranger['ids'])

    def test_queries_do_not_grow_with_the_rows(self):
        counts, size = [], 10_000 if os.environ.get('LONG') else 200
        columns = [name for name in COLUMNS if name != 'partner_id/.id']
        for number in (10, size):
            rows = [
                [*row[:3], *row[4:]]
                for row in self._prepare_rows(number, prefix=f'batch{number}', state='Closed')
            ]
            with self.count_queries(counts):
                result = self.load(
                    'crm.contract',
                    columns,
                    rows,
                    user=self.administrator,
                    default_partner_id=self.partner_a.id,
                )
            self.assertEqual(len(result['ids']), number, result['messages'][:2])
            contracts = self.env['crm.contract'].browse(result['ids'])
            self.assertFalse(contracts.activity_ids)
        # Odoo itself asks for the external id of each line that is not there yet.
        few, many = counts[0] - 10, counts[1] - size
        self.assertLessEqual(few, 110)
        self.assertLessEqual(many, few + 25 + 110 * (size // 1_000))
