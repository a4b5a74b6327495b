import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..common import CASE_MODELS
from .common import DeskCommon


@tagged('post_install', '-at_install')
class TestCasePresence(DeskCommon):
    def listen(self, user, case):
        name = f'crm_claims.presence:{case._name}:{case.id}'
        return self.env['ir.websocket'].with_user(user)._split_presence(['other', name])

    def test_who_may_read_a_case_hears_who_else_has_it_open(self):
        for model_name in CASE_MODELS:
            case = self.create_case(model_name, user_id=self.agent.id)
            for user in (self.agent, self.leader, self.manager, self.salesman):
                others, heard = self.listen(user, case)
                self.assertEqual((others, heard), (['other'], [case]))

    def test_who_may_not_read_it_neither_hears_nor_tells(self):
        portal = new_test_user(self.env, 'service_portal', 'base.group_portal')
        portal.partner_id.parent_id = self.customer
        case = self.create_case(user_id=self.agent.id)
        for user in (self.colleague, self.employee, portal):
            self.assertEqual(self.listen(user, case), (['other'], []), user.login)
            with self.assertRaises(AccessError):
                case.with_user(user).action_tell_presence('looking')

    def test_strange_names_open_no_channel(self):
        partner = self.customer
        for name in (
            f'crm_claims.presence:res.partner:{partner.id}',
            f'crm_claims.presence:service.team:{self.repairs.id}',
            'crm_claims.presence:service.ticket:0',
            'crm_claims.presence:service.ticket:999999999',
            'crm_claims.presence:service.ticket:2147483648',
            'crm_claims.presence:service.ticket:1 or 1',
        ):
            _others, heard = self.env['ir.websocket'].with_user(self.agent)._split_presence([name])
            self.assertFalse(heard, name)

    def test_what_is_told_names_the_case_and_the_person(self):
        case = self.create_case(user_id=self.agent.id)
        for state in ('came', 'looking', 'writing', 'gone'):
            case.with_user(self.agent).action_tell_presence(state)
        told = self.env.cr.precommit.data['bus.bus.values']
        told = [values for values in told if 'presence' in values['channel']]
        self.assertEqual(json.loads(told[0]['channel'])[1:], [case._name, case.id, 'presence'])
        messages = [json.loads(values['message'])['payload'] for values in told]
        self.assertEqual(
            [message['state'] for message in messages], ['came', 'looking', 'writing', 'gone']
        )
        self.assertEqual(messages[0]['user_id'], self.agent.id)
        self.assertEqual(messages[0]['name'], self.agent.name)
        with self.assertRaisesRegex(UserError, 'asleep'):
            case.with_user(self.agent).action_tell_presence('asleep')

    def test_answer_below_the_case_learns_what_crossed_it(self):
        ticket = self.create_case(user_id=self.agent.id)
        ticket.with_user(self.leader).action_send_and_wait('We come on Tuesday')
        seen = ticket.message_ids[0].id
        agent = ticket.with_user(self.agent)
        self.assertFalse(agent.action_find_crossing(seen))
        agent.action_send_and_wait('And I with them')
        ticket.with_user(self.leader).message_post(body='note', subtype_xmlid='mail.mt_note')
        self.assertFalse(agent.action_find_crossing(seen))
        ticket.with_user(self.leader).action_send_and_wait('No, on Monday')
        self.assertEqual(
            agent.action_find_crossing(seen),
            [{'author': self.leader.name, 'text': 'No, on Monday'}],
        )
        with self.assertRaises(AccessError):
            ticket.with_user(self.colleague).action_find_crossing(0)
