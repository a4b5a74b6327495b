from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..common import AGENT, CASE_MODELS, ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseApproval(ServiceCommon):
    def ask(self, case, approver=None, user=None):
        dialog = self.env['service.approval.ask'].with_user(user or self.agent)
        form = Form(dialog.with_context(active_model=case._name, active_ids=case.ids))
        if approver:
            form.user_id = approver
        form.what_for = 'A credit of 400 €'
        form.save().action_ask()

    def refuse(self, case, user):
        dialog = self.env['service.approval.refuse'].with_user(user)
        form = Form(dialog.with_context(active_model=case._name, active_ids=case.ids))
        form.reason = 'Too much'
        form.save().action_refuse()

    def test_leader_is_proposed_asked_and_approves(self):
        for model_name in CASE_MODELS:
            case = self.create_case(model_name)
            self.assertFalse(case.is_approval_waiting)
            self.ask(case)
            self.assertTrue(case.is_approval_waiting)
            found = self.env[model_name].search([('is_approval_waiting', '=', True)])
            self.assertIn(case, found)
            self.assertEqual(case.activity_ids.user_id, self.leader)
            self.assertIn('400', case.activity_ids.note)
            self.assertTrue(case.with_user(self.leader).can_approve)
            self.assertFalse(case.with_user(self.agent).can_approve)
            with self.assertRaisesRegex(UserError, 'Nobody asks you'):
                case.with_user(self.agent).action_approve()
            case.with_user(self.leader).action_approve(note='Fine with me')
            self.assertFalse(case.is_approval_waiting)
            last = case.message_ids[:1]
            self.assertIn('Fine with me', last.body)
            self.assertEqual(last.author_id, self.leader.partner_id)

    def test_refusal_is_told_with_its_reason(self):
        for model_name in CASE_MODELS:
            case = self.create_case(model_name)
            self.ask(case, approver=self.manager)
            with self.assertRaisesRegex(UserError, 'Nobody asks you'):
                self.refuse(case, self.leader)
            self.refuse(case, self.manager)
            self.assertFalse(case.is_approval_waiting)
            told = self.env['mail.message'].search(
                [('model', '=', model_name), ('res_id', '=', case.id)], order='id desc', limit=2
            )
            self.assertEqual(told.notified_partner_ids, self.agent.partner_id)
            self.assertTrue(all('Too much' in message.body for message in told))

    def test_nobody_approves_in_the_name_of_another(self):
        case = self.create_case()
        self.ask(case)
        request = case.activity_ids
        for user in (self.agent, self.manager):
            with self.assertRaisesRegex(UserError, 'Only .* can approve'):
                request.with_user(user).action_done()
        with self.assertRaisesRegex(ValidationError, 'cannot be asked'):
            request.with_user(self.agent).user_id = self.agent
        colleague = new_test_user(self.env, 'service_third', AGENT)
        self.repairs.member_ids |= colleague
        with self.assertRaisesRegex(ValidationError, 'cannot be asked'):
            request.with_user(self.agent).user_id = colleague
        with self.assertRaisesRegex(ValidationError, 'cannot be asked'):
            case.with_user(self.leader)._ask_approval(self.leader, 'For me')
        with self.assertRaises(AccessError):
            case.with_user(self.salesman)._ask_approval(self.leader, 'For me')

    def test_more_than_the_limit_is_approved_before_it_is_solved(self):
        self.repairs.approval_amount = 100
        for granted, is_needed in ((99, False), (100, False), (100.01, True)):
            claim = self.create_case('service.claim', amount_granted=granted)
            self.assertIs(claim.is_approval_needed, is_needed)
        with self.assertRaisesRegex(UserError, 'grants more than the team Repairs may'):
            claim.with_user(self.agent).action_solve()
        self.assertEqual(claim.stage_kind, 'new')
        with self.assertRaises(AccessError):
            claim.with_user(self.agent).amount_approved = 500
        self.ask(claim)
        claim.with_user(self.leader).action_approve()
        self.assertEqual(claim.amount_approved, 100.01)
        claim.amount_granted = 200
        with self.assertRaises(UserError):
            claim.with_user(self.agent).action_solve()
        claim.amount_granted = 100.01
        claim.with_user(self.agent).action_solve()
        self.assertEqual(claim.stage_kind, 'solved')

    def test_limit_is_in_the_currency_of_the_company(self):
        self.repairs.approval_amount = 100
        other = self.env['res.currency'].create(
            {'name': 'TST', 'symbol': 'T', 'rate_ids': [(0, 0, {'name': '2020-01-01', 'rate': 4})]}
        )
        values = {'currency_id': other.id, 'amount_granted': 396}
        self.assertFalse(self.create_case('service.claim', **values).is_approval_needed)
        values['amount_granted'] = 404
        self.assertTrue(self.create_case('service.claim', **values).is_approval_needed)

    def test_approval_ends_with_the_currency_and_is_for_what_we_grant(self):
        self.repairs.approval_amount = 100
        weak = self.env['res.currency'].create(
            {
                'name': 'TST',
                'symbol': 'T',
                'rate_ids': [(0, 0, {'name': '2020-01-01', 'rate': 100})],
            }
        )
        claim = self.create_case('service.claim', amount_granted=20000, currency_id=weak.id)
        self.ask(claim)
        claim.with_user(self.leader).action_approve()
        self.assertFalse(claim.is_approval_needed)
        claim.with_user(self.agent).currency_id = self.env.company.currency_id
        self.assertTrue(claim.is_approval_needed)
        supplier = self.create_case('service.claim', amount_granted=5000, against='supplier')
        self.assertFalse(supplier.is_approval_needed)

    def test_rejected_claim_needs_none_nor_a_team_without_a_limit(self):
        claim = self.create_case('service.claim', amount_granted=5000)
        claim.action_solve()
        self.assertEqual(claim.stage_kind, 'solved')
        self.repairs.approval_amount = 100
        other = self.create_case('service.claim', amount_granted=5000)
        other.action_reject()
        self.assertEqual(other.stage_kind, 'rejected')

    def test_solved_claim_grants_no_more_than_was_approved_before(self):
        self.repairs.approval_amount = 100
        line = Command.create({'name': 'Press', 'amount_granted': 150})
        claim = self.create_case('service.claim', line_ids=[line])
        self.ask(claim)
        claim.with_user(self.leader).action_approve()
        own = claim.with_user(self.agent)
        own.action_solve()
        for raise_it in (
            lambda: own.line_ids.write({'amount_granted': 151}),
            lambda: own.write({'line_ids': [Command.create({'name': 'x', 'amount_granted': 1})]}),
            lambda: own.line_ids.create({'claim_id': own.id, 'name': 'x', 'amount_granted': 1}),
        ):
            with (
                self.assertRaisesRegex(UserError, 'is solved, and what it grants was settled'),
                self.env.cr.savepoint(),
            ):
                raise_it()
        own.line_ids.amount_granted = 120
        own.line_ids.amount_granted = 150
        own.action_reopen()
        own.line_ids.amount_granted = 200
        with self.assertRaisesRegex(UserError, 'grants more than'):
            own.action_solve()
        typed = self.create_case('service.claim', amount_granted=80).with_user(self.agent)
        typed.action_solve()
        typed.amount_granted = 100
        with self.assertRaisesRegex(UserError, 'was settled'):
            typed.amount_granted = 101

    def test_history_that_is_entered_as_solved_grants_what_it_granted(self):
        self.repairs.approval_amount = 100
        claim = self.create_case(
            'service.claim',
            stage_id=self.stages['solved'].id,
            line_ids=[Command.create({'name': 'Press', 'amount_granted': 900})],
        )
        self.assertEqual(claim.amount_granted, 900)
        claim.line_ids.amount_granted = 800
        with self.assertRaisesRegex(UserError, 'was settled'):
            claim.line_ids.amount_granted = 801
