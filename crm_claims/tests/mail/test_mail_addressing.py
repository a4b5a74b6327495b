from odoo.tests import new_test_user, tagged

from ..common import AGENT
from .common import ServiceMailCommon


@tagged('post_install', '-at_install')
class TestMailAddressing(ServiceMailCommon):
    """Which case a mail without references belongs to, and by which name it is greeted."""

    def write_about(self, case, sender, **heads):
        return self.receive(From=sender, Subject=f'[{case.number}] more', **heads)

    def test_number_leads_whoever_belongs_to_the_case_to_it(self):
        case = self.receive(Cc='Workshop <taller@elsewhere.example>')
        follower = self.env['res.partner'].create({'name': 'F', 'email': 'f@elsewhere.example'})
        case.message_subscribe(follower.ids)
        self.agent.partner_id.email = 'agent@ours.example.com'
        for sender in (
            'Lucia@Altozano.example.com',
            'info@altozano.example.com',
            'taller@elsewhere.example',
            'f@elsewhere.example',
            'agent@ours.example.com',
        ):
            with self.subTest(sender=sender):
                count = len(case.message_ids)
                self.assertFalse(self.write_about(case, sender))
                self.assertEqual(len(case.message_ids), count + 1)

    def test_number_leads_nobody_else_there(self):
        case = self.receive()
        colleague = new_test_user(self.env, 'elsewhere', AGENT, email='other@ours.example.com')
        case.user_id = self.agent
        self.assertFalse(case.with_user(colleague).has_access('read'))
        for sender in ('stranger@example.com', 'other@ours.example.com'):
            self.assertTrue(self.write_about(case, sender), sender)
        self.assertTrue(self.receive(Subject='[TCK/1999/00000] more'))

    def test_number_of_the_other_kind_and_of_a_merged_case_lead_to_the_survivor(self):
        first, second = self.receive(To=self.to_claims), self.receive(To=self.to_claims)
        (first | second).action_merge()
        self.assertFalse(self.write_about(second, 'lucia@altozano.example.com'))
        self.assertIn('It drips', first.message_ids.sorted('id')[-1].body)

    def test_colleagues_answer_strangers_by_mail_and_write_to_each_other_by_number(self):
        self.agent.partner_id.email = 'agent@ours.example.com'
        self.leader.partner_id.email = 'leader@ours.example.com'
        case = self.receive(From='Nuria <nuria@example.com>')
        case.user_id = self.agent
        asked = case.message_ids.filtered(lambda message: message.message_type == 'email')
        self.receive('Between us', From='leader@ours.example.com', Subject=f'[{case.number}]')
        note = case.message_ids[:1]
        self.assertTrue(note.subtype_id.internal)
        self.assertEqual(note.notified_partner_ids, self.agent.partner_id)
        self.assertFalse(case.date_first_response)
        self.receive('Try this', From='agent@ours.example.com', References=asked.message_id)
        answer = case.message_ids[:1]
        self.assertFalse(answer.subtype_id.internal)
        self.assertIn('nuria@example.com', answer.outgoing_email_to)
        self.assertTrue(case.date_first_response)

    def test_stranger_writes_for_a_customer_and_for_none_of_us(self):
        self.agent.partner_id.email = 'agent@ours.example.com'
        for head in ('Reply_To', 'X_Original_From'):
            for named, sender in (
                ('nuria@example.com', 'nuria@example.com'),
                ('agent@ours.example.com', 'someone@elsewhere.example'),
            ):
                case = self.receive(From='someone@elsewhere.example', **{head: named})
                self.assertEqual(case.email_normalized, sender, head)

    def test_of_several_numbers_the_first_counts_and_that_of_the_company_written_to(self):
        first, second = self.receive(), self.receive()
        for one, other in ((first, second), (second, first)):
            count = len(one.message_ids)
            self.assertFalse(self.receive(Subject=f'[{one.number}] as in [{other.number}]'))
            self.assertEqual(len(one.message_ids), count + 1)
        company, team = self.create_foreign_company()
        address = self.env['service.team.alias'].create(
            {'team_id': team.id, 'alias_name': 'lisboa', 'alias_domain_id': self.domain.id}
        )
        foreign = self.create_case(
            partner_id=self.contact.id, team_id=team.id, company_id=company.id
        )
        foreign.sudo().number = first.number
        for case, to in ((first, self.to_tickets), (foreign, address.alias_full_name)):
            count = len(case.message_ids)
            self.assertFalse(self.receive(To=to, Subject=f'[{first.number}] more'))
            self.assertEqual(len(case.message_ids), count + 1)

    def test_answer_brings_an_archived_case_back_and_leaves_a_merged_one(self):
        first, second = self.receive(), self.receive()
        first.active = False
        self.assertFalse(self.answer(first))
        self.assertTrue(first.active)
        (first | second).action_merge()
        second._apply_customer_reply()
        self.assertFalse(second.active)

    def test_machine_brings_nothing_back(self):
        case = self.receive()
        case.active = False
        self.answer(case, Auto_Submitted='auto-replied')
        self.assertFalse(case.active)

    def test_every_sender_of_a_mail_is_kept(self):
        case = self.receive(From='Ana <ana@example.com>, Eva <eva@example.com>')
        self.assertEqual(case.email_normalized, 'ana@example.com')
        self.assertIn('eva@example.com', case.email_cc)

    def test_mail_greets_by_a_name_or_by_none(self):
        for values, name in (
            ({'partner_id': self.contact.id}, 'Lucía Altozano'),
            ({'partner_id': False, 'email_from': 'Pau Serra <pau@example.com>'}, 'Pau Serra'),
            ({'partner_id': False, 'email_from': 'pau@example.com'}, ''),
            ({'partner_id': False}, ''),
        ):
            case = self.create_case(**values)
            self.assertEqual(case._get_customer_name(), name)
            for template in self.env['mail.template'].search([('model', '=', case._name)]):
                body = template._render_field('body_html', case.ids)[case.id]
                with self.subTest(template=template.name, name=name):
                    self.assertIn(f'Hello {name},' if name else 'Hello,', body)
