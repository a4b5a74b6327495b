from datetime import date

from lxml import etree

from odoo.tests import freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import ContractCase


@tagged('post_install', '-at_install')
@freeze_time('2026-11-10')
class TestContractList(ContractCase):
    """The lists of contracts: their speed with every column, and the renewals that are due."""

    def _get_specification(self):
        """Return what the web client asks for with every optional column shown."""
        contracts = self.env['crm.contract'].with_user(self.administrator)
        arch = etree.fromstring(contracts.get_view(view_type='list')['arch'])
        nested = {'fields': {'display_name': {}}}
        return {
            name: nested if contracts._fields[name].relational else {}
            for name in arch.xpath('/list/field/@name')
        }

    def test_all_columns_take_the_same_queries_for_ten_and_for_a_thousand(self):
        line = (0, 0, {'name': 'Support', 'price_unit': 100.0})
        # nobody has to be told of each
        quiet = self.env['crm.contract'].with_context(tracking_disable=True)
        contracts = quiet.create(
            [
                self.prepare_contract(name=f'Many {number}', state='open', line_ids=[line])
                for number in range(1000)
            ]
        ).with_env(self.env)
        specification = self._get_specification()
        self.assertLessEqual(
            {'amount_remaining', 'revenue', 'margin', 'cost_total', 'mrr', 'is_suspended'},
            specification.keys(),
        )

        def count_queries(size):
            self.env.flush_all()
            self.env.cr.precommit.run()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found = self.env['crm.contract'].with_user(self.administrator)
            result = found.web_search_read([('id', 'in', contracts.ids[:size])], specification)
            self.assertEqual(len(result['records']), size)
            return self.env.cr.sql_log_count - before

        count_queries(10)
        self.assertEqual(count_queries(10), count_queries(1000))

    # === RENEWALS DUE === #

    def test_renewals_due_are_counted_by_the_month_of_their_notice(self):
        contracts = self.env['crm.contract'].create(
            [
                self.prepare_contract(state='open', name='In December', renewal_type='tacit'),
                self.prepare_contract(state='open', name='In December too'),
                self.prepare_contract(
                    state='open', name='In March', date_end='2027-03-31', notice_days=10
                ),
                self.prepare_contract(state='open', name='Ends', renewal_type='none'),
                self.prepare_contract(state='open', name='Open', date_end=False),
                self.prepare_contract(name='Draft'),
            ]
        )
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_action_renewals'
        )
        groups = self.env['crm.contract']._read_group(
            [('id', 'in', contracts.ids), *safe_eval(action['domain'])],
            ['date_notice:month', 'renewal_type'],
            ['__count'],
        )
        self.assertEqual(
            groups,
            [
                (date(2026, 12, 1), 'manual', 1),
                (date(2026, 12, 1), 'tacit', 1),
                (date(2027, 3, 1), 'manual', 1),
            ],
        )
