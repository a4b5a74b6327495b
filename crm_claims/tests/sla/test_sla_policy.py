import psycopg2

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceSlaCommon


@tagged('post_install', '-at_install')
class TestSlaPolicy(ServiceSlaCommon):
    def get_policy(self, case):
        return case.sudo().sla_clock_ids.policy_id

    def test_first_policy_that_covers_a_case_is_its_policy(self):
        second = self.create_policy(sequence=20, name='Everything')
        first = self.create_policy(sequence=10, name='Urgent', priority_min='2')
        for priority, policy in (('0', second), ('1', second), ('2', first), ('3', first)):
            with self.subTest(priority=priority):
                self.assertEqual(self.get_policy(self.create_case(priority=priority)), policy)
        first.sequence = 30
        self.assertEqual(self.get_policy(self.create_case(priority='3')), second)
        self.assertFalse(self.get_policy(self.create_case(team_id=self.desk.id)))

    def test_category_covers_what_is_below_it(self):
        machines = self.env['service.category'].create({'name': 'Machines'})
        presses = machines.create({'name': 'Presses', 'parent_id': machines.id})
        valves = machines.create({'name': 'Valves', 'parent_id': presses.id})
        other = machines.create({'name': 'Other'})
        policy = self.create_policy(category_ids=[Command.set(presses.ids)])
        for category, covered in (
            (presses, True),
            (valves, True),
            (machines, False),
            (other, False),
            (other.browse(), False),
        ):
            with self.subTest(category=category.name):
                case = self.create_case(category_id=category.id)
                self.assertEqual(self.get_policy(case) == policy, covered)

    def test_conditions_on_the_customer_look_at_the_company_too(self):
        tag = self.env['res.partner.category'].create({'name': 'Gold'})
        policy = self.create_policy(partner_category_ids=[Command.set(tag.ids)])
        self.assertFalse(self.get_policy(self.create_case(partner_id=self.contact.id)))
        self.customer.category_id = tag
        self.assertEqual(self.get_policy(self.create_case(partner_id=self.contact.id)), policy)
        self.assertEqual(self.get_policy(self.create_case()), policy)
        self.assertFalse(self.get_policy(self.create_case(partner_id=False)))

    def test_kind_and_type_of_the_case(self):
        claim_type = self.env.ref('crm_claims.service_claim_type_defect')
        claims = self.create_policy(case_model='service.claim', sequence=2)
        typed = self.create_policy(claim_type_ids=[Command.set(claim_type.ids)], sequence=1)
        self.assertEqual(self.get_policy(self.create_case('service.claim')), claims)
        claim = self.create_case('service.claim', claim_type_id=claim_type.id)
        self.assertEqual(self.get_policy(claim), typed)
        self.assertFalse(self.get_policy(self.create_case('service.ticket')))

    def test_policy_of_a_company_leaves_other_companies_alone(self):
        company, team = self.create_foreign_company()
        own = self.create_policy(team_id=False)
        self.assertFalse(self.get_policy(self.create_case(team_id=team.id, partner_id=False)))
        common = self.create_policy(team_id=False, company_id=False)
        foreign_case = self.create_case(team_id=team.id, partner_id=False)
        self.assertEqual(foreign_case.company_id, company)
        self.assertEqual(self.get_policy(foreign_case), common)
        self.assertEqual(self.get_policy(self.create_case()), own)

    def test_calendar_is_that_of_the_policy_else_of_the_team_else_of_the_company(self):
        empty = self.create_calendar('Empty', '', [])
        for policy_calendar, team_calendar, company_calendar, expected in (
            (self.always, self.office, self.office, self.always),
            (empty, self.office, self.always, self.office),
            (empty, empty, self.always, self.always),
            (empty.browse(), empty.browse(), self.always, self.always),
            (empty.browse(), empty.browse(), empty.browse(), empty.browse()),
            (empty, empty, empty, empty.browse()),
        ):
            with self.subTest(expected=expected.name):
                self.env.company.resource_calendar_id = company_calendar
                self.repairs.calendar_id = team_calendar
                policy = self.create_policy(calendar_id=policy_calendar.id)
                case = self.at('2026-03-07 10:00:00', self.create_case)
                self.assertEqual(self.get_clock(case).calendar_id, expected)
                self.assertTrue(self.get_clock(case).deadline)
                case.unlink()
                policy.unlink()

    def test_policy_may_promise_one_thing_or_nothing(self):
        policy = self.create_policy(first_response_hours=0)
        self.assertEqual(self.create_case().sla_clock_ids.mapped('target'), ['resolution'])
        policy.resolution_hours = 0
        case = self.create_case()
        self.assertFalse(case.sla_clock_ids)
        self.assertEqual(case.sla_state, 'none')

    def test_negative_hours_are_refused(self):
        for field_name in ('first_response_hours', 'resolution_hours', 'warning_hours'):
            with (
                self.assertRaises(psycopg2.errors.CheckViolation),
                mute_logger('odoo.sql_db'),
                self.env.cr.savepoint(),
            ):
                self.create_policy(**{field_name: -1}).flush_recordset()

    def test_preview_counts_what_the_first_policy_would_cover_and_writes_nothing(self):
        cases = self.env['service.ticket'].concat(
            *(self.create_case(priority=priority) for priority in '01233')
        )
        cases[4].action_solve()
        claim = self.create_case('service.claim', priority='3')
        urgent = self.create_policy(sequence=1, priority_min='2')
        rest = self.create_policy(sequence=2)
        archived = self.create_policy(sequence=0, active=False)
        policies = (urgent | rest | archived).with_user(self.manager)
        self.assertEqual(policies.mapped('open_ticket_count'), [2, 2, 0])
        self.assertEqual(policies.mapped('open_claim_count'), [1, 0, 0])
        for policy, tickets in (
            (urgent, cases[2:4]),
            (rest, cases[:2]),
            (archived, cases.browse()),
        ):
            action = policy.with_user(self.manager).action_view_open_tickets()
            self.assertEqual(cases.search(action['domain']), tickets.sorted())
        action = urgent.action_view_open_claims()
        self.assertEqual(claim.search(action['domain']), claim)
        self.assertFalse(cases.sla_clock_ids | claim.sla_clock_ids)

    def test_covering_policy_is_read_as_it_is_searched(self):
        plain, urgent_case, other = cases = self.env['service.ticket'].concat(
            *(self.create_case(priority=priority) for priority in '023')
        )
        other.active = False
        urgent = self.create_policy(sequence=1, priority_min='2')
        rest = self.create_policy(sequence=2)
        seen = cases.with_user(self.agent).with_context(active_test=False)
        self.assertEqual(seen.mapped('covering_policy_id'), rest | urgent)
        for policy, covered in ((urgent, urgent_case | other), (rest, plain)):
            found = seen.search([('covering_policy_id', '=', policy.id), ('id', 'in', cases.ids)])
            self.assertEqual(found, covered.sorted())
            read = seen.filtered_domain([('covering_policy_id', '=', policy.id)])
            self.assertEqual(read, covered)
        rest.action_archive()
        seen.invalidate_recordset()
        nobodys = seen.search([('covering_policy_id', '=', False), ('id', 'in', cases.ids)])
        self.assertEqual(nobodys, plain)
        self.assertFalse(nobodys.covering_policy_id)

    def test_applying_policies_gives_open_cases_their_clocks(self):
        waiting, closed = self.at('2026-03-02 08:00:00', self.create_case), self.create_case()
        self.at('2026-03-02 09:00:00', self.move, waiting, 'waiting')
        self.at('2026-03-02 11:00:00', self.move, waiting, 'open')
        closed.action_solve()
        policy = self.create_policy()
        self.at('2026-03-02 11:00:00', policy.with_user(self.manager).action_apply)
        self.assertDeadline(waiting, '2026-03-02 15:00:00', 'first_response')
        self.assertFalse(closed.sla_clock_ids)
        clocks = waiting.sla_clock_ids
        policy.with_user(self.manager).action_apply()
        self.assertEqual(waiting.sla_clock_ids, clocks)

    def test_holiday_reaches_the_clocks_when_policies_are_applied(self):
        policy = self.create_policy()
        case = self.at('2026-03-02 08:00:00', self.create_case)
        self.assertDeadline(case, '2026-03-03 17:00:00')
        self.env['resource.calendar.leaves'].create(
            {
                'name': 'Strike',
                'calendar_id': self.office.id,
                'date_from': '2026-03-02 23:00:00',
                'date_to': '2026-03-03 22:59:59',
            }
        )
        self.at('2026-03-02 09:00:00', policy.action_apply)
        self.assertDeadline(case, '2026-03-04 17:00:00')

    def test_policy_in_use_is_archived_and_not_deleted(self):
        policy = self.create_policy()
        self.create_case()
        with (
            self.assertRaises(psycopg2.errors.ForeignKeyViolation),
            mute_logger('odoo.sql_db'),
            self.env.cr.savepoint(),
        ):
            policy.unlink()
        policy.action_archive()
        self.assertFalse(self.create_case().sla_clock_ids)
