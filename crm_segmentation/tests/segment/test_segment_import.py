from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.sql import table_exists

from ..common import SegmentCase

TABLES = """
CREATE TABLE crm_segmentation (
    id serial PRIMARY KEY, name varchar, categ_id integer, exclusif boolean,
    sales_purchase_active boolean
);
CREATE TABLE crm_segmentation_line (
    id serial PRIMARY KEY, name varchar, categ_id integer, expr_name varchar,
    expr_operator varchar, expr_value float, operator varchar
);
"""
FILTER_TABLE = """
CREATE TABLE mailing_filter (
    id serial PRIMARY KEY, name varchar, mailing_domain varchar, mailing_model_id integer
)
"""


@tagged('post_install', '-at_install')
class TestSegmentImport(SegmentCase):
    """A database that was migrated with its classic tables."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env,
            login='segment_administrator',
            groups='base.group_system,sales_team.group_sale_manager',
        )
        cls.env.cr.execute(TABLES)
        if not table_exists(cls.env.cr, 'mailing_filter'):
            cls.env.cr.execute(FILTER_TABLE)

    def _add_classic(self, name, *lines, exclusive=False, active=True):
        self.env.cr.execute(
            'INSERT INTO crm_segmentation (name, categ_id, exclusif, sales_purchase_active)'
            ' VALUES (%s, %s, %s, %s) RETURNING id',
            [name, self.tag.id, exclusive, active],
        )
        [segmentation_id] = self.env.cr.fetchone()
        for line in lines:
            self.env.cr.execute(
                'INSERT INTO crm_segmentation_line'
                ' (categ_id, expr_name, expr_operator, expr_value, operator)'
                ' VALUES (%s, %s, %s, %s, %s)',
                [segmentation_id, *line],
            )

    def _add_filter(self, name, domain, model='res.partner'):
        self.env.cr.execute(
            'INSERT INTO mailing_filter (name, mailing_domain, mailing_model_id)'
            ' VALUES (%s, %s, %s)',
            [name, domain, self.env['ir.model']._get_id(model)],
        )

    def _open(self):
        return Form(self.env['crm.segment.import'].with_user(self.administrator))

    def _import(self):
        action = self._open().save().action_import()
        return self.env['crm.segment'].search(action['domain'])

    def _get_problems(self):
        return {
            source['name']: source['problem']
            for source in self.env['crm.segment.import']._find_sources()
        }

    def test_classic_amounts_become_rules(self):
        self._add_classic(
            'Big customers',
            ('sale', '>', 1000, 'and'),
            ('sale', '<', 9000, 'and'),
            exclusive=True,
        )
        segment = self._import()
        self.assertRecordValues(
            segment,
            [
                {
                    'name': 'Big customers',
                    'category_id': self.tag.id,
                    'mode': 'dynamic',
                    'match': 'all',
                    'next_refresh': False,
                    'last_run': False,
                }
            ],
        )
        metric = self.env.ref('crm_segmentation.metric_invoiced_amount')
        self.assertRecordValues(
            segment.rule_ids,
            [
                {'metric_id': metric.id, 'operator': '>', 'value': 1000},
                {'metric_id': metric.id, 'operator': '<', 'value': 9000},
            ],
        )
        self.assertFalse(self.open_partners(segment), 'nothing is applied by importing')

    def test_optional_lines_mean_at_least_one_and_others_never_leave(self):
        self._add_classic('Any', ('sale', '>', 10, 'or'), ('sale', '=', 5, 'or'))
        segment = self._import()
        self.assertEqual(segment.match, 'any')
        self.assertEqual(segment.mode, 'additive')

    def test_what_cannot_be_translated_says_why_and_is_left_out(self):
        self._add_classic('Everybody', active=False)
        self._add_classic('Suppliers', ('purchase', '>', 10, 'and'))
        self._add_classic(
            'Mixed', ('sale', '>', 1, 'and'), ('sale', '=', 5, 'or'), ('sale', '=', 6, 'or')
        )
        self._add_filter('Leads', "[('name', '=', 'x')]", model='crm.lead')
        self._add_filter('Outdated', "[('title', '=', 'x')]")
        problems = self._get_problems()
        self.assertIn('everybody', problems['Everybody'])
        self.assertIn('purchases', problems['Suppliers'])
        self.assertIn('mixes', problems['Mixed'])
        self.assertIn('not about contacts', problems['Leads'])
        self.assertIn('title', problems['Outdated'])
        self.assertFalse(self._import())

    def test_mailing_filter_becomes_criteria(self):
        self._add_filter('Spanish', "[('ref', '=', 'SEG-ES')]")
        segment = self._import()
        self.assertEqual(segment._preview(), {segment.id: 3})

    def test_second_import_finds_nothing_new(self):
        self._add_filter('Spanish', "[('ref', '=', 'SEG-ES')]")
        first = self._import()
        first.action_archive()
        self.assertFalse(self._import())
        with self._open().line_ids.edit(0) as line:
            self.assertEqual(line.segment_id, first)
            self.assertFalse(line.selected)

    def test_only_what_was_selected_is_imported(self):
        self._add_filter('Spanish', "[('ref', '=', 'SEG-ES')]")
        self._add_filter('French', "[('ref', '=', 'SEG-FR')]")
        form = self._open()
        with form.line_ids.edit(0) as line:
            line.selected = False
        action = form.save().action_import()
        self.assertEqual(self.env['crm.segment'].search(action['domain']).name, 'French')

    def test_tables_without_their_optional_columns_are_read(self):
        self.env.cr.execute('ALTER TABLE crm_segmentation DROP COLUMN exclusif')
        self._add_filter('Spanish', "[('ref', '=', 'SEG-ES')]")
        self.assertEqual(self._get_problems(), {'Spanish': False})

    def test_only_administrators_import(self):
        for user in (self.manager, self.salesman):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env['crm.segment.import'].with_user(user).create({})
        self.env['crm.segment.import'].with_user(self.administrator).create({})
