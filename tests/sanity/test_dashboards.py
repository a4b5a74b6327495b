"""Whoever is shown a dashboard may read each of its figures and open what stands behind them."""

import base64
import json

from odoo.fields import Domain
from odoo.tests import HttpCase, TransactionCase, new_test_user, tagged

from odoo.addons.spreadsheet.utils.validate_data import odoo_charts

from tests.suite import records_of_ours

MENU_LINK = '](odoo://ir_menu_xml_id/'


class DashboardCase:
    """The dashboards of ours, each with a user who has no right but one that shows it."""

    @classmethod
    def set_up_dashboards(cls):
        cls.dashboards = records_of_ours(cls.env, 'spreadsheet.dashboard')
        groups = cls.dashboards.group_ids
        names = groups.get_external_id()
        cls.users = {
            group: new_test_user(cls.env, f'dashboard {group.id}', names[group.id])
            for group in groups
        }

    @staticmethod
    def get_book(dashboard):
        return json.loads(base64.b64decode(dashboard.spreadsheet_binary_data))


@tagged('post_install', '-at_install')
class TestDashboards(DashboardCase, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_dashboards()

    def test_every_figure_is_read_by_who_is_shown_it(self):
        for book, user, case in self.each_book():
            filters = {one['id']: one for one in book['globalFilters']}
            for source in self.get_sources(book):
                with self.subTest(**case, model=source['model'], groups=source['groupings']):
                    self.read(source, filters, user)

    def test_every_record_listed_is_read_by_who_is_shown_it(self):
        listed = 0
        for book, user, case in self.each_book():
            for one in book['lists'].values():
                listed += 1
                records = self.env[one['model']].with_user(user)
                order = ', '.join(order['name'] for order in one['orderBy'])
                with self.subTest(**case, model=one['model']):
                    records.search_read(one['domain'], one['columns'], limit=8, order=order)
                    records.search(self.get_filtered(one, book), limit=1)
        self.assertTrue(listed)

    def test_every_link_opens_for_who_is_shown_it(self):
        for book, user, case in self.each_book():
            visible = self.env['ir.ui.menu'].with_user(user)._visible_menu_ids()
            links = self.get_menus(book)
            self.assertGreaterEqual(links.keys(), set(self.get_figures(book)))
            for place, menu in links.items():
                with self.subTest(**case, place=place, menu=menu):
                    self.assertIn(self.env.ref(menu).id, visible)
                    self.assertTrue(self.env.ref(menu).action)
            for chart in odoo_charts(book):
                with self.subTest(**case, chart=chart['id']):
                    action = self.env.ref(chart['actionXmlId'])
                    self.assertEqual(action.res_model, chart['metaData']['resModel'])
                    self.env[action.res_model].with_user(user).check_access('read')

    def test_who_has_no_part_in_it_is_shown_none(self):
        stranger = new_test_user(self.env, 'dashboard stranger', 'base.group_user')
        self.assertTrue(self.dashboards)
        for dashboard in self.dashboards:
            with self.subTest(dashboard=dashboard.name):
                self.assertFalse(dashboard.with_user(stranger).has_access('read'))
                for group in dashboard.group_ids:
                    self.assertTrue(dashboard.with_user(self.users[group]).has_access('read'))

    def test_salespeople_see_what_is_sold_and_agents_what_is_served(self):
        for name, number in (
            ('sales_team.group_sale_salesman', 3),
            ('crm_claims.crm_claims_group_agent', 1),
        ):
            user = self.users[self.env.ref(name)]
            with self.subTest(group=name):
                self.assertEqual(
                    len(self.dashboards.with_user(user)._filtered_access('read')), number
                )

    # === WHAT THE CLIENT ASKS FOR === #

    def each_book(self):
        """Yield the book of each dashboard with each user who is shown it, and their names."""
        self.assertEqual(len(self.dashboards), 4)
        for dashboard in self.dashboards:
            for group in dashboard.group_ids:
                case = {'dashboard': dashboard.name, 'group': group.name}
                yield self.get_book(dashboard), self.users[group], case

    def get_sources(self, book):
        """Return what is asked for: the groupings of each pivot and chart, and its measures."""
        pivots = [
            {
                **pivot,
                'groupings': self.get_groupings(pivot),
                'measures': [
                    ':'.join(filter(None, (one['fieldName'], one.get('aggregator'))))
                    for one in pivot['measures']
                ],
            }
            for pivot in book['pivots'].values()
        ]
        charts = [
            {
                'model': chart['metaData']['resModel'],
                'measures': [chart['metaData']['measure']],
                'groupings': [chart['metaData']['groupBy']],
                'domain': chart['searchParams']['domain'],
                'context': chart['searchParams']['context'],
                'fieldMatching': chart['fieldMatching'],
            }
            for chart in odoo_charts(book)
        ]
        self.assertTrue(pivots and charts)
        return [*pivots, *charts]

    def get_groupings(self, pivot):
        rows, columns = (
            [':'.join(filter(None, (one['fieldName'], one.get('granularity')))) for one in side]
            for side in (pivot['rows'], pivot['columns'])
        )
        return [[], rows, columns, rows + columns]

    def read(self, source, filters, user):
        records = self.env[source['model']].with_user(user).with_context(**source['context'])
        fields = records.fields_get(attributes=['aggregator', 'type', 'currency_field'])
        measures = ['__count']
        for measure in source['measures']:
            measures += self.get_aggregates(measure, fields)
        for grouping in source['groupings']:
            records.formatted_read_group(source['domain'], grouping, measures)
        book = {'globalFilters': filters.values()}
        records.search(self.get_filtered(source, book), limit=1)

    def get_aggregates(self, measure, fields):
        """Return the aggregates of a measure as the client asks for them."""
        name, _colon, aggregator = measure.partition(':')
        if name == '__count':
            return []
        field = fields[name]
        aggregates = [f'{name}:{aggregator or field["aggregator"]}']
        if field['type'] == 'monetary' and field.get('currency_field'):
            aggregates += [f'{field["currency_field"]}:array_agg_distinct', f'{name}:sum_currency']
        return aggregates

    def get_filtered(self, source, book):
        """Return the domain with every filter that holds for the source."""
        filters = {one['id']: one for one in book['globalFilters']}
        domain = Domain(source['domain'])
        for filter_id, matching in source['fieldMatching'].items():
            self.assertIn(filter_id, filters)
            chain = matching['chain']
            if filters[filter_id]['type'] == 'date':
                domain &= Domain(chain, '>=', '2026-01-01') & Domain(chain, '<=', '2026-12-31')
            else:
                field = self.env[source['model']]._fields[chain]
                self.assertEqual(field.comodel_name, filters[filter_id]['modelName'])
                domain &= Domain(chain, 'in', [1])
        return domain

    def get_menus(self, book):
        """Return the menu behind each figure and behind each title of a table."""
        cells = {
            name: content.partition(MENU_LINK)[2][:-1]
            for sheet in book['sheets']
            for name, content in sheet['cells'].items()
            if MENU_LINK in content
        }
        return {**book['chartOdooMenusReferences'], **cells}

    def get_figures(self, book):
        return [figure['id'] for sheet in book['sheets'] for figure in sheet['figures']]


@tagged('post_install', '-at_install')
class TestDashboardSamples(DashboardCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.set_up_dashboards()

    def test_an_empty_dashboard_shows_its_sample_in_the_users_language(self):
        self.env['res.lang']._activate_lang('es_ES')
        self.assertTrue(self.dashboards)
        for dashboard in self.dashboards:
            user = self.users[dashboard.group_ids[:1]]
            user.lang = 'es_ES'
            # a new user has shared nothing yet
            shared = self.env['ir.model']._get('spreadsheet.dashboard.share')
            dashboard.main_data_model_ids = shared
            with self.subTest(dashboard=dashboard.name):
                answer = self.load(dashboard, user)
                self.assertTrue(answer['is_sample'])
                self.assertEqual(answer['snapshot']['settings']['locale']['code'], 'es_ES')
                namespace = dashboard.get_external_id()[dashboard.id].partition('.')[0]
                self.assertEqual(answer['translation_namespace'], namespace)

    def test_with_data_it_shows_them(self):
        self.env['crm.lead'].create({'name': 'One'})
        dashboard = self.env.ref('crm_extended.crm_dashboard_pipeline')
        answer = self.load(dashboard, self.users[dashboard.group_ids])
        self.assertNotIn('is_sample', answer)
        self.assertTrue(answer['snapshot']['pivots'])

    def load(self, dashboard, user):
        self.authenticate(user.login, user.login)
        response = self.url_open(f'/spreadsheet/dashboard/data/{dashboard.id}')
        response.raise_for_status()
        return response.json()
