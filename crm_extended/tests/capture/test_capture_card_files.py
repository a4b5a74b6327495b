from odoo import Command
from odoo.tests import tagged

from ..common import CrmExtendedCase
from ..core.cards import read_expected

_OF_LEADS = ('res_model', '=', 'crm.lead')
# Fields of a card that a line and a lead have under the same name.
_SAME_FIELDS = (
    'contact_name',
    'partner_name',
    'function',
    'street',
    'street2',
    'zip',
    'city',
    'website',
)


@tagged('post_install', '-at_install')
class TestCaptureCardFiles(CrmExtendedCase):
    """Every card of ``tests/data/cards`` on its whole way into the database."""

    def test_cards_of_every_program_become_leads_with_all_that_is_on_them(self):
        self.env.company.country_id = self.env.ref('base.fr')
        expected = read_expected()
        wizard = self._upload(file for file, _records in expected)
        lines = list(wizard.line_ids)
        taken = {}
        for file, records in expected:
            for record in records or [{'unusable': True}]:
                line = lines.pop(0)
                with self.subTest(file=file.name, record=record):
                    self.assertIn(file.name, line.origin)
                    self._check_line(line, record)
                taken[line] = record
        self.assertFalse(lines)
        action = wizard.action_import()
        leads = self.env['crm.lead'].search(action['domain'], order='id')
        imported = [record for record in taken.values() if not record.get('unusable')]
        for lead, record in zip(leads, imported, strict=True):
            with self.subTest(record=record):
                self._check_lead(lead, record)
        self._check_customer(leads.filtered(lambda lead: lead.contact_name == 'Ana Ruiz'))

    def _upload(self, files):
        env = self.env(user=self.salesman)
        uploads = env['ir.attachment'].create(
            [
                {'name': file.name, 'raw': file.read_bytes(), 'res_model': 'crm.capture.card'}
                for file in files
            ]
        )
        wizard = env['crm.capture.card'].create({'attachment_ids': [Command.set(uploads.ids)]})
        wizard.action_read()
        return wizard

    def _check_line(self, line, record):
        self.assertEqual(line.status, 'unusable' if record.get('unusable') else 'new', line.remark)
        self.assertEqual(bool(line.photo), record.get('photo', False))
        remark = line.remark or ''
        for text in record.get('left_out', ()):
            self.assertIn(text, remark)
        self.assertEqual('end of the card' in remark, record.get('is_cut', False))
        if not record.get('left_out') and not record.get('unusable'):
            self.assertNotIn('Not read', remark)

    def _check_lead(self, lead, record):
        for name in record.keys() & set(_SAME_FIELDS):
            if name != 'website':
                self.assertEqual(lead[name] or '', record[name])
        self.assertIn(record.get('website', ''), lead.website or '')
        notes = lead.description or ''
        for name, field_name in (('emails', 'email_from'), ('phones', 'phone')):
            first, *others = [*record.get(name, [lead[field_name]]), '']
            self.assertEqual(lead[field_name] or '', first or '')
            for text in others:
                self.assertIn(text, notes)
        for text in (*record.get('notes', ()), record.get('department', '')):
            self.assertIn(text.replace('\n', '<br>'), notes)
        self._check_place(lead, notes, record)
        files = self.env['ir.attachment'].search([_OF_LEADS, ('res_id', '=', lead.id)])
        pictures = files.filtered(lambda file: file.mimetype.startswith('image/'))
        self.assertEqual(len(pictures), record.get('photo', False))
        self.assertEqual(len(files - pictures), 1)

    def _check_place(self, lead, notes, record):
        country, state = record.get('places', ('', ''))
        self.assertEqual(lead.country_id, self.env.ref(country) if country else lead.country_id)
        self.assertIn(state, lead.state_id.name or '')
        for name, place in (('country', lead.country_id), ('state', lead.state_id)):
            if record.get(name) and not place:
                self.assertIn(record[name], notes)

    def _check_customer(self, lead):
        lead.action_crm_create_customer()
        self.assertRecordValues(
            lead.partner_id,
            [
                {
                    'name': 'Ana Ruiz',
                    'email': 'ana@qr.example',
                    'phone': '600300191',
                    'street': 'Calle Mayor 1',
                    'city': 'Zaragoza',
                    'zip': '50001',
                    'country_id': self.env.ref('base.es').id,
                }
            ],
        )
        self.assertEqual(lead.partner_id.parent_id.name, 'QR S.L.')
