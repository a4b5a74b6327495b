from datetime import date

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import html2plaintext, mute_logger

from ..common import ContractCase


@tagged('post_install', '-at_install')
class TestContractCustomerNotice(ContractCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = 'bodegas@example.com'
        cls.env.company.write(
            {'crm_contract_notice_earliest': 45, 'crm_contract_notice_latest': 15}
        )

    def create_noticed(self, **values):
        return self.create_running(notify_customer=True, **values)

    def get_notices(self, contract):
        return contract.message_ids.filtered(
            lambda message: message.subject and contract.code in message.subject
        )

    def run_on(self, day):
        with freeze_time(f'{day} 08:00:00'):
            self.run_cron()

    def test_notice_goes_out_once_between_the_earliest_and_the_latest_day(self):
        contract = self.create_noticed()
        self.run_on('2026-11-15')
        self.assertFalse(self.get_notices(contract), '46 days before is too early')
        self.run_on('2026-11-16')
        self.assertEqual(len(self.get_notices(contract)), 1)
        self.run_on('2026-11-17')
        self.assertEqual(len(self.get_notices(contract)), 1, 'once')
        self.assertRecordValues(
            contract.term_ids,
            [{'customer_notice': 'sent', 'date_customer_notice': date(2026, 11, 16)}],
        )

    def test_contracts_that_do_not_say_so_tell_nobody(self):
        silent = self.create_running()
        closed = self.create_noticed()
        closed.action_close(reason='Moved away')
        self.run_on('2026-11-20')
        self.assertFalse(self.get_notices(silent) | self.get_notices(closed))

    def test_missed_days_are_told_to_the_manager_instead(self):
        contract = self.create_noticed()
        self.run_on('2026-12-20')
        self.assertFalse(self.get_notices(contract), 'too late for a notice')
        self.assertEqual(contract.term_ids.customer_notice, 'missed')
        self.assertIn(
            'Tell the customer: no notice was sent in time',
            contract.activity_ids.with_context(lang='en_US').mapped('summary'),
        )
        self.run_on('2026-12-21')
        told = contract.activity_ids.filtered(
            lambda activity: 'Tell the customer' in (activity.summary or '')
        )
        self.assertEqual(len(told), 1, 'once')

    def test_customer_without_address_is_told_by_the_manager(self):
        self.customer.email = False
        contract = self.create_noticed()
        self.run_on('2026-11-20')
        self.assertEqual(contract.term_ids.customer_notice, 'missed')
        self.assertEqual(contract.activity_ids.user_id, self.salesman)

    def test_next_term_tells_again(self):
        contract = self.create_noticed(renewal_type='tacit')
        self.run_on('2026-11-20')
        self.run_on('2027-01-01')
        self.assertEqual(str(contract.date_end), '2027-12-31')
        self.run_on('2027-11-20')
        self.assertEqual(len(self.get_notices(contract)), 2)

    def _read_notice(self, contract):
        """Return subject and text of the notice that a contract's customer got."""
        self.run_on('2026-11-20')
        notice = self.get_notices(contract)
        text = html2plaintext(notice.body).replace('*', '')  # what is bold
        return notice.subject, ' '.join(text.split())

    def test_notice_says_what_it_costs_and_how_to_end_it(self):
        contract = self.create_noticed(
            renewal_type='tacit',
            line_ids=[
                Command.create({'name': 'Support', 'price_unit': 123.45, 'quantity': 2}),
                Command.create(
                    {'name': 'Start-up help', 'price_unit': 50.0, 'date_end': '2026-12-31'}
                ),
                Command.create({'name': 'Hosting', 'price_unit': 60.0, 'date_end': '2027-06-30'}),
            ],
        )
        subject, text = self._read_notice(contract)
        self.assertEqual(subject, f'Your contract {contract.code} renews itself')
        for expected in (
            'It goes on for another year unless notice is given by 12/01/2026. To give notice, '
            'answer this mail.',
            'Agreed amount: $ 1,200.00',
            'Support: $ 246.90 per month',
            'Hosting: $ 60.00 per month',
            'Amounts without taxes.',
        ):
            self.assertIn(expected, text)
        self.assertNotIn('Start-up help', text, 'it is no part of the next term')
        self.assertNotIn('revised', text)
        for other_day in ('12/31/2026', '2027'):
            self.assertNotIn(other_day, text, 'one date is enough')

    def test_notice_of_a_contract_that_ends_names_its_last_day(self):
        contract = self.create_noticed()
        subject, text = self._read_notice(contract)
        self.assertEqual(subject, f'Your contract {contract.code} ends on 12/31/2026')
        self.assertIn('runs until 12/31/2026. We would be glad to go on.', text)

    @freeze_time('2026-11-20')
    def test_renewal_is_told_in_one_sentence_with_one_day(self):
        by_day = 'It goes on for another %s unless notice is given by %s.'
        for values, expected in (
            ({}, by_day % ('year', '12/01/2026')),
            ({'term_months': 1}, by_day % ('month', '12/01/2026')),
            ({'term_months': 6, 'notice_days': 41}, by_day % ('6 months', '11/20/2026')),
            ({'notice_days': 42}, 'After 12/31/2026 it goes on for another year.'),
            ({'renewal_type': 'manual'}, ''),
            ({'date_end': False}, ''),
        ):
            contract = self.create_contract(**{'renewal_type': 'tacit', **values})
            with self.subTest(**values):
                self.assertEqual(contract._get_renewal_text(), expected)
        ending = self.create_running(renewal_type='tacit')
        ending.action_give_notice()
        self.assertEqual(ending._get_renewal_text(), '')

    def test_notice_is_in_the_customers_language(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.customer.lang = 'es_ES'
        contract = self.create_noticed(
            renewal_type='tacit',
            revision_type='percentage',
            revision_percentage=3.0,
            line_ids=[Command.create({'name': 'Soporte', 'price_unit': 100.0})],
        )
        subject, text = self._read_notice(contract)
        self.assertEqual(subject, f'Su contrato {contract.code} se renueva')
        for expected in (
            'Continúa por otro año si nadie avisa de lo contrario hasta el 01/12/2026. '
            'Para avisar, responda a este correo.',
            'Importe acordado: $ 1.200,00',
            'Soporte: $ 100,00 al mes',
            'Se revisan: Con cada nueva vigencia, un 3 %.',
        ):
            self.assertIn(expected, text)

    def test_notice_of_a_revision_that_is_open_says_so(self):
        contract = self.create_noticed(
            renewal_type='tacit',
            revision_type='percentage',
            revision_percentage=10.0,
            line_ids=[Command.create({'name': 'Support', 'price_unit': 100.0})],
        )
        _subject, text = self._read_notice(contract)
        self.assertIn('Support: $ 100.00 per month', text)
        self.assertIn(
            'These are the amounts of today, without taxes. They are revised: With each new term '
            'by 10 %.',
            text,
        )

    def test_notice_of_prices_that_are_revised_already_tells_the_new_ones(self):
        contract = self.create_noticed(
            renewal_type='tacit',
            revision_type='percentage',
            revision_percentage=10.0,
            line_ids=[Command.create({'name': 'Support', 'price_unit': 100.0})],
        )
        days = {contract: contract._get_next_term_day()}
        contract._apply_price_revisions(contract._plan_price_revisions(days))
        _subject, text = self._read_notice(contract)
        self.assertIn('Agreed amount: $ 1,320.00', text)
        self.assertIn('Support: $ 110.00 per month', text)
        self.assertNotIn('revised', text)

    def test_template_proposes_the_notice(self):
        template = self.env['crm.contract.template'].create(
            {'name': 'With notice', 'notify_customer': True}
        )
        self.assertTrue(self.create_contract(template_id=template.id).notify_customer)
        self.assertFalse(self.create_contract().notify_customer)

    def test_earliest_day_comes_before_the_latest(self):
        with (
            self.assertRaises(IntegrityError),
            mute_logger('odoo.sql_db'),
            self.cr.savepoint(),
        ):
            self.env.company.write(
                {'crm_contract_notice_earliest': 10, 'crm_contract_notice_latest': 20}
            )
            self.env.flush_all()
