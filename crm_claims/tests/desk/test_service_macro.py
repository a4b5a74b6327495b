import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import DeskCommon


@tagged('post_install', '-at_install')
class TestServiceMacro(DeskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        macros = cls.env['service.macro']
        cls.of_repairs = macros.create(
            {'name': 'Repairs', 'user_id': False, 'team_ids': [Command.set(cls.repairs.ids)]}
        )
        cls.own = macros.with_user(cls.agent).create({'name': 'Mine'})
        cls.all = cls.macro | cls.of_repairs | cls.own

    def test_agents_use_their_own_those_of_their_teams_and_those_of_everybody(self):
        for user, macros in (
            (self.agent, self.all),
            (self.leader, self.macro | self.of_repairs),
            (self.colleague, self.macro),
            (self.manager, self.all),
        ):
            found = self.env['service.macro'].with_user(user).search([('id', 'in', self.all.ids)])
            self.assertEqual(found, macros, user.name)
        for user in (self.salesman, self.employee):
            with self.assertRaises(AccessError):
                self.env['service.macro'].with_user(user).search([])

    def test_agents_change_their_own_and_managers_what_is_shared(self):
        self.assertEqual(self.own.user_id, self.agent)
        self.own.with_user(self.agent).name = 'Still mine'
        for macro, user in (
            (self.macro, self.agent),
            (self.of_repairs, self.leader),
            (self.own, self.colleague),
        ):
            with self.assertRaises(AccessError):
                macro.with_user(user).name = 'Hijacked'
        for values in ({'user_id': False}, {'user_id': self.colleague.id}):
            with self.assertRaises(AccessError):
                self.own.with_user(self.agent).write(values)
        self.all.with_user(self.manager).write({'sequence': 5})
        with Form(self.env['service.macro'].with_user(self.manager)) as form:
            form.name = 'For all'
        self.assertFalse(form.record.user_id)

    def test_macro_of_another_is_neither_used_nor_learned_from(self):
        ticket = self.create_case(team_id=self.desk.id)
        for macro in (self.own, self.of_repairs):
            with self.assertRaises(AccessError):
                self.compose(ticket, self.colleague, service_macro_id=macro)

    def test_agents_write_safe_placeholders_only(self):
        macros = self.env['service.macro'].with_user(self.agent)
        safe = macros.create({'name': 'Safe', 'body': '<p><t t-out="object.number"/></p>'})
        ticket = self.create_case()
        self.assertIn(ticket.number, safe._render_texts(ticket)[ticket.id])
        unsafe = '<p><t t-out="object.env.cr.dbname"/></p>'
        with self.assertRaises(AccessError):
            macros.create({'name': 'Unsafe', 'body': unsafe})
        with self.assertRaises(AccessError):
            safe.body = unsafe

    def test_what_the_customer_is_called_is_no_html(self):
        self.customer.name = '<b>Bold</b> & Co'
        ticket = self.create_case()
        self.assertIn('&lt;b&gt;Bold', self.macro._render_texts(ticket)[ticket.id])

    def test_hands_to_a_team_that_the_user_does_not_see(self):
        macro = self.env['service.macro'].create(
            {
                'name': 'To the desk',
                'target_team_id': self.desk.id,
                'assignee': 'user',
                'assigned_user_id': self.colleague.id,
                'tag_ids': [Command.set(self.tag.ids)],
            }
        )
        tickets = self.create_case() | self.create_case()
        macro.with_user(self.agent)._apply_to(tickets.with_user(self.agent))
        self.assertEqual(tickets.team_id, self.desk)
        self.assertEqual(tickets.user_id, self.colleague)
        self.assertEqual(tickets.tag_ids, self.tag)
        free = self.env['service.macro'].create({'name': 'Free', 'assignee': 'nobody'})
        free._apply_to(tickets)
        self.assertFalse(tickets.user_id)

    def test_nothing_goes_to_who_has_left(self):
        macro = self.env['service.macro'].create(
            {
                'name': 'To the specialist',
                'assignee': 'user',
                'assigned_user_id': self.agent.id,
                'target_team_id': self.desk.id,
            }
        )
        self.agent.active = self.desk.active = False
        case = self.create_case()
        macro.with_user(self.manager)._apply_to(case.with_user(self.manager))
        self.assertEqual((case.team_id, case.user_id), (self.repairs, self.env['res.users']))

    def test_half_a_macro_is_refused_by_the_database(self):
        for values in (
            {'assignee': 'user', 'assigned_user_id': False},
            {'activity_days': -1},
        ):
            with (
                mute_logger('odoo.sql_db'),
                self.assertRaises(psycopg2.errors.CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.macro.write(values)
                self.env.flush_all()

    def test_copy_says_so(self):
        self.assertEqual(self.macro.copy().name, 'Ask for the serial number (copy)')
        self.assertEqual(self.macro.copy({'name': 'Other'}).name, 'Other')

    def test_applying_costs_the_same_for_few_and_many(self):
        def count(number):
            tickets = self.env['service.ticket'].create(
                [
                    {'name': f'{number}', 'team_id': self.repairs.id, 'partner_id': partner.id}
                    for _number in range(number)
                    for partner in (self.customer, self.spaniard)
                ]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.macro._render_texts(tickets)
            self.macro._apply_to(tickets)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(40), count(5) + 8)
