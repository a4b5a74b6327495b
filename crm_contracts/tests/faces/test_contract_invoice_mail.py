import base64

from odoo.tests import freeze_time, tagged

from ..billing_common import ItemCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-31')
class TestContractInvoiceMail(ItemCase):
    """What customers get together with their invoices, where the contract says so."""

    def bill(self, **options):
        self.contract.write(options)
        self.book(self.ben, 2)
        cost = self.spend(50.0)
        self.receipt = self.env['ir.attachment'].create(
            {
                'name': 'Ticket.pdf',
                'datas': base64.b64encode(b'%PDF-1.4 a receipt'),
                'res_model': 'account.move',
                'res_id': cost.id,
            }
        )
        move = self.contract._bill()
        move.action_post()
        return move

    def attachments(self, move, user=None):
        send = self.env['account.move.send'].with_user(user or self.accountant)
        template = self.env.ref('account.email_template_edi_invoice')
        widget = send._get_default_mail_attachments_widget(
            move.with_user(send.env.user), template, extra_edis={}
        )
        return [attachment['name'] for attachment in widget]

    def test_nothing_comes_along_that_nobody_chose(self):
        move = self.bill()
        names = self.attachments(move)
        self.assertFalse([name for name in names if 'Statement' in name or 'Ticket' in name])

    def test_statement_and_receipts_come_along(self):
        move = self.bill(invoice_attach_statement=True, invoice_attach_receipts=True)
        self.assertGreaterEqual(
            set(self.attachments(move)),
            {f'Consumption Statement {move.name}.pdf'.replace('/', '_'), 'Ticket.pdf'},
        )

    def test_receipts_that_the_sender_may_not_read_stay_here(self):
        move = self.bill(invoice_attach_receipts=True)
        self.assertNotIn('Ticket.pdf', self.attachments(move, self.salesman))

    def test_statement_is_of_the_days_that_the_invoice_charges(self):
        move = self.bill(invoice_attach_statement=True)
        (statement,) = move._get_crm_contract_statements()
        self.assertEqual(
            (str(statement.date_from), str(statement.date_to)), ('2026-03-05', '2026-03-10')
        )
        html, _type = self.env['ir.actions.report']._render_qweb_html(
            'crm_contracts.report_crm_contract_invoice_statement', move.ids
        )
        self.assertIn('Ben', html.decode())

    def test_mail_brings_both(self):
        move = self.bill(invoice_attach_statement=True, invoice_attach_receipts=True)
        self.partner_a.email = 'customer@example.com'
        self.env['account.move.send']._generate_and_send_invoices(move, sending_methods=['email'])
        sent = move.message_ids.attachment_ids.mapped('name')
        self.assertIn('Ticket.pdf', sent)
        self.assertTrue([name for name in sent if name.startswith('Consumption Statement')])
        self.assertEqual(
            self.receipt.res_id, self.contract.billing_ids.analytic_line_ids.move_line_id.move_id.id
        )
