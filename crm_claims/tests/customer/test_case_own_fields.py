from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import CASE_MODELS
from .common import ServicePortalCommon

EVIL = '<script>alert(1)</script>'


def own_field(name, kind='char', customer=None, **more):
    definition = {'name': name, 'string': name.title(), 'type': kind, **more}
    return {**definition, 'service_customer': customer} if customer else definition


@tagged('post_install', '-at_install')
class TestCaseOwnFields(ServicePortalCommon):
    """A team asks for the serial number; the category Installation for the floor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.desk.case_properties_definition = [
            own_field('serial', customer='required'),
            own_field('pieces', 'integer', customer='asked', suffix='pcs'),
            own_field('due', 'date', customer='shown'),
            own_field('margin', 'float'),
        ]
        colors = [['r', 'Red'], ['b', 'Blue']]
        cls.category = cls.env['service.category'].create(
            {
                'name': 'Installation',
                'is_offered': True,
                'case_properties_definition': [
                    own_field('color', 'selection', customer='asked', selection=colors),
                    own_field('ok', 'boolean', customer='asked'),
                ],
            }
        )
        cls.env['service.team'].search([('id', '!=', cls.desk.id)]).active = False

    def send(self, kind='tickets', **data):
        model = self.env['service.ticket' if kind == 'tickets' else 'service.claim']
        last = model.search([], order='id desc', limit=1).id
        response = self.post(f'/my/service/{kind}/new', data={'name': 'It leaks', **data})
        return response, model.search([('id', '>', last)])

    def prepare_new_field(self):
        return {**own_field('floor'), 'definition_changed': True, 'value': '3'}

    def test_managers_define_and_agents_fill_in(self):
        for model_name in CASE_MODELS:
            case = self.create_case(
                model_name,
                category_id=self.category.id,
                team_id=self.desk.id,
                user_id=self.agent.id,
            )
            by_agent = case.with_user(self.agent)
            with Form(by_agent) as form:
                form.priority = '2'
            by_agent.team_properties = {'serial': 'A-7', 'margin': 0.5}
            self.assertEqual(case.team_properties['serial'], 'A-7')
            found = self.env[model_name].search([('team_properties.serial', '=', 'A-7')])
            self.assertEqual(found, case)
            with self.assertRaises(AccessError):
                by_agent.team_properties = [self.prepare_new_field()]
            by_manager = self.create_case(model_name).with_user(self.manager)
            definition = self.category.case_properties_definition
            by_manager.category_id = self.category
            by_manager.category_properties = [*definition, self.prepare_new_field()]
            self.assertEqual(by_manager.category_properties['floor'], '3')
            self.category.case_properties_definition = definition

    def test_use_by_customers_is_one_of_those_known(self):
        with self.assertRaises(ValueError):
            self.desk.case_properties_definition = [own_field('x', customer='everybody')]

    def test_fields_of_another_team_go_with_it(self):
        case = self.create_case(team_id=self.desk.id, team_properties={'serial': 'A-7'})
        other = self.env['service.team'].create({'name': 'Other'})
        case.team_id = other
        self.assertFalse(case.team_properties)

    # === PORTAL === #

    def test_customer_sees_what_is_for_him_and_cannot_read_the_rest(self):
        values = {'serial': EVIL, 'pieces': 3, 'due': '2026-03-01', 'margin': 77.25}
        case = self.create_case(
            team_id=self.desk.id,
            team_properties=values,
            category_id=self.category.id,
            category_properties={'color': 'b', 'ok': True},
        )
        self.assertEqual(
            [label for label, _text in case._get_shown_fields()],
            ['Serial', 'Pieces', 'Due', 'Color', 'Ok'],
        )
        self.enter(self.lucia)
        page = self.get(case.access_url).text
        for text in ('3 pcs', '03/01/2026', 'Blue', '&lt;script&gt;'):
            self.assertIn(text, page)
        for text in (EVIL, 'Margin', '77.25'):
            self.assertNotIn(text, page)
        with mute_logger('odoo.orm.models'), self.assertRaises(AccessError):
            case.with_user(self.lucia).read(['team_properties'])

    def test_portal_form_asks_for_what_team_and_category_ask(self):
        self.enter(self.lucia)
        page = self.get('/my/service/tickets/new').text
        self.assertIn('team_properties.serial', page)
        self.assertIn('Installation', page)
        for name in ('category_properties.color', 'team_properties.due', 'margin'):
            self.assertNotIn(name, page)
        response, ticket = self.send(
            refresh='1', category_id=self.category.id, description='A long story'
        )
        self.assertFalse(ticket, 'choosing a category sends nothing')
        self.assertIn('category_properties.color', response.text)
        self.assertIn('A long story', response.text)

    def test_answers_are_checked_and_taken(self):
        self.enter(self.lucia)
        for kind in ('tickets', 'claims'):
            response, case = self.send(kind)
            self.assertIn('Fill in &#34;Serial&#34;', response.text)
            self.assertFalse(case)
            response, case = self.send(
                kind, **{'team_properties.serial': EVIL, 'team_properties.pieces': 'many'}
            )
            self.assertIn('has to be a number', response.text)
            self.assertNotIn(EVIL, response.text)
            self.assertFalse(case)
            _response, case = self.send(
                kind,
                **{
                    'team_properties.serial': ' A-7 ',
                    'team_properties.margin': '99',
                    'team_properties.due': '2026-01-01',
                    'category_id': self.category.id,
                    'category_properties.color': 'b',
                },
            )
            self.assertEqual(case.category_id, self.category)
            self.assertEqual(dict(case.team_properties._values), {'serial': 'A-7'})
            expected = {'color': 'b', 'ok': False}
            self.assertEqual(dict(case.category_properties._values), expected)

    def test_category_that_is_not_offered_is_not_taken(self):
        self.category.is_offered = False
        self.enter(self.lucia)
        self.assertNotIn('service_category', self.get('/my/service/tickets/new').text)
        for category_id in (self.category.id, 'x', '-1', '9' * 30):
            _response, case = self.send(
                **{'category_id': category_id, 'team_properties.serial': 'A-7'}
            )
            self.assertTrue(case)
            self.assertFalse(case.category_id)

    def test_own_fields_cost_the_same_for_few_and_many(self):
        def create(total):
            values = {
                'name': 'The press leaks',
                'partner_id': self.contact.id,
                'team_id': self.desk.id,
                'category_id': self.category.id,
                'team_properties': {'serial': 'A-7'},
            }
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env['service.ticket'].create([dict(values) for _number in range(total)])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        create(1)
        self.assertLessEqual(create(200), create(10) + 10)

    def test_wrong_answer_says_which_field(self):
        tickets = self.env['service.ticket']
        for name, text, words in (
            ('pieces', '1.5', '"Pieces" has to be a number.'),
            ('serial', ' ', 'Fill in "Serial", please.'),
        ):
            form = {'team_properties.serial': 'A', f'team_properties.{name}': text}
            with self.assertRaises(ValidationError) as caught:
                tickets._prepare_answers(form, self.desk, self.category)
            self.assertEqual(caught.exception.args[0], words)
        form = {'team_properties.serial': 'A', 'category_properties.color': 'Blue'}
        with self.assertRaisesRegex(ValidationError, 'Choose one of the list for "Color"'):
            tickets._prepare_answers(form, self.desk, self.category)
