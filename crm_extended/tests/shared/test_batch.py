from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

LOGGER = 'odoo.addons.crm_extended.models.shared.crm_batch_mixin'


@tagged('post_install', '-at_install')
class TestBatch(TransactionCase):
    """What becomes of many records when the work on one of them fails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.batches = cls.env['crm.batch.mixin']
        cls.partners = cls.env['res.partner'].create(
            [{'name': f'Partner {number}'} for number in range(5)]
        )
        cls.broken = cls.partners[3]
        cls.given_up = []

    def run_within(self, error, partners=None):
        """Number the partners, but fail with those that are broken."""
        self.given_up = []

        def work(some):
            some.ref = str(len(some))
            if some & self.broken:
                raise error

        return self.batches._run_within(
            self.partners if partners is None else partners,
            work,
            lambda partner, reason: self.given_up.append((partner, reason)),
        )

    def test_one_that_fails_is_given_up_and_all_others_are_done(self):
        error = UserError('He is on holiday')
        with self.assertLogs(LOGGER, 'WARNING') as logs:
            done = self.run_within(error)
        self.assertEqual(done, self.partners - self.broken)
        self.assertEqual(self.given_up, [(self.broken, error)])
        self.assertEqual(self.partners.mapped('ref'), ['2', '2', '1', False, '1'])
        self.assertEqual([record.levelname for record in logs.records], ['WARNING'])
        self.assertIn(f'{self.broken} could not be handled: He is on holiday', logs.output[0])

    def test_reason_that_nobody_knows_is_logged_as_an_error(self):
        with self.assertLogs(LOGGER, 'ERROR') as logs:
            self.run_within(ValueError('?'))
        self.assertEqual(len(logs.records), 1)
        self.assertTrue(logs.records[0].exc_info)

    def test_without_a_failure_all_are_done_at_once(self):
        done = self.run_within(ValueError('?'), self.partners - self.broken)
        self.assertEqual(done, self.partners - self.broken)
        self.assertEqual(done.mapped('ref'), ['4'] * 4)
        self.assertFalse(self.given_up)

    def test_conflict_with_another_transaction_goes_up(self):
        with self.assertRaises(SerializationFailure):
            self.run_within(SerializationFailure())
        self.assertFalse(self.given_up)
        self.assertFalse(any(self.partners.mapped('ref')))

    @mute_logger(LOGGER)
    def test_nobody_has_to_be_told(self):
        def refuse(partners):
            raise UserError(partners.name)

        self.assertFalse(self.batches._run_within(self.broken, refuse))

    def test_reason_in_words(self):
        get_reason = self.batches._get_failure_reason
        self.assertEqual(get_reason(UserError('Closed')), 'Closed')
        self.assertEqual(get_reason(ValueError('odd')), 'Unexpected error: odd')
