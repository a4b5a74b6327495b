from psycopg2.errors import CheckViolation, UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Date
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from .revision_common import RevisionCase


@tagged('post_install', '-at_install')
@freeze_time('2026-12-10')
class TestContractRevision(RevisionCase):
    """Prices that follow a rule from term to term."""

    # === INDEX === #

    def test_month_of_a_value_is_its_first_day_whatever_is_typed_or_imported(self):
        result = self.env['crm.contract.index'].load(
            ['name', 'value_ids/month', 'value_ids/value'],
            [['Wages', '2026-11-15', '101.5'], ['', '2026-12-31', '101.9']],
        )
        self.assertFalse(result['messages'])
        wages = self.env['crm.contract.index'].browse(result['ids'])
        self.assertEqual(
            [str(month) for month in sorted(wages.value_ids.mapped('month'))],
            ['2026-11-01', '2026-12-01'],
        )
        self.assertEqual((wages.last_month, wages.last_value), ('December 2026', 101.9))

    def test_database_refuses_a_second_value_of_a_month_and_a_value_of_nothing(self):
        values = self.env['crm.contract.index.value']
        for value, error in (
            ({'month': '2026-01-20', 'value': 105.0}, UniqueViolation),
            ({'month': '2029-01-01', 'value': 0.0}, CheckViolation),
        ):
            with self.assertRaises(error), mute_logger('odoo.sql_db'), self.cr.savepoint():
                values.create({'index_id': self.index.id, **value})

    def test_managers_keep_indices_and_salespeople_read_them(self):
        self.index.with_user(self.administrator).write(
            {'value_ids': [Command.create({'month': '2030-01-01', 'value': 130.0})]}
        )
        self.assertTrue(self.index.with_user(self.salesman).value_ids.mapped('value'))
        with self.assertRaises(AccessError):
            self.index.with_user(self.salesman).name = 'Mine'
        with self.assertRaises(AccessError):
            self.index.with_user(self.salesman).value_ids[0].value = 1.0

    def test_indices_are_not_seen_by_customers_nor_from_other_companies(self):
        portal = new_test_user(self.env, login='index_portal', groups='base.group_portal')
        with self.assertRaises(AccessError):
            self.index.with_user(portal).read(['name'])
        self.assertTrue(self.index.with_user(self.accountant).read(['name']))
        abroad = self.env['res.company'].create({'name': 'Abroad'})
        self.index.company_id = abroad
        for record in (self.index, self.index.value_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.administrator).read(['display_name'])

    def test_index_of_another_company_is_refused(self):
        abroad = self.env['res.company'].create({'name': 'Abroad'})
        foreign = self.env['crm.contract.index'].create({'name': 'CPI', 'company_id': abroad.id})
        with self.assertRaises(UserError):
            self.create_contract(revision_type='index', revision_index_id=foreign.id)
        contract = self.create_contract()
        rule = self.env['crm.contract.revising'].new(
            {'revision_type': 'index', 'revision_index_id': foreign.id}
        )
        plan = contract._plan_price_revisions({contract: Date.to_date('2027-01-01')}, rule)
        self.assertIn('another company', plan[0].held)

    # === RULE === #

    def test_senseless_rules_are_refused(self):
        limits = {'revision_has_cap': True, 'revision_has_floor': True}
        for values in (
            {**limits, 'revision_cap': 1.0, 'revision_floor': 2.0},
            {'revision_percentage': -100.0},
            {'revision_lag': -1},
            {'revision_rounding': -0.05},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(CheckViolation),
                mute_logger('odoo.sql_db'),
                self.cr.savepoint(),
            ):
                self.create_contract(**values)
        with self.assertRaisesRegex(ValidationError, 'Choose the index'):
            self.create_contract(revision_type='index')

    def test_template_proposes_the_rule(self):
        template = self.env['crm.contract.template'].create(
            {'name': 'Indexed', **self.index_rule(revision_has_cap=True, revision_cap=3.0)}
        )
        contract = self.env['crm.contract'].create(
            {'name': 'X', 'partner_id': self.partner_a.id, 'template_id': template.id}
        )
        self.assertRecordValues(
            contract,
            [
                {
                    'revision_type': 'index',
                    'revision_index_id': self.index.id,
                    'revision_has_cap': True,
                    'revision_cap': 3.0,
                }
            ],
        )

    def test_percentage_is_added_with_each_term(self):
        contract = self.create_contract(
            term_months=12, revision_type='percentage', revision_percentage=2.0
        )
        contract._renew()
        contract._renew()
        self.assertEqual(contract.line_ids.price_unit, 104.04)
        self.assertEqual(
            sorted(contract.revision_ids.mapped(lambda one: (str(one.date), one.percentage))),
            [('2027-01-01', 2.0), ('2028-01-01', 2.0)],
        )

    def test_index_compares_with_the_previous_revision(self):
        contract = self.create_indexed()
        self.assertEqual(self.renew_and_read(contract, 3), [104.0, 102.0, 108.12])

    def test_index_from_the_base_makes_up_for_what_a_cap_cut(self):
        limits = {'revision_has_cap': True, 'revision_cap': 3.0}
        previous = self.create_indexed(**limits)
        base = self.create_indexed(revision_reference='base', **limits)
        self.assertEqual(self.renew_and_read(previous, 3), [103.0, 101.02, 104.05])
        self.assertEqual(self.renew_and_read(base, 3), [103.0, 102.0, 105.06])
        last = self.last_revision(base)
        self.assertAlmostEqual(last.percentage_raw, 6.0)
        self.assertEqual(last.percentage, 3.0)

    def test_floor_keeps_prices_from_falling(self):
        contract = self.create_indexed(revision_has_floor=True, revision_floor=0.0)
        self.assertEqual(self.renew_and_read(contract, 2), [104.0, 104.0])

    def test_unit_prices_are_rounded_to_the_step(self):
        contract = self.create_indexed(revision_rounding=0.5, fixed_amount=999.0)
        self.assertEqual(self.renew_and_read(contract, 1), [104.0])
        self.assertEqual(contract.fixed_amount, 1038.96, 'an amount is rounded by its currency')
        contract = self.create_contract(
            self.monthly(price_unit=0.0125), term_months=12, revision_rounding=0.0001
        )
        contract._renew(price_increase=10)
        self.assertEqual(contract.line_ids.price_unit, 0.0138)

    def test_value_of_some_months_before_counts(self):
        contract = self.create_indexed(revision_lag=2)
        contract._renew()
        revision = contract.revision_ids
        self.assertEqual(str(revision.reference_month), '2025-11-01')
        self.assertEqual(str(revision.month), '2026-11-01')
        self.assertEqual((revision.reference_value, revision.value), (99.0, 102.96))
        self.assertEqual(contract.line_ids.price_unit, 104.0)

    def test_agreed_base_month_stands_in_for_the_start(self):
        contract = self.create_indexed(revision_base_month='2025-11-20')
        contract._renew()
        self.assertEqual(contract.revision_ids.reference_value, 99.0)
        self.assertEqual(contract.line_ids.price_unit, 105.05)

    def test_base_agreed_later_leaves_earlier_revisions_out(self):
        contract = self.create_indexed(revision_reference='base')
        contract._renew()
        contract.revision_base_month = '2027-01-01'
        contract._renew()
        self.assertAlmostEqual(self.last_revision(contract).percentage, (102 / 104 - 1) * 100)

    def test_price_typed_since_is_a_price_of_its_own(self):
        contract = self.create_indexed(revision_reference='base')
        contract._renew()
        contract.line_ids.price_unit = 200.0
        contract._renew()
        self.assertEqual(contract.line_ids.price_unit, 196.15)

    def test_rule_is_told_to_the_customer_in_words(self):
        contract = self.create_indexed(
            revision_lag=2, revision_has_cap=True, revision_cap=3.5, revision_has_floor=True
        )
        self.assertEqual(
            contract._get_revision_text(),
            'With each new term by the index Consumer prices, compared with: previous revision, '
            'values of 2 months before, at most 3.5 %, at least 0 %',
        )
        html, _kind = self.env['ir.actions.report']._render_qweb_html(
            'crm_contracts.report_crm_contract', contract.ids
        )
        self.assertIn(b'at most 3.5 %', html)
        contract.revision_lag = 1
        self.assertIn('values of the month before', contract._get_revision_text())
        self.env['res.lang']._activate_lang('es_ES')
        self.assertIn('3,5 %', contract.with_context(lang='es_ES')._get_revision_text())

    # === RENEWAL === #

    def test_percentage_given_goes_before_the_rule(self):
        contract = self.create_indexed()
        contract._renew(price_increase=10)
        self.assertEqual(contract.line_ids.price_unit, 110.0)
        contract._renew(price_increase=0)
        self.assertEqual(contract.line_ids.price_unit, 110.0)
        self.assertEqual(len(contract.revision_ids), 1)

    def test_missing_value_renews_at_the_old_price_and_says_why(self):
        self.take_value('2029-01-01')
        contract = self.create_indexed(date_end='2028-12-31', renewal_type='tacit')
        contract.date_start = '2028-01-01'
        with freeze_time('2029-01-01'):
            self.run_daily()
        self.assertEqual(str(contract.date_end), '2029-12-31')
        self.assertEqual(contract.line_ids.price_unit, 100.0)
        self.assertEqual(str(contract.date_revision_due), '2029-01-01')
        activity = self.revision_activities(contract)
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn('January 2029', activity.note)
        self.add_value('2029-01-01', 104.04)
        with freeze_time('2029-02-10'):
            plan = contract._plan_price_revisions({contract: contract._get_revision_day()})
            contract.with_user(self.salesman)._apply_price_revisions(plan)
        self.assertEqual(contract.line_ids._get_price_on(Date.to_date('2028-12-01')), 100.0)
        self.assertEqual(contract.line_ids.price_unit, 102.0)
        self.assertFalse(contract.date_revision_due)
        self.assertFalse(self.revision_activities(contract))

    def test_daily_check_revises_what_renews_itself(self):
        contract = self.create_indexed(renewal_type='tacit', fixed_amount=1000.0)
        with freeze_time('2027-01-02'):
            self.run_daily()
            self.run_daily()
        self.assertEqual(contract.line_ids.price_unit, 104.0)
        self.assertEqual(contract.fixed_amount, 1040.0)
        self.assertEqual(len(contract.revision_ids), 1)
        self.assertFalse(self.revision_activities(contract))

    def test_overage_price_belongs_to_the_term(self):
        contract = self.create_contract(
            term_months=12, prepaid_quantity=10, overage_price=95.0, fixed_amount=1000.0
        )
        contract._renew(price_increase=10)
        terms = contract.term_ids.sorted('date_start')
        self.assertEqual(terms.mapped('overage_price'), [95.0, 104.5])
        self.assertEqual(terms.mapped('fixed_amount'), [1000.0, 1100.0])
        self.assertEqual(contract.overage_price, 104.5)
        contract.overage_price = 110.0
        self.assertEqual(terms.mapped('overage_price'), [95.0, 110.0])

    def test_revision_made_before_the_renewal_is_not_made_again(self):
        contract = self.create_indexed(fixed_amount=1000.0)
        self.revise(contract, '2027-01-01')
        self.assertEqual(contract.line_ids.price_unit, 104.0)
        self.assertEqual(contract.fixed_amount, 1000.0, 'of the term that runs')
        with self.assertRaisesRegex(UserError, 'revised from'), self.cr.savepoint():
            contract._renew(price_increase=5)
        contract._renew()
        self.assertEqual(contract.line_ids.price_unit, 104.0)
        self.assertEqual(contract.fixed_amount, 1040.0)
        self.assertFalse(self.revision_activities(contract))

    # === HOLDS === #

    def test_what_cannot_be_revised_says_why(self):
        day = Date.to_date('2027-01-01')
        draft = self.create_contract(state='draft')
        early = self.create_contract()
        changed = self.create_contract()
        changed.line_ids._change_prices(
            {changed.line_ids: 120.0}, {changed: Date.to_date('2027-06-01')}
        )
        rate = {'product_id': self.support.id, 'price_unit': 60.0, 'date_from': '2027-03-01'}
        rated = self.create_contract(rate_ids=[Command.create(rate)])
        revised = self.create_contract()
        self.revise(revised, '2027-02-01', 2.0)
        for contract, from_day, reason in (
            (draft, day, 'not running'),
            (early, Date.to_date('2025-12-01'), 'starts only later'),
            (early, False, 'no end'),
            (changed, day, 'was changed from 06/01/2027'),
            (rated, day, 'was changed from 03/01/2027'),
            (revised, day, 'revised from 02/01/2027 on already'),
            (revised, Date.to_date('2027-02-01'), 'revised from 02/01/2027 on already'),
        ):
            with self.subTest(reason=reason):
                plan = contract._plan_price_revisions(
                    {contract: from_day}, self.percentage_rule(2.0)
                )
                self.assertIn(reason, plan[0].held)
                self.assertFalse(plan[0].price_ids)

    def test_index_that_cannot_be_compared_is_held_back(self):
        late = self.create_indexed(revision_base_month='2027-01-01')
        missing = self.create_indexed(revision_lag=1)
        day = Date.to_date('2027-01-01')
        plan = (late | missing)._plan_price_revisions({late: day, missing: day})
        self.assertIn('cannot be compared', plan[0].held)
        self.assertIn('no value for December 2025', plan[1].held)

    # === WHAT ANOTHER ADDON MAY CHANGE === #

    def test_another_addon_revises_by_a_dictionary(self):
        contract, owner = self.create_contract(), type(self.env['crm.contract'])
        revision, prices = owner._prepare_price_revision, owner._prepare_prices
        setup = {'kind': 'line', 'name': 'Setup', 'price_old': 50.0, 'line_id': False}
        self.patch(owner, '_prepare_prices', lambda one, day: [*prices(one, day), setup])
        self.patch(
            owner,
            '_prepare_price_revision',
            lambda *args: {**revision(*args), 'percentage_raw': 9.0},
        )
        made = self.revise(contract, '2027-01-01', 10.0)
        self.assertEqual((made.percentage_raw, made.percentage), (9.0, 10.0))
        self.assertEqual(
            [(price.name, price.price_new) for price in made.price_ids],
            [('Support', 110.0), ('Setup', 55.0)],
        )

    def test_another_addon_asks_for_index_values_by_index_and_month(self):
        owner, asked = type(self.env['crm.contract']), []
        revision = owner._prepare_price_revision
        self.patch(
            owner,
            '_prepare_price_revision',
            lambda one, day, rule, months, values: (
                asked.append(values[rule.revision_index_id.id, months.month])
                or revision(one, day, rule, months, values)
            ),
        )
        self.revise(self.create_indexed(), '2027-01-01')
        self.assertEqual(asked, [104.0])

    # === HISTORY === #

    def test_history_tells_when_by_whom_by_what_and_to_which_prices(self):
        contract = self.create_indexed(revision_has_cap=True, revision_cap=3.0)
        contract.with_user(self.salesman)._renew()
        revision = contract.revision_ids
        self.assertRecordValues(
            revision,
            [
                {
                    'date': Date.to_date('2027-01-01'),
                    'user_id': self.salesman.id,
                    'revision_type': 'index',
                    'index_id': self.index.id,
                    'value': 104.0,
                    'reference_value': 100.0,
                    'percentage': 3.0,
                    'annual_difference': 36.0,
                }
            ],
        )
        self.assertAlmostEqual(revision.percentage_raw, 4.0)
        self.assertRecordValues(
            revision.price_ids,
            [{'name': 'Support', 'price_old': 100.0, 'price_new': 103.0, 'difference': 3.0}],
        )
        self.assertIn('100.00 → 103.00', contract.message_ids[0].body)

    def test_database_refuses_two_revisions_for_one_day(self):
        contract = self.create_contract()
        revision = self.revise(contract, '2027-01-01', 2.0)
        with self.assertRaises(UniqueViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
            revision.copy()

    def test_who_may_not_write_the_contract_revises_nothing(self):
        contract = self.create_contract()
        day = Date.to_date('2027-01-01')
        plan = contract._plan_price_revisions({contract: day}, self.percentage_rule(5.0))
        for user in (self.colleague, self.accountant):
            with self.assertRaises(AccessError):
                contract.with_user(user)._apply_price_revisions(plan)
        self.assertEqual(contract.line_ids.price_unit, 100.0)

    # === MONTHLY REVENUE === #

    def test_price_of_the_future_moves_the_monthly_revenue_on_its_day(self):
        contract = self.create_contract(date_end='2027-12-31')
        self.revise(contract, '2027-02-01', 10.0)
        self.assertEqual(self.moves(contract), [('2026-01-01', 100.0)])
        with freeze_time('2027-02-05'):
            self.run_daily()
            self.run_daily()
        self.assertEqual(
            self.moves(contract),
            [('2026-01-01', 100.0), ('2027-02-01', 10.0)],
            'the check was late, the movement is not',
        )

    def test_closing_before_the_check_keeps_the_movements_apart(self):
        contract = self.create_contract(date_end='2027-12-31')
        self.revise(contract, '2027-02-01', 10.0)
        with freeze_time('2027-02-05'):
            contract.action_close()
        self.assertEqual(
            self.moves(contract),
            [('2026-01-01', 100.0), ('2027-02-01', 10.0), ('2027-02-05', -110.0)],
        )

    def test_price_of_the_past_moves_the_monthly_revenue_at_once(self):
        contract = self.create_contract()
        self.revise(contract, '2026-11-01', 10.0)
        self.assertEqual(self.moves(contract), [('2026-01-01', 100.0), ('2026-11-01', 10.0)])
        self.assertEqual(contract.mrr, 110.0)

    # === BILLING === #

    def test_late_bills_keep_the_price_of_the_first_day_of_their_period(self):
        contract = self.create_contract(
            self.monthly(date_start='2026-10-15', timing='arrears'), self.monthly(name='Other')
        )
        self.revise(contract, '2026-12-01', 10.0)
        contract._bill('2027-01-15')
        rows = contract.billing_ids.filtered(
            lambda row: row.line_id == contract.line_ids.sorted('date_start')[-1]
        )
        self.assertEqual(
            [(str(row.period_start), row.amount) for row in rows.sorted('period_start')],
            [('2026-10-15', 100.0), ('2026-11-15', 100.0), ('2026-12-15', 110.0)],
        )

    def test_periods_invoiced_before_are_named_and_stay(self):
        contract = self.create_contract()
        contract._bill('2026-12-10')
        revision = self.revise(contract, '2026-11-01', 10.0)
        self.assertEqual(revision.charged_count, 2)
        self.assertIn('at the old price already: 2.', contract.message_ids[0].body)
        self.assertFalse(contract._bill('2026-12-10'))

    # === MANY === #

    def test_queries_do_not_grow_with_the_contracts(self):
        day = Date.to_date('2027-01-01')

        def measure(size):
            contracts = self.env['crm.contract'].create(
                [
                    self.prepare_contract(
                        self.monthly(),
                        self.monthly(),
                        term_months=12,
                        prepaid_quantity=5,
                        overage_price=50.0,
                        rate_ids=[Command.create({'product_id': self.support.id})],
                        **self.index_rule(revision_reference='base'),
                    )
                    for _number in range(size)
                ]
            )
            days = dict.fromkeys(contracts, day)
            return [
                self.count_queries(lambda: contracts._plan_price_revisions(days)),
                self.count_queries(lambda: contracts._renew()),
                self.count_queries(lambda: contracts._renew()),
            ]

        measure(2)
        plan, *renewals = zip(measure(10), measure(110), strict=True)
        self.assertLessEqual(plan[1] - plan[0], 4)
        for few, many in renewals:
            # Four prices of each contract and their history are written by the hundred.
            self.assertLessEqual(many - few, 24)
