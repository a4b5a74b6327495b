"""What writes to the customer of a case does it in one place, which knows how."""

import ast

from odoo.tests import TransactionCase, tagged

from tests.suite import ADDONS, ADDONS_PATH

CASE_MODELS = {'service.claim', 'service.ticket'}
# Whatever makes a mail. Notes and activities make none, and message_notify writes to users.
WRITERS = {
    'message_mail_with_source',
    'message_post',
    'message_post_with_source',
    'send_mail',
    'send_mail_batch',
}
# Where they may be called on a case, and why.
ALLOWED = {
    # the way of every automatic mail: sender, language and head
    ('service_case_mail.py', '_post_automatic_mail'),
    # what an agent says himself, each case from the button or the dialog of many
    ('service_case_answer.py', '_send_answers'),
    # what the customer says himself
    ('service_case_portal.py', '_create_from_portal'),
    ('service_case_web_form.py', '_attach_from_form'),
    ('service_case_follow_up.py', '_go_on_elsewhere'),
}


@tagged('post_install', '-at_install')
class TestCaseMails(TransactionCase):
    def get_writers(self):
        """Return {(file, function)} of what our case addons post or mail."""
        return {
            (path.name, function.name)
            for addon in ADDONS
            for path in (ADDONS_PATH / addon).rglob('*.py')
            if 'tests' not in path.parts and path.name.startswith('service_')
            for function in ast.walk(ast.parse(path.read_text(encoding='utf-8')))
            if isinstance(function, ast.FunctionDef)
            for call in ast.walk(function)
            if isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in WRITERS
        }

    def test_customers_are_written_to_in_one_place(self):
        self.assertEqual(self.get_writers(), ALLOWED)

    def test_notices_to_users_carry_the_address_and_the_head_of_the_case(self):
        checked = 0
        for path in (ADDONS_PATH / 'crm_claims').rglob('service_*.py'):
            for call in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
                is_notice = isinstance(call, ast.Call) and (
                    getattr(call.func, 'attr', None) == 'message_notify'
                )
                if is_notice:
                    checked += 1
                    with self.subTest(file=path.name):
                        arguments = {keyword.arg for keyword in call.keywords}
                        self.assertLessEqual({'email_from', 'mail_headers'}, arguments)
        self.assertTrue(checked)

    def test_every_template_of_a_case_says_whom_it_is_from(self):
        templates = self.env['mail.template'].search([('model', 'in', list(CASE_MODELS))])
        ours = templates.filtered(
            lambda template: template.get_external_id()[template.id].split('.')[0] in ADDONS
        )
        self.assertGreaterEqual(len(ours), 5)
        for template in ours:
            with self.subTest(template=template.name):
                self.assertIn('_get_email_sender()', template.email_from or '')
                self.assertIn('_get_email_reply_to()', template.reply_to or '')
                self.assertIn('_get_customer_lang()', template.lang or '')
