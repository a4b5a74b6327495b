from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import CrmExtendedCase

# counter, button, what the salesperson counts, what all count
COUNTERS = (
    ('crm_opportunity_count', 'action_view_crm_opportunities', 2, 3),
    ('crm_won_count', 'action_view_crm_won', 1, 1),
    ('crm_lost_count', 'action_view_crm_lost', 0, 2),
    ('crm_open_count', 'action_view_crm_open', 2, 2),
    ('crm_lead_count', 'action_redirect_to_leads_opportunities', 3, 5),
)


class CampaignCase(CrmExtendedCase):
    """A campaign of 1,000 that brought, in the company's currency:

    =====  ===========  =======  =========  ===========
    lead   type         state    revenue    salesperson
    =====  ===========  =======  =========  ===========
    1      lead         open     --         salesman
    2      opportunity  open     700        salesman
    3      opportunity  won      5,000      salesman
    4      opportunity  lost     900        colleague
    5      lead         lost     --         colleague
    =====  ===========  =======  =========  ===========
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env['utm.campaign'].create(
            {'title': 'Radio autumn', 'crm_cost': 1000, 'crm_budget': 4000}
        )
        cls.won_stage = cls.env['crm.stage'].create({'name': 'Signed', 'is_won': True})
        cls.leads = cls.env['crm.lead'].create(
            [
                cls._prepare_lead(type='lead'),
                cls._prepare_lead(expected_revenue=700),
                cls._prepare_lead(expected_revenue=5000, stage_id=cls.won_stage.id),
                cls._prepare_lead(expected_revenue=900, user_id=cls.colleague.id),
                cls._prepare_lead(type='lead', user_id=cls.colleague.id),
            ]
        )
        cls.leads[2].action_set_won()
        cls.leads[3:].action_set_lost()

    def _get_campaign(self, user):
        """Core's counter of leads forgets that users see different leads."""
        self.campaign.invalidate_recordset(['crm_lead_count'])
        return self.campaign.with_user(user)

    @classmethod
    def _prepare_lead(cls, **values):
        return {
            'name': 'Spot',
            'type': 'opportunity',
            'campaign_id': cls.campaign.id,
            'user_id': cls.salesman.id,
            **values,
        }


@tagged('post_install', '-at_install')
class TestCampaignFigures(CampaignCase):
    def test_lost_won_and_open_are_told_apart(self):
        campaign = self.campaign.with_user(self.manager)
        self.assertEqual(campaign.crm_lead_count, 5)
        self.assertEqual(campaign.crm_opportunity_count, 3)
        self.assertEqual(campaign.crm_won_count, 1)
        self.assertEqual(campaign.crm_lost_count, 2)
        self.assertEqual(campaign.crm_open_count, 2)

    def test_money_and_ratios(self):
        campaign = self.campaign.with_user(self.manager)
        self.assertEqual(campaign.crm_currency_id, self.env.company.currency_id)
        self.assertEqual(campaign.crm_won_revenue, 5000)
        self.assertAlmostEqual(campaign.crm_conversion_rate, 0.2)
        self.assertEqual(campaign.crm_cost_per_lead, 200)
        self.assertEqual(campaign.crm_cost_per_won, 1000)
        self.assertAlmostEqual(campaign.crm_roi, 4.0)
        self.assertAlmostEqual(campaign.crm_budget_used, 25)

    def test_campaign_without_cost_or_leads_divides_by_nothing(self):
        self.campaign.write({'crm_cost': 0, 'crm_budget': 0})
        self.assertEqual(self.campaign.crm_roi, 0)
        self.assertEqual(self.campaign.crm_cost_per_lead, 0)
        self.assertEqual(self.campaign.crm_budget_used, 0)
        empty = self.env['utm.campaign'].create({'title': 'Empty', 'crm_cost': 100})
        self.assertEqual(empty.crm_conversion_rate, 0)
        self.assertEqual(empty.crm_cost_per_won, 0)
        self.assertEqual(empty.crm_roi, -1)

    def test_figures_follow_the_cost_while_typing(self):
        with Form(self.campaign.with_user(self.manager)) as form:
            form.crm_cost = 2500
            self.assertAlmostEqual(form.crm_roi, 1.0)

    def test_buttons_open_what_they_count(self):
        for user in (self.salesman, self.coordinator, self.manager):
            campaign = self._get_campaign(user)
            for counter, method, own, all_of_them in COUNTERS:
                action = getattr(campaign, method)()
                opened = (
                    self.env[action['res_model']]
                    .with_user(user)
                    .with_context(**action['context'])
                    .search(action['domain'])
                )
                with self.subTest(user=user.name, counter=counter):
                    self.assertEqual(len(opened), campaign[counter])
                    self.assertEqual(len(opened), own if user == self.salesman else all_of_them)

    def test_salesperson_counts_the_leads_he_may_see(self):
        campaign = self.campaign.with_user(self.salesman)
        self.assertEqual(campaign.crm_lead_count, 3)
        self.assertEqual(campaign.crm_lost_count, 0)

    def test_revenue_is_converted_to_the_currency_of_the_campaign(self):
        dollar = self._new_currency('CXA', 2.0)
        self.campaign.crm_currency_id = dollar
        self.assertAlmostEqual(self.campaign.crm_won_revenue, 10000)
        self.assertAlmostEqual(self.campaign.crm_roi, 9.0)

    def test_each_user_sees_the_companies_selected(self):
        currency = self._new_currency('CXB', 4.0)
        branch = self.env['res.company'].create({'name': 'Branch', 'currency_id': currency.id})
        lead = self._prepare_lead(company_id=branch.id, user_id=False, expected_revenue=400)
        lead = self.env['crm.lead'].create({**lead, 'stage_id': self.won_stage.id})
        lead.action_set_won()
        director = new_test_user(
            self.env,
            login='crm_extended_two_companies',
            groups='sales_team.group_sale_manager',
            company_ids=[Command.set((branch | self.env.company).ids)],
        )
        campaign = self.campaign.with_user(director)
        main, both = self.env.company.ids, (self.env.company | branch).ids
        for companies, number, revenue in ((main, 1, 5000), (branch.ids, 1, 100), (both, 2, 5100)):
            seen = campaign.with_context(allowed_company_ids=companies)
            with self.subTest(companies=companies):
                self.assertEqual(seen.crm_won_count, number)
                self.assertAlmostEqual(seen.crm_won_revenue, revenue)

    def test_figures_take_the_same_queries_for_ten_and_for_a_thousand(self):
        campaigns = self.env['utm.campaign'].create(
            [{'title': f'Bulk {i}', 'crm_cost': 10} for i in range(1010)]
        )
        # nobody has to be told of each
        quiet = self.env['crm.lead'].with_context(tracking_disable=True)
        quiet.create([self._prepare_lead(campaign_id=c.id) for c in campaigns])
        names = [
            name
            for name, field in campaigns._fields.items()
            if field.compute == '_compute_crm_figures'
        ]

        def count(some):
            some = some.with_user(self.manager).with_prefetch(some.ids)
            return self._count_queries(lambda: some.read(names))

        few = count(campaigns[:10])
        self.assertLessEqual(count(campaigns[10:]), few + 1)  # the ORM reads 1,000 at a time

    def _new_currency(self, name, rate):
        currency = self.env['res.currency'].create({'name': name, 'symbol': name})
        own = self.env.company.currency_id._get_rates(self.env.company, fields.Date.today())
        self.env['res.currency.rate'].create(
            {
                'currency_id': currency.id,
                'company_id': False,
                'name': '2020-01-01',
                'rate': rate * own[self.env.company.currency_id.id],
            }
        )
        return currency


@tagged('post_install', '-at_install')
class TestCampaignReport(CampaignCase):
    def _sum(self, user, *measures, groupby=()):
        return (
            self.env['crm.campaign.report']
            .with_user(user)
            ._read_group([('campaign_id', '=', self.campaign.id)], groupby, measures)
        )

    def test_report_agrees_with_the_campaign(self):
        for user in (self.salesman, self.coordinator, self.manager):
            campaign = self._get_campaign(user)
            self.assertTrue(campaign.crm_won_revenue)
            figures = {
                'lead_count:sum': campaign.crm_lead_count,
                'opportunity_count:sum': campaign.crm_opportunity_count,
                'won_count:sum': campaign.crm_won_count,
                'lost_count:sum': campaign.crm_lost_count,
                'open_count:sum': campaign.crm_open_count,
                'won_revenue:sum': campaign.crm_won_revenue,
                'budget:sum': campaign.crm_budget,
                'cost:sum': campaign.crm_cost,
                'conversion_rate:avg': campaign.crm_conversion_rate,
                'cost_per_lead:avg': campaign.crm_cost_per_lead,
                'cost_per_won:avg': campaign.crm_cost_per_won,
                'roi:avg': campaign.crm_roi,
            }
            [row] = self._sum(user, *figures)
            for (name, expected), value in zip(figures.items(), row, strict=True):
                with self.subTest(user=user.name, figure=name):
                    self.assertAlmostEqual(float(value or 0), expected, places=2)

    def test_rows_of_others_and_of_other_companies_stay_hidden(self):
        report = self.env['crm.campaign.report']
        domain = [('campaign_id', '=', self.campaign.id)]
        rows = report.with_user(self.salesman).search(domain)
        self.assertEqual(rows.user_id, self.salesman)
        company = self.env['res.company'].create({'name': 'Elsewhere'})
        director = new_test_user(
            self.env,
            login='crm_extended_elsewhere',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.leads.company_id = self.env.company
        self.assertFalse(report.with_user(director).search(domain).user_id)
        self.assertEqual(sum(report.with_user(director).search(domain).mapped('lead_count')), 0)

    def test_only_salespeople_read_it_and_nobody_writes(self):
        report = self.env['crm.campaign.report']
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                report.with_user(user).search([])
        row = report.with_user(self.manager).search([('campaign_id', '=', self.campaign.id)])[0]
        with self.assertRaises(AccessError):
            row.won_count = 2


@tagged('post_install', '-at_install')
class TestCampaignRights(CampaignCase):
    def test_salesperson_reads_and_manager_enters_money(self):
        campaign = self.campaign.with_user(self.salesman)
        self.assertEqual(campaign.crm_cost, 1000)
        self.assertFalse(campaign.crm_can_edit_money)
        campaign.title = 'Radio October'
        for values in (
            {'crm_cost': 1},
            {'crm_budget': 1},
            {'crm_currency_id': self.env.ref('base.USD').id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                campaign.write(values)
        with self.assertRaises(AccessError):
            campaign.create({'title': 'Mine', 'crm_cost': 5})
        self.assertTrue(campaign.create({'title': 'Mine'}))
        self.campaign.with_user(self.manager).write({'crm_cost': 1})

    def test_salesperson_makes_a_campaign_in_the_form(self):
        with Form(self.env['utm.campaign'].with_user(self.salesman)) as form:
            form.title = 'Mine'
            form.crm_type_id = self.env.ref('crm_extended.crm_campaign_type_radio')
        self.assertEqual(form.record.crm_currency_id, self.env.company.currency_id)

    def test_campaigns_stay_usable_without_sales_rights(self):
        with Form(self.campaign.with_user(self.outsider)) as form:
            self.assertNotIn('crm_cost', form._view['fields'])
            form.title = 'Radio November'
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.outsider).read(['crm_cost'])

    def test_types_are_for_managers_to_change(self):
        campaign_type = self.env.ref('crm_extended.crm_campaign_type_trade_fair')
        self.assertEqual(campaign_type.with_user(self.salesman).name, 'Trade fair')
        with self.assertRaises(AccessError):
            campaign_type.with_user(self.salesman).name = 'Fair'
        campaign_type.with_user(self.manager).name = 'Fair'

    def test_wrong_dates_and_amounts_are_refused(self):
        for constraint, values in (
            ('dates_in_order', {'crm_date_start': '2026-05-02', 'crm_date_end': '2026-05-01'}),
            ('money_not_negative', {'crm_budget': -1}),
            ('money_not_negative', {'crm_cost': -1}),
        ):
            with (
                self.subTest(values=values),
                mute_logger('odoo.sql_db'),
                self.assertRaisesRegex(CheckViolation, f'utm_campaign_crm_{constraint}'),
                self.env.cr.savepoint(),
            ):
                self.campaign.write(values)
        self.campaign.write({'crm_date_start': '2026-05-01', 'crm_date_end': '2026-05-01'})
        self.campaign.write({'crm_budget': 0, 'crm_cost': 0})
