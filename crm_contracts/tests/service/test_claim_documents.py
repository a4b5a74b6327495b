from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from .claim_common import ClaimCase


@tagged('post_install', '-at_install')
@freeze_time('2026-03-02 10:00:00')
class TestClaimDocuments(ClaimCase):
    def test_agent_adds_items_of_the_customer_without_knowing_the_books(self):
        self.create_invoice(self.partner_b)
        self.create_invoice(self.customer, post=False)
        claim = self.create_claim(self.contact)
        picker = self.open_picker(claim, self.agent)
        self.assertEqual(set(picker.line_ids.mapped('document')), {self.invoice.display_name})
        self.assertEqual(
            sorted(picker.line_ids.mapped(lambda line: (line.name, line.quantity, line.price))),
            [('Chair', 3.0, 89.99), ('Table', 2.0, 200.0)],
        )
        with self.assertRaisesRegex(UserError, 'Tick what is claimed'):
            picker.action_add()
        self.choose(picker, chair=2)
        self.assertRecordValues(
            claim.line_ids,
            [
                {
                    'product_id': self.chair.id,
                    'quantity': 2.0,
                    'product_uom_id': self.chair.uom_id.id,
                    'amount_claimed': 59.99,
                    'move_line_id': self.get_line(self.invoice, self.chair).id,
                    'document_name': self.invoice.display_name,
                    'document_date': self.invoice.invoice_date,
                }
            ],
        )
        html, _type = (
            self.env['ir.actions.report']
            .with_user(self.agent)
            ._render_qweb_html('crm_claims.report_service_claim', claim.ids)
        )
        self.assertEqual(html.decode().count(self.invoice.name), 2, 'above, and with its item')
        with self.assertRaises(AccessError):
            self.open_picker(self.invoice, self.agent)
        with self.assertRaises(AccessError):
            self.open_picker(claim, self.salesman)

    def test_dialog_is_filled_in_as_people_do(self):
        claim = self.create_claim()
        picker = self.env['service.claim.pick'].with_user(self.agent)
        with Form(picker.with_context(active_model=claim._name, active_id=claim.id)) as form:
            self.assertEqual(len(form.line_ids), 2)
            form.search_text = 'chair'
            self.assertEqual(len(form.line_ids), 1)
            with form.line_ids.edit(0) as line:
                line.is_chosen = True
                line.quantity = 1
        form.record.action_add()
        self.assertRecordValues(claim.line_ids, [{'name': 'Chair', 'quantity': 1.0}])
        with Form(claim.with_user(self.agent)) as form, form.line_ids.edit(0) as line:
            self.assertEqual(line.document_name, self.invoice.display_name)
            line.reason = 'Broken'
        self.assertEqual(claim.line_ids.reason, 'Broken')

    def test_picker_is_narrowed_by_kind_number_and_product(self):
        claim = self.create_claim()
        order = self.create_order()
        for values, names in (
            ({'model': 'sale.order.line'}, ['Chair']),
            ({'model': 'account.move.line'}, ['Chair', 'Table']),
            ({'search_text': 'table'}, ['Table']),
            ({'search_text': order.name}, ['Chair']),
            ({'search_text': 'nothing like it'}, []),
        ):
            with self.subTest(**values):
                picker = self.open_picker(claim, self.agent, **values)
                self.assertEqual(sorted(picker.line_ids.mapped('name')), names)

    def test_claim_from_an_invoice_takes_its_customer_and_currency(self):
        other = self.setup_other_currency('HRK')
        invoice = self.create_invoice(self.customer, currency_id=other.id)
        claim = self.choose(self.open_picker(invoice, self.biller), table=1)
        self.assertRecordValues(
            claim,
            [
                {
                    'against': 'customer',
                    'partner_id': self.customer.id,
                    'currency_id': other.id,
                    'amount_claimed': 100.0,
                    'ref': invoice,
                }
            ],
        )
        bill = self.create_invoice(self.partner_b, 'in_invoice')
        claim = self.choose(self.open_picker(bill, self.biller), table=2)
        self.assertEqual((claim.against, claim.partner_id), ('supplier', self.partner_b))
        draft = self.create_invoice(self.customer, post=False)
        with self.assertRaisesRegex(UserError, 'has to be confirmed'):
            self.assertTrue(self.open_picker(draft, self.biller).line_ids)

    def test_amounts_of_another_currency_are_converted_at_the_day_of_the_document(self):
        other = self.setup_other_currency('HRK', rates=[('2026-02-01', 4.0), ('2026-03-01', 8.0)])
        invoice = self.create_invoice(self.customer, currency_id=other.id)
        claim = self.claim_items(invoice, table=1, chair=3)
        self.assertEqual(claim.currency_id, self.env.company.currency_id)
        self.assertEqual(sorted(claim.line_ids.mapped('amount_claimed')), [22.5, 25.0])

    def test_no_more_is_claimed_than_was_invoiced_less_what_is_claimed(self):
        first = self.claim_items(self.invoice, chair=2)
        with (
            self.assertRaisesRegex(ValidationError, f'no more than 1 of .*{first.number}'),
            self.env.cr.savepoint(),
        ):
            self.claim_items(self.invoice, chair=2)
        second = self.claim_items(self.invoice, chair=1)
        picker = self.open_picker(self.create_claim(), self.agent)
        self.assertEqual(picker.line_ids.mapped('name'), ['Table'])
        with self.assertRaises(ValidationError):
            second.line_ids.quantity = 2
        first.action_reject()
        second.line_ids.quantity = 3
        with self.assertRaisesRegex(ValidationError, second.number), self.env.cr.savepoint():
            first.action_reopen()
        second.line_ids.outcome = 'rejected'
        first.action_reopen()
        with self.assertRaises(ValidationError):
            second.line_ids.outcome = 'credit'

    def test_what_was_credited_stays_claimed_though_its_claim_is_gone(self):
        for leave in (lambda claim: claim.action_reject(), lambda claim: claim.action_archive()):
            invoice = self.create_invoice(self.customer)
            claim = self.claim_items(invoice, table=2)
            claim.line_ids.outcome = 'credit'
            claim.with_user(self.env.user).action_create_documents()
            leave(claim)
            with self.assertRaisesRegex(ValidationError, 'is left'):
                self.claim_items(invoice, table=1)
            claim.line_ids.outcome_document.unlink()
            self.assertTrue(self.claim_items(invoice, table=1).line_ids)

    def test_answer_to_an_archived_claim_arrives_though_it_cannot_come_back(self):
        claim = self.claim_items(self.invoice, table=2)
        claim.action_archive()
        self.claim_items(self.invoice, table=1)
        claim.message_post(
            body='And my money?',
            author_id=self.contact.id,
            message_type='email',
            subtype_xmlid='mail.mt_comment',
        )
        self.assertFalse(claim.active)
        self.assertIn('no more than', claim.message_ids[0].body)
        self.assertIn('my money', claim.message_ids[1].body)

    def test_dozens_of_what_was_invoiced_in_units_are_counted_as_units(self):
        claim = self.create_claim()
        with self.assertRaisesRegex(ValidationError, 'cannot claim 12'):
            claim.line_ids = [
                Command.create(
                    {
                        'product_id': self.chair.id,
                        'quantity': 1,
                        'product_uom_id': self.env.ref('uom.product_uom_dozen').id,
                        'move_line_id': self.get_line(self.invoice, self.chair).id,
                    }
                )
            ]

    def test_order_and_its_invoice_are_claimed_once(self):
        order = self.create_order()
        invoice = order._create_invoices()
        invoice.invoice_date = '2026-02-10'
        invoice.action_post()
        self.claim_items(invoice, chair=3)
        claim = self.create_claim()
        with (
            self.assertRaisesRegex(ValidationError, 'no more than 2'),
            self.env.cr.savepoint(),
        ):
            claim._add_items({f'sale.order.line,{order.order_line.id}': 3})
        claim._add_items({f'sale.order.line,{order.order_line.id}': 2})
        self.assertEqual(claim.line_ids.document_name, order.name)

    def test_what_is_not_of_the_customer_is_refused_and_not_told(self):
        foreign = self.create_invoice(self.partner_b)
        claim = self.create_claim().with_user(self.agent)
        line = self.get_line(foreign, self.chair)
        for key in (f'account.move.line,{line.id}', 'res.users,1', 'account.move.line,x', 'x'):
            with self.subTest(key=key), self.assertRaisesRegex(UserError, 'its own') as refused:
                claim._add_items({key: 1})
            self.assertNotIn(foreign.name, str(refused.exception))
        for values in (
            {'move_line_id': line.id},
            {'document_line': f'account.move.line,{line.id}'},
        ):
            with self.assertRaises(AccessError):
                claim.line_ids = [Command.create({'name': 'Chair', **values})]
        own = self.claim_items(self.invoice, chair=1)
        with self.assertRaisesRegex(ValidationError, 'no confirmed document of'):
            own.partner_id = self.partner_b
        self.assertFalse(self.create_claim(self.env['res.partner']).line_ids)

    def test_supplier_claims_know_bills_and_no_invoices(self):
        bill = self.create_invoice(self.partner_b, 'in_invoice')
        claim = self.create_claim(self.partner_b, against='supplier')
        picker = self.open_picker(claim, self.agent)
        self.assertEqual(set(picker.line_ids.mapped('document')), {bill.display_name})

    def test_claim_of_another_company_knows_none_of_these_documents(self):
        abroad = self.env['res.company'].create({'name': 'Altozano Portugal'})
        team = self.env['service.team'].create({'name': 'Lisboa', 'company_id': abroad.id})
        claim = self.create_claim(company_id=abroad.id, team_id=team.id, user_id=False)
        self.assertFalse(self.open_picker(claim, self.env.user).line_ids)
        with self.assertRaisesRegex(UserError, 'its own'):
            claim._add_items({f'account.move.line,{self.get_line(self.invoice, self.chair).id}': 1})

    def test_items_of_many_lines_are_read_together(self):
        invoices = [self.create_invoice(self.customer) for _number in range(6)]
        lines = self.env['service.claim.line']
        counts = []
        for number in (1, 6):
            within = [self.get_line(move, self.chair).id for move in invoices[:number]]
            sources = self.env['account.move.line'].browse(within)
            lines._get_left_to_claim(sources)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lines._get_left_to_claim(sources.sudo())
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def create_order(self):
        order = self.env['sale.order'].create(
            {
                'partner_id': self.contact.id,
                'order_line': [
                    Command.create(
                        {'product_id': self.chair.id, 'product_uom_qty': 5, 'price_unit': 40}
                    )
                ],
            }
        )
        order.action_confirm()
        return order
