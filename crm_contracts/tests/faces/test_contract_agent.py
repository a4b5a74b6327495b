from odoo.exceptions import AccessError
from odoo.tests import JsonRpcException, new_test_user, tagged
from odoo.tools import mute_logger

from .portal_common import ContractPortalCase

PRICES = 'Support: 100.00 → 104.00'


@tagged('post_install', '-at_install')
class TestContractAgent(ContractPortalCase):
    """Agents read of a contract no money, in its chatter, its files and its activities neither."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env, 'contract_accountant', 'account.group_account_invoice'
        )
        cls.note = cls.contract.message_post(body=PRICES, attachments=[('offer.txt', b'104.00')])
        cls.file = cls.note.attachment_ids
        cls.activity = cls.contract.activity_schedule(
            'mail.mail_activity_data_todo', user_id=cls.salesman.id, note=PRICES
        )

    def _find(self, user):
        """Return what a user finds of the chatter, the files and the activities."""
        env = self.env(user=user)
        found = (
            env['mail.message'].search_read(
                [('model', '=', 'crm.contract'), ('res_id', '=', self.contract.id)], ['body']
            ),
            env['ir.attachment'].search_read(
                [('res_model', '=', 'crm.contract'), ('res_id', '=', self.contract.id)], ['name']
            ),
            env['ir.attachment'].search_read([('id', '=', self.file.id)], ['raw']),
            env['mail.activity'].search_read(
                [('res_model', '=', 'crm.contract'), ('res_id', '=', self.contract.id)], ['note']
            ),
        )
        return [bool(rows) for rows in found]

    def test_agents_find_nothing_where_insiders_find_all(self):
        for user in (self.salesman, self.accountant):
            self.assertEqual(self._find(user), [True] * 4, user.login)
        self.assertEqual(self._find(self.agent), [False] * 4)
        for record in (self.note, self.file, self.activity):
            self.assertTrue(record.with_user(self.salesman).has_access('read'))
            with self.assertRaises(AccessError):
                record.with_user(self.agent).read(['create_date'])

    @mute_logger('odoo.http')
    def test_agents_get_nothing_from_the_routes_of_the_chatter(self):
        thread = {'thread_model': 'crm.contract', 'thread_id': self.contract.id}
        self.enter(self.salesman)
        self.assertIn('104.00', str(self.make_jsonrpc_request('/mail/thread/messages', thread)))
        self.assertEqual(self.get(f'/web/content/{self.file.id}').content, b'104.00')
        self.enter(self.agent)
        self.assertNotIn('104.00', str(self.make_jsonrpc_request('/mail/thread/messages', thread)))
        self.assertEqual(self.get(f'/web/content/{self.file.id}').status_code, 404)
        with self.assertRaises(JsonRpcException):
            self.make_jsonrpc_request(
                '/mail/message/reaction',
                {'message_id': self.note.id, 'content': '👍', 'action': 'add'},
            )

    def test_agents_neither_follow_nor_write_in_the_chatter(self):
        contract = self.contract.with_user(self.agent)
        with self.assertRaises(AccessError):
            contract.message_subscribe(self.agent.partner_id.ids)
        with self.assertRaises(AccessError):
            contract.message_post(body='What does it cost?')
        self.assertTrue(
            self.contract.with_user(self.accountant).message_subscribe(
                self.accountant.partner_id.ids
            )
        )

    def test_agents_read_what_is_sent_to_them(self):
        told = self.contract.message_post(
            body='Call Ada first', partner_ids=self.agent.partner_id.ids
        )
        self.assertIn('Ada', told.with_user(self.agent).body)
        own = self.contract.activity_schedule(
            'mail.mail_activity_data_todo', user_id=self.agent.id, note='Call Ada'
        )
        self.assertIn('Ada', own.with_user(self.agent).note)

    def test_customers_keep_writing_to_us(self):
        self.enter(self.lucia)
        self.make_jsonrpc_request(
            '/mail/message/post',
            {
                'thread_model': 'crm.contract',
                'thread_id': self.contract.id,
                'post_data': {'body': 'Can we have more?', 'message_type': 'comment'},
            },
        )
        self.assertIn('Can we have more?', str(self.contract.message_ids.mapped('body')))
