from datetime import date, timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import mute_logger

from ..common import NOW, CrmExtendedCase


@tagged('post_install', '-at_install')
class TestCaptureFields(CrmExtendedCase, HttpCase):
    """What a manager says about the fields of a website."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.lead_properties_definition = [
            {'name': 'zone', 'string': 'Zone', 'type': 'selection', 'selection': [['n', 'North']]},
            {'name': 'size', 'string': 'Size', 'type': 'integer'},
            {'name': 'when', 'string': 'When', 'type': 'date'},
            {'name': 'friend', 'string': 'Friend', 'type': 'many2one', 'comodel': 'res.partner'},
        ]
        cls.form = cls.env['crm.capture.form'].create(
            {'name': 'Contact page', 'team_id': cls.team.id, 'user_id': cls.salesman.id}
        )

    def say(self, **targets):
        self.form.with_user(self.manager).write(
            {
                'field_ids': [
                    Command.clear(),
                    *(Command.create({'name': n, 'target': t}) for n, t in targets.items()),
                ]
            }
        )

    def capture(self, raw_post):
        visitor = self.form.with_user(self.env.ref('base.public_user')).sudo()
        reference = visitor._capture(raw_post)
        return self.env['crm.lead'].search([('crm_capture_reference', '=', reference)])

    def test_map_fills_fields_and_properties_and_leaves_out(self):
        self.say(
            code='expected_revenue',
            priority='priority',
            closing='date_deadline',
            land='country_id',
            zona='lead_properties.zone',
            tamaño='lead_properties.size',
            cuando='lead_properties.when',
            name='contact_name',
            secret='left_out',
        )
        lead = self.capture(
            {
                'name': 'Ana',
                'Code-1': '1.234,5',
                'priority': 'high',
                'closing': '2/3/2026',
                'Land': 'es',
                'zona': 'north',
                'Tamaño:': '12',
                'cuando': '2026-05-01',
                'secret': 'x7',
            }
        )
        self.assertRecordValues(
            lead,
            [
                {
                    'contact_name': 'Ana',
                    'name': 'Request from Ana',
                    'expected_revenue': 1234.5,
                    'priority': '2',
                    'date_deadline': date(2026, 3, 2),
                    'country_id': self.env.ref('base.es').id,
                }
            ],
        )
        self.assertFalse(lead.description)
        kept = dict(lead.lead_properties._values)
        self.assertEqual(kept, {'zone': 'n', 'size': 12, 'when': '2026-05-01'})

    def test_what_is_no_value_there_is_a_line_of_the_notes(self):
        self.say(code='expected_revenue', land='country_id', zona='lead_properties.zone')
        lead = self.capture({'contact_name': 'Ana', 'code': 'much', 'land': 'Utopia', 'zona': 'up'})
        for line in ('Expected Revenue: much', 'Country: Utopia', 'up'):
            self.assertIn(line, lead.description)
        self.form.team_id = False
        lead = self.capture({'contact_name': 'Eva', 'zona': 'n'})
        self.assertIn(': n', lead.description, 'without the team there is no such property')

    def test_unknown_names_are_offered_once_and_forgotten_after_a_season(self):
        with freeze_time(NOW):
            for number in range(2):
                self.capture({'contact_name': f'A{number}', 'Zona': 'x', 'ZONA 2': 'y', '¿?': 'z'})
            self.capture({'contact_name': 'B', '_nonce': 'x', 'phone': '1', 'gclid': 'c'})
        offered = self.form.field_ids
        self.assertEqual(offered.mapped('name'), ['ZONA 2'])
        self.assertEqual((offered.target, offered.date), ('notes', NOW.date()))
        with freeze_time(NOW + timedelta(days=60)):
            self.capture({'contact_name': 'C', 'zona': 'x'})
            self.say(zona='city')
            self.capture({'contact_name': 'D', 'zona': 'Zaragoza', 'Otra': 'x'})
        with freeze_time(NOW + timedelta(days=151)):
            self.env['crm.capture.field']._gc_names()
        self.assertRecordValues(self.form.field_ids, [{'name': 'zona', 'target': 'city'}])

    def test_strangers_do_not_fill_the_list(self):
        self.capture({'contact_name': 'A', **{f'f{number}x': 'v' for number in range(60)}})
        self.capture({'contact_name': 'B', 'one more': 'v'})
        self.assertEqual(len(self.form.field_ids), 60)

    def test_long_post_costs_no_query_more_than_a_short_one(self):
        visitor = self.form.with_user(self.env.ref('base.public_user')).sudo()

        def count(number, width):
            post = {'contact_name': f'n{number}', **{f'f{n}x': 'v' for n in range(width)}}
            return self._count_queries(lambda: visitor._capture(post))

        count(0, 1)
        self.assertEqual(count(1, 1), count(2, 50))

    def test_stranger_chooses_neither_salesperson_nor_company(self):
        targets = dict(self.env['crm.capture.field']._get_targets())
        for name in (
            'user_id',
            'team_id',
            'company_id',
            'stage_id',
            'active',
            'partner_id',
            'type',
        ):
            self.assertNotIn(name, targets)
        self.assertNotIn('lead_properties.friend', targets)
        self.assertLess(
            {'contact_name', 'left_out', 'expected_revenue', 'country_id'}, set(targets)
        )
        with self.assertRaisesRegex(ValidationError, 'a cannot be user_id'):
            self.say(a='user_id')

    @mute_logger('odoo.sql_db')
    def test_map_is_the_managers_and_says_each_name_once(self):
        with Form(self.form.with_user(self.manager)) as form, form.field_ids.new() as line:
            line.name = 'Zona'
            line.target = 'city'
        with self.assertRaises(AccessError):
            self.form.field_ids.with_user(self.salesman).read(['name'])
        with self.assertRaises(AccessError):
            self.form.field_ids.with_user(self.manager).date = '2026-01-01'
        with self.assertRaises(UniqueViolation):
            self.form.field_ids.copy()
            self.env.flush_all()
