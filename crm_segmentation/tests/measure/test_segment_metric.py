from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import freeze_time, new_test_user, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentMetric(SegmentCase):
    def create_metric(self, **values):
        return (
            self.env['crm.segment.metric']
            .with_user(self.manager)
            .create({'name': 'Ours', 'model': 'crm.lead', **values})
        )

    def measure(self, metric):
        """Return {partner: value} of our contacts that have documents."""
        metric = metric.sudo()
        env = self.env(user=self.manager)
        rows = self.env.execute_query(metric._get_measure_sql(env, self.env.company))
        partners = self.alba | self.brisa | self.cierzo | self.duna
        return {
            partners.browse(partner): value for partner, value in rows if partner in partners.ids
        }

    def test_every_aggregate(self):
        self.win(self.alba, 100, 300)
        self.win(self.brisa, 50, date='2026-06-01 10:00:00')
        for aggregate, expected in (
            ('count', {self.alba: 2, self.brisa: 1}),
            ('sum', {self.alba: 400, self.brisa: 50}),
            ('avg', {self.alba: 200, self.brisa: 50}),
            ('min', {self.alba: 100, self.brisa: 50}),
            ('max', {self.alba: 300, self.brisa: 50}),
            ('days_since_last', {self.alba: 45, self.brisa: 14}),
        ):
            with self.subTest(aggregate=aggregate):
                metric = self.create_metric(
                    aggregate=aggregate, measure='expected_revenue', date_field='date_closed'
                )
                self.assertEqual(self.measure(metric), expected)

    def test_an_average_of_nothing_is_not_low(self):
        self.win(self.alba, 100)
        metric = self.create_metric(aggregate='avg', measure='expected_revenue')
        segment = self.create_segment(
            scope='both', rule_ids=[(0, 0, self.prepare_rule(metric, '<', 1000))]
        )
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba)
        segment.rule_ids.operator = '!='
        segment.action_apply()
        self.assertEqual(self.open_partners(segment), self.alba | self.brisa | self.duna)

    def test_path_leads_through_other_documents(self):
        lead = self.env['crm.lead'].create({'name': 'Deal', 'partner_id': self.alba.id})
        self.env['crm.call'].create(
            {'name': 'Call', 'lead_id': lead.id, 'state': 'held', 'date': '2026-06-01 10:00:00'}
        )
        metric = self.create_metric(model='crm.call', partner_path='lead_id.partner_id')
        self.assertEqual(self.measure(metric), {self.alba: 1})

    def test_archived_documents_do_not_count(self):
        lead = self.win(self.alba, 100)
        metric = self.create_metric()
        self.assertEqual(self.measure(metric), {self.alba: 1})
        lead.active = False
        self.assertEqual(self.measure(metric), {})

    def test_days_are_those_of_the_author(self):
        self.manager.tz = 'Pacific/Auckland'
        self.log_calls(self.alba, '2026-06-13 11:00:00', '2026-06-13 13:00:00')
        metric = self.env.ref('crm_segmentation.metric_days_since_last_contact')
        env = self.env(user=self.manager, context={'tz': 'Pacific/Auckland'})
        rows = dict(self.env.execute_query(metric._get_measure_sql(env, self.env.company)))
        self.assertEqual(rows[self.alba.id], 1)

    def test_amounts_are_converted_at_the_date_of_the_document(self):
        dollar, euro = self.env.ref('base.USD'), self.env.ref('base.EUR')
        other = self.env['res.company'].create({'name': 'Dollars', 'currency_id': dollar.id})
        company = self.env['res.company'].create({'name': 'Euros', 'currency_id': euro.id})
        dollar.rate_ids.unlink()
        euro.rate_ids.unlink()
        self.env['res.currency.rate'].create(
            [
                {'currency_id': dollar.id, 'name': '2026-01-01', 'rate': 2, 'company_id': False},
                {'currency_id': dollar.id, 'name': '2026-06-01', 'rate': 4, 'company_id': False},
            ]
        )
        in_dollars = {'company_id': other.id, 'team_id': False, 'user_id': False}
        self.win(self.alba, 100, date='2026-05-31 10:00:00', **in_dollars)
        self.win(self.alba, 100, date='2026-06-02 10:00:00', **in_dollars)
        self.win(self.alba, 100, date='2025-06-02 10:00:00', **in_dollars)
        self.win(self.alba, 7, company_id=company.id, team_id=False, user_id=False)
        metric = self.env.ref('crm_segmentation.metric_won_revenue')
        env = self.env(context={'allowed_company_ids': (company | other).ids})

        def measure():
            return dict(self.env.execute_query(metric._get_measure_sql(env, company)))

        self.assertEqual(measure()[self.alba.id], 50 + 25 + 50 + 7)
        metric.currency_rate = 'today'
        self.assertEqual(measure()[self.alba.id], 25 + 25 + 25 + 7)

    def test_segment_of_a_company_measures_its_documents_only(self):
        other = self.env['res.company'].create({'name': 'Segment Company B'})
        self.win(self.alba, 100)
        self.win(self.brisa, 100, company_id=other.id, team_id=False, user_id=False)
        for values, members in (
            ({'company_id': self.env.company.id}, self.alba),
            ({'company_id': other.id}, self.brisa),
            ({}, self.alba | self.brisa),
        ):
            with self.subTest(**values):
                segment = self.create_rule_segment('won_revenue', ('>=', 1))
                segment = segment.with_env(self.env)
                segment.write({'author_id': self.env.uid, **values})
                segment.action_apply()
                self.assertEqual(self.open_partners(segment), members)

    # === WHAT IS NOT INSTALLED === #

    def test_metric_of_a_missing_model_is_hidden(self):
        metric = self.create_metric(model='not.installed', measure='amount', aggregate='sum')
        self.assertFalse(metric.is_available)
        found = metric.search([('is_available', '=', True)])
        self.assertNotIn(metric, found)
        self.assertIn(self.env.ref('crm_segmentation.metric_call_count'), found)
        self.assertIn(metric, metric.search([('is_available', '=', False)]))
        metric.write({'model': 'crm.lead', 'measure': 'expected_revenue'})
        self.assertTrue(metric.is_available)

    def test_segment_on_a_missing_model_says_what_is_missing(self):
        segment = self.create_rule_segment('call_count', ('>=', 1))
        metric = self.create_metric(model='not.installed')
        with self.assertRaisesRegex(UserError, 'not.installed'), self.cr.savepoint():
            segment.rule_ids.metric_id = metric
        segment.rule_ids.metric_id = self.create_metric()
        segment.rule_ids.metric_id.sudo().model = 'crm.lead'

    def test_used_metric_cannot_be_deleted(self):
        segment = self.create_rule_segment('call_count', ('>=', 1))
        metric = self.create_metric()
        segment.rule_ids.metric_id = metric
        with self.assertRaisesRegex(UserError, 'use the metric'), self.cr.savepoint():
            metric.unlink()
        segment.unlink()
        metric.unlink()

    # === WHAT IS REFUSED === #

    def test_bad_metrics_are_refused_with_the_reason(self):
        for values in (
            {'partner_path': 'user_id'},
            {'partner_path': 'name'},
            {'partner_path': 'user_id.login'},
            {'partner_path': 'user_id.password'},
            {'partner_path': 'message_ids.author_id'},
            {'partner_path': 'partner_id' + '.commercial_partner_id' * 50},
            {'model': 'res.users', 'aggregate': 'max', 'measure': 'password'},
            {'aggregate': 'sum', 'measure': 'name'},
            {'aggregate': 'sum', 'measure': 'meeting_display_date'},
            {'aggregate': 'max', 'measure': 'crm_call_count'},
            {'date_field': 'name'},
            {'domain': "[('no_such_field', '=', 1)]"},
            {'domain': "[('name', '=', __import__('os').getcwd())]"},
            {'domain': "[('user_id.password', '=', 'admin')]"},
            {
                'model': 'res.users.apikeys',
                'partner_path': 'user_id.partner_id',
                'domain': "[('key', '!=', False)]",
            },
            {'domain': '[' * 5000},
            {'domain': '[' + "'|', " * 5000 + ']'},
        ):
            with (
                self.subTest(**values),
                self.assertRaisesRegex((ValidationError, AccessError), '.'),
                self.cr.savepoint(),
            ):
                self.create_metric(**values)
        self.create_metric(partner_path='user_id.partner_id')

    def test_names_that_are_no_fields_are_never_compiled(self):
        for values in (
            {'partner_path': 'partner_id.__class__'},
            {'partner_path': '__class__'},
            {'partner_path': 'partner_id"; DROP TABLE crm_lead; --'},
            {'date_field': 'create_date; SELECT 1'},
            {'model': 'res_users; --'},
        ):
            with self.subTest(**values):
                metric = self.create_metric(**values)
                self.assertFalse(metric.is_available)
                with self.assertRaisesRegex(UserError, 'not installed'), self.cr.savepoint():
                    self.create_segment(rule_ids=[(0, 0, self.prepare_rule(metric, '>=', 1))])

    def test_models_that_the_author_may_not_read_are_refused(self):
        for model in ('ir.rule', 'ir.config_parameter'):
            with self.subTest(model=model), self.assertRaises(AccessError), self.cr.savepoint():
                self.create_metric(model=model, partner_path='create_uid.partner_id')

    def test_fields_for_other_groups_are_refused(self):
        # Odoo has no number of its own that a sales manager may not read.
        self.patch(self.env['crm.lead']._fields['expected_revenue'], 'groups', 'base.group_system')
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.create_metric(aggregate='sum', measure='expected_revenue')
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.create_metric(domain="[('expected_revenue', '>', 1000)]")

    def test_path_without_index_is_told(self):
        self.assertFalse(self.env.ref('crm_segmentation.metric_call_count').warning)
        metric = self.create_metric(partner_path='create_uid.partner_id')
        self.assertIn('create_uid', metric.warning)

    # === RIGHTS === #

    def test_metrics_are_defined_by_managers(self):
        with self.assertRaises(AccessError):
            self.create_metric().with_user(self.salesman).name = 'Mine'
        metric = self.env['crm.segment.metric'].with_user(self.salesman)
        self.assertTrue(metric.search([]))
        employee = new_test_user(self.env, login='metric_employee', groups='base.group_user')
        with self.assertRaises(AccessError):
            metric.with_user(employee).search([])

    def test_who_changes_a_metric_answers_for_its_segments(self):
        metric = self.create_metric()
        segment = self.create_segment(rule_ids=[(0, 0, self.prepare_rule(metric, '>=', 1))])
        other = new_test_user(
            self.env, login='metric_other', groups='sales_team.group_sale_manager'
        )
        metric.with_user(other).name = 'Renamed'
        self.assertEqual(segment.author_id, self.manager)
        metric.with_user(other).domain = "[('type', '=', 'lead')]"
        self.assertEqual(segment.author_id, other)

    def test_who_changes_a_rule_answers_for_its_segment(self):
        segment = self.create_rule_segment('call_count', ('>=', 1))
        other = new_test_user(
            self.env, login='metric_other', groups='sales_team.group_sale_manager'
        )
        for change in (
            lambda rule: rule.write({'value': 2}),
            lambda rule: rule.copy(),
            lambda rule: rule.unlink(),
        ):
            segment.sudo().author_id = self.manager
            change(segment.rule_ids[:1].with_user(other))
            self.assertEqual(segment.author_id, other)

    def test_rules_see_what_their_author_may_see(self):
        secret = self.log_calls(self.alba, '2026-06-01 10:00:00')
        self.log_calls(self.brisa, '2026-06-01 10:00:00')
        self.env['ir.rule'].create(
            {
                'name': 'Hide one',
                'model_id': self.env['ir.model']._get('crm.call').id,
                'domain_force': [('id', '!=', secret.id)],
            }
        )
        segment = self.create_rule_segment('call_count', ('>=', 1))
        segment.sudo().action_apply()
        self.assertEqual(self.open_partners(segment), self.brisa)
