"""A report opens on its answer: one graph, few measures, a pivot that is no wider than a screen."""

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools.safe_eval import safe_eval

from tests.suite import records_of_ours

MOST_MEASURES = 5
MOST_GROUPS = 2
# What shows from its first day on: levels, what is to come, and what has no time.
TIMELESS = {
    'crm.campaign.report': 'each campaign has its own time',
    'crm.contract': 'what runs now, and what ends',
    'crm.contract.forecast.line': 'what is to come',
    'crm.contract.mrr.movement': 'a level is the sum of all its movements',
    'crm.segment.size': 'a level',
    'service.claim.line': 'products, whenever they were sold',
}


@tagged('post_install', '-at_install')
class TestReports(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reports = records_of_ours(cls.env, 'ir.actions.act_window').filtered(
            lambda action: action.view_mode.split(',')[0] in ('graph', 'pivot')
        )

    def test_every_report_opens_on_a_graph_of_one_measure(self):
        checked = 0
        for report in self.reports:
            checked += 1
            with self.subTest(report=report.name):
                self.assertEqual(report.view_mode.split(',')[0], 'graph')
                graph = self._get_arch(report, 'graph')
                measures = graph.findall("./field[@type='measure']")
                self.assertLessEqual(len(measures), 1)
                groups = [node for node in graph if self._is_group(report, node)]
                self.assertTrue(groups)
                self.assertLessEqual(len(groups), MOST_GROUPS)
        self.assertTrue(checked)

    def test_no_pivot_begins_wider_than_a_screen(self):
        checked = 0
        for report in self.reports.filtered(lambda one: 'pivot' in one.view_mode):
            checked += 1
            with self.subTest(report=report.name):
                pivot = self._get_arch(report, 'pivot')
                measures = pivot.findall("./field[@type='measure']")
                columns = pivot.findall("./field[@type='col']")
                self.assertLessEqual(len(columns), 1)
                self.assertLessEqual(len(measures), 2 if columns else MOST_MEASURES)
        self.assertTrue(checked)

    def test_what_happens_in_time_opens_on_its_last_months(self):
        checked = 0
        for report in self.reports.filtered(lambda one: one.res_model not in TIMELESS):
            context = safe_eval(report.context, {'uid': self.env.uid})
            filters = [name for name in context if name.startswith('search_default_')]
            checked += 1
            with self.subTest(report=report.name):
                self.assertTrue(filters, 'nothing keeps ten years off the graph')
        self.assertTrue(checked)

    # === HELPERS === #

    def _get_arch(self, report, mode):
        view_id = next(view_id for view_id, view_mode in report.views if view_mode == mode)
        return etree.fromstring(self.env[report.res_model].get_view(view_id, mode)['arch'])

    def _is_group(self, report, node):
        field = self.env[report.res_model]._fields[node.get('name')]
        is_hidden = node.get('invisible') in ('1', 'True')
        return not is_hidden and not node.get('type') and not field.aggregator
