from odoo.tests import freeze_time, new_test_user, tagged

from ..billing_common import BillingCase

MRR, NEW = 'kpi_crm_contract_mrr', 'kpi_crm_contract_new'


@tagged('post_install', '-at_install')
@freeze_time('2026-03-11 09:00:00')
class TestContractsInTheDigest(BillingCase):
    """The monthly revenue at the end of each period, and the contracts that began in it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env['digest.digest'].create({'name': 'Contracts', MRR: True, NEW: True})

    def get_kpis(self, user):
        kpis = self.digest._compute_kpis(self.env.company, user)
        return {kpi['kpi_name']: [kpi[f'kpi_col{n}'] for n in (1, 2, 3)] for kpi in kpis}

    def get_values(self, user, name):
        return [column['value'] for column in self.get_kpis(user)[name]]

    def test_each_reader_has_the_figures_of_the_contracts_that_they_may_read(self):
        self.create_contract(date_start='2026-01-01')
        self.create_contract(date_start='2026-03-06')
        self.create_contract(date_start='2026-03-11', manager_id=self.colleague.id)
        kpis = self.get_kpis(self.salesman)
        self.assertIn('200', kpis[MRR][0]['value'])
        self.assertEqual([column['margin'] for column in kpis[MRR]], [0, 100, 100])
        self.assertEqual(self.get_values(self.salesman, NEW), [0, 1, 1])
        self.assertEqual(self.get_values(self.administrator, NEW), [1, 2, 2])
        self.assertIn('300', self.get_values(self.administrator, MRR)[0])

    def test_neither_a_draft_nor_a_contract_to_come_is_new(self):
        self.create_contract(date_start='2026-03-10', state='draft')
        self.create_contract(date_start='2026-03-12')
        self.assertEqual(self.get_values(self.administrator, NEW), [0, 0, 0])

    def test_the_figures_are_in_the_mail_of_everybody_who_sells(self):
        digest = self.env.ref('digest.digest_digest_default')
        self.assertTrue(digest[MRR])
        self.assertTrue(digest[NEW])
        self.assertEqual(self.get_kpis(new_test_user(self.env, 'digest stranger')), {})
        actions = digest._compute_kpis_actions(self.env.company, self.salesman)
        for name in (MRR, NEW):
            action = self.env.ref(actions[name].partition('?')[0])
            self.env[action.res_model].with_user(self.salesman).check_access('read')
