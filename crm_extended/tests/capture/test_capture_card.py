from base64 import b64encode
from datetime import timedelta

from lxml import etree
from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.misc import file_open

from ...wizard import crm_capture_card
from ..common import CrmExtendedCase
from ..core.cards import V3, V4, V21


def make_card(number, **lines):
    """Return a card of a person that nobody else is."""
    lines = {
        'FN': f'Person {number}',
        'EMAIL': f'person{number}@cards.example.com',
        'TEL': f'+34 6{number:08}',
        **lines,
    }
    text = '\n'.join(f'{name}:{value}' for name, value in lines.items())
    return f'BEGIN:VCARD\nVERSION:3.0\n{text}\nEND:VCARD\n'


@tagged('post_install', '-at_install')
class TestCaptureCard(CrmExtendedCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')

    def _upload(self, *contents, user=None, **values):
        """Upload files as the client does it, and let them be read."""
        env = self.env(user=user or self.salesman)
        files = env['ir.attachment'].create(
            [
                {
                    'name': f'{number}.vcf',
                    'raw': content.encode() if isinstance(content, str) else content,
                    'res_model': 'crm.capture.card',
                    'res_id': 0,
                }
                for number, content in enumerate(contents, start=1)
            ]
        )
        wizard = env['crm.capture.card'].create(
            {'attachment_ids': [Command.set(files.ids)], **values}
        )
        wizard.action_read()
        return wizard

    def _import(self, wizard):
        action = wizard.action_import()
        return wizard.env[action['res_model']].search(action['domain'], order='id')

    # === What becomes of a card === #

    def test_card_becomes_a_lead_with_everything_on_it(self):
        campaign = self.env['utm.campaign'].create({'name': 'Fair'})
        wizard = self._upload(V3)
        wizard.campaign_id = campaign
        lead = self._import(wizard)
        self.assertRecordValues(
            lead,
            [
                {
                    'name': 'Ana María Ruiz, Ruiz e Hijos, S.L.',
                    'type': 'lead',
                    'contact_name': 'Ana María Ruiz',
                    'partner_name': 'Ruiz e Hijos, S.L.',
                    'function': 'Directora',
                    'email_from': 'ana@ruiz.example.com',
                    'phone': '+34 600 12 34 56',
                    'street': 'Calle Mayor 1',
                    'street2': 'Piso 2, Apdo. 7',
                    'zip': '50001',
                    'city': 'Zaragoza',
                    'country_id': self.env.ref('base.es').id,
                    'website': 'https://ruiz.example.com',
                    'medium_id': self.env.ref('utm.utm_medium_direct').id,
                    'campaign_id': campaign.id,
                    'user_id': self.salesman.id,
                    'team_id': self.team.id,
                    'company_id': self.env.company.id,
                    'partner_id': False,
                }
            ],
        )
        for text in ('Primera línea<br>segunda', 'info@ruiz', '976 33 33 33', 'Aragón', 'Compras'):
            self.assertIn(text, lead.description)
        self.assertIn(self.salesman.partner_id, lead.message_partner_ids)
        self.assertIn('1.vcf', lead.message_ids.mapped('body')[0])

    def test_original_card_is_attached(self):
        lead = self._import(self._upload(V3.encode('cp1252')))
        attachment = self.env['ir.attachment'].search(
            [('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id)]
        )
        self.assertEqual(attachment.name, 'Ana María Ruiz, Ruiz e Hijos, S.L..vcf')
        self.assertEqual(attachment.mimetype, 'text/vcard')
        self.assertEqual(attachment.raw, V3.replace('\n', '\r\n').encode('cp1252'))

    def test_broken_picture_costs_the_picture(self):
        picture = b64encode(b'\x89PNG\r\n\x1a\nrubbish').decode()
        wizard = self._upload(make_card(1, **{'PHOTO;ENCODING=b': picture}))
        line = wizard.line_ids
        self.assertEqual((line.status, line.photo, line.remark), ('new', False, 'Not read: PHOTO'))
        lead = self._import(wizard)
        files = [('res_model', '=', 'crm.lead'), ('res_id', '=', lead.id)]
        self.assertEqual(self.env['ir.attachment'].search_count(files), 1)

    def test_state_without_a_country_is_looked_for_at_home(self):
        line = self._upload(make_card(1, ADR=';;Calle 1;Jaca;Huesca;22700;')).line_ids
        self.assertEqual(line.country_id, self.env.ref('base.es'))
        self.assertEqual(line.state_id.name, 'Huesca')

    def test_many_files_with_many_cards_are_read(self):
        wizard = self._upload(V3 + V4, V21, make_card(1))
        self.assertEqual(
            wizard.line_ids.mapped('origin'),
            ['1.vcf, card 1', '1.vcf, card 2', '2.vcf', '3.vcf'],
        )
        self.assertEqual(len(self._import(wizard)), 4)

    def test_places_and_language_are_found_by_their_names(self):
        self.env['res.lang']._activate_lang('es_ES')
        wizard = self._upload(
            make_card(1, ADR=';;Calle 1;Bilbao;Vizcaya;48001;espana', LANG='es'),
            make_card(2, ADR=';;Street 1;New York;NY;10001;US', LANG='xx'),
            make_card(3, ADR=';;Street 1;Nowhere;;1;Atlantis'),
        )
        first, second, third = wizard.line_ids
        self.assertEqual(first.country_id, self.env.ref('base.es'))
        self.assertEqual(first.state_id.country_id, first.country_id)
        self.assertEqual(first.lang_id.code, 'es_ES')
        self.assertEqual(second.state_id, self.env.ref('base.state_us_27'))
        self.assertFalse(second.lang_id)
        self.assertFalse(third.country_id)
        self.assertIn('Atlantis', third.description)

    def test_demo_cards_can_be_tried(self):
        with file_open('crm_extended/demo/business_cards.vcf', 'rb') as file:
            wizard = self._upload(file.read())
        self.assertEqual(wizard.line_ids.mapped('status'), ['new', 'new', 'new', 'unusable'])

    def test_user_chooses_what_is_created(self):
        wizard = self._upload(make_card(1), make_card(2), user=self.coordinator)
        with Form(wizard) as form:
            form.lead_type = 'opportunity'
            form.user_id = self.salesman
            form.team_id = self.team
            with form.line_ids.edit(0) as line:
                line.name = 'A new name'
            with form.line_ids.edit(1) as line:
                line.is_selected = False
        lead = self._import(wizard)
        self.assertRecordValues(
            lead,
            [{'name': 'A new name', 'type': 'opportunity', 'user_id': self.salesman.id}],
        )
        self.assertTrue(lead.stage_id)

    # === Who is known === #

    def test_known_people_are_shown_and_not_ticked(self):
        lead = self._new_lead(name='Cranes', email_from='PERSON1@cards.example.com')
        opportunity = self._new_lead(name='Hooks', type='opportunity', phone='600000002')
        wizard = self._upload(
            make_card(1),
            make_card(2),
            make_card(3, TEL='0034 600-111-111', FN='Sanz, LUCIA'),
            make_card(4, TEL='0034 600-111-111'),
        )
        first, second, third, fourth = wizard.line_ids
        self.assertEqual(first.known_lead_ids, lead)
        self.assertEqual(second.known_lead_ids, opportunity)
        self.assertEqual(third.known_partner_ids, self.contact)
        self.assertIn('Cranes', first.remark)
        self.assertIn('Hooks', second.remark)
        self.assertIn('Lucía Sanz', third.remark)
        self.assertEqual(wizard.line_ids.mapped('is_selected'), [False, False, False, True])
        self.assertEqual(wizard.line_ids.mapped('status'), ['known'] * 3 + ['new'])
        self.assertEqual(fourth.remark, False)
        action = first.action_view_known_leads()
        self.assertEqual(self.env['crm.lead'].search(action['domain']), lead)
        action = third.action_view_known_partners()
        self.assertEqual(self.env['res.partner'].search(action['domain']), self.contact)

    def test_lead_of_a_colleague_is_a_hint_without_a_name(self):
        self._new_lead(
            name='Secret', email_from='person1@cards.example.com', user_id=self.colleague.id
        )
        line = self._upload(make_card(1)).line_ids
        self.assertEqual((line.status, line.is_selected), ('known', False))
        self.assertNotIn('Secret', line.remark)
        self.assertFalse(line.known_lead_ids)

    def test_card_that_comes_twice_is_ticked_once(self):
        wizard = self._upload(
            make_card(1), make_card(2) + make_card(1, FN='P. One'), make_card(3, TEL='+34600000001')
        )
        self.assertEqual(wizard.line_ids.mapped('status'), ['new', 'new', 'repeated', 'new'])
        self.assertEqual(wizard.line_ids.mapped('is_selected'), [True, True, False, True])
        self.assertIn('1.vcf', wizard.line_ids[2].remark)

    def test_known_person_may_be_imported_all_the_same(self):
        self._new_lead(email_from='person1@cards.example.com')
        wizard = self._upload(make_card(1))
        wizard.line_ids.is_selected = True
        self.assertEqual(self._import(wizard).crm_known_lead_count, 1)

    # === Bad files === #

    def test_each_bad_card_has_its_sentence_and_good_ones_are_offered(self):
        empty = 'BEGIN:VCARD\nVERSION:4.0\nNOTE:Nobody\nEND:VCARD\n'
        broken = 'BEGIN:VCARD\nVERSION:3.0\nrubbish\nEND:VCARD\n'
        wizard = self._upload(empty + broken + make_card(1), 'no card at all', '')
        self.assertEqual(
            wizard.line_ids.mapped('status'),
            ['unusable', 'unusable', 'new', 'unusable', 'unusable'],
        )
        for line, sentence in zip(
            wizard.line_ids - wizard.line_ids[2],
            (
                'no name',
                'damaged and cannot be read. Not read: rubb',
                'not a business card',
                'empty',
            ),
            strict=True,
        ):
            self.assertIn(sentence, line.remark)
        self.assertEqual(self._import(wizard).contact_name, 'Person 1')

    def test_unusable_card_cannot_be_forced(self):
        wizard = self._upload('no card at all')
        with self.assertRaisesRegex(UserError, 'Tick at least one'):
            wizard.action_import()
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaisesRegex(CheckViolation, 'unusable_not_selected'),
            self.env.cr.savepoint(),
        ):
            wizard.line_ids.is_selected = True
            wizard.flush_recordset()
            wizard.line_ids.flush_recordset()

    def test_file_that_is_too_large_is_not_read(self):
        self.patch(crm_capture_card, 'MAX_FILE', 1000)
        wizard = self._upload(make_card(1), make_card(2) * 50)
        self.assertEqual(wizard.line_ids.mapped('status'), ['new', 'unusable'])
        self.assertIn('too large', wizard.line_ids[1].remark)

    def test_more_cards_than_at_once_are_cut_with_a_sentence(self):
        wizard = self._upload(''.join(map(make_card, range(5000))))
        self.assertEqual(len(wizard.line_ids), 1001)
        self.assertEqual(wizard.selected_count, 1000)
        self.assertEqual(wizard.line_ids[-1].origin, '4000 more cards')
        self.assertIn('At most 1000', wizard.line_ids[-1].remark)

    def test_nothing_is_half_written(self):
        wizard = self._upload(make_card(1), make_card(2))
        before = self.env['crm.lead'].search_count([])
        wizard.line_ids[1].lang_id = self.env['res.lang'].search([], limit=1)
        self.env.cr.execute(
            'ALTER TABLE crm_lead ADD CONSTRAINT crm_extended_test CHECK'
            " (contact_name != 'Person 2') NOT VALID"
        )
        with (
            mute_logger('odoo.sql_db'),
            self.assertRaisesRegex(CheckViolation, 'crm_extended_test'),
            self.env.cr.savepoint(),
        ):
            wizard.action_import()
        self.env.invalidate_all()
        self.assertEqual(wizard.state, 'check')
        self.assertEqual(self.env['crm.lead'].search_count([]), before)

    def test_a_file_is_needed(self):
        wizard = self.env['crm.capture.card'].with_user(self.salesman).create({})
        with self.assertRaisesRegex(UserError, 'Choose at least one file'):
            wizard.action_read()

    def test_cards_are_imported_once(self):
        wizard = self._upload(make_card(1))
        self._import(wizard)
        for action in (wizard.action_import, wizard.action_read, wizard.action_back):
            with self.assertRaisesRegex(UserError, 'imported already'):
                action()

    def test_other_files_replace_the_first(self):
        wizard = self._upload(make_card(1))
        wizard.action_back()
        self.assertEqual(wizard.state, 'upload')
        wizard.action_read()
        self.assertEqual(len(wizard.line_ids), 1)

    # === The way in === #

    def test_leads_and_pipeline_have_the_button_whoever_else_adds_one(self):
        pipeline = self.env.ref('crm.crm_case_kanban_view_leads')
        self.env['ir.ui.view'].create(
            {
                'name': 'another addon',
                'model': 'crm.lead',
                'inherit_id': pipeline.id,
                'arch': '<templates position="after"><header>'
                '<button name="action_crm_create_customer" type="object" string="Other"/>'
                '</header></templates>',
            }
        )
        leads = self.env['crm.lead'].with_user(self.salesman)
        for view, buttons in (
            (self.env.ref('crm.view_crm_lead_kanban'), {'Import Cards'}),
            (self.env.ref('crm.crm_case_tree_view_leads'), {'Import Cards'}),
            (self.env.ref('crm.crm_case_tree_view_oppor'), {'Import Cards'}),
            (pipeline, {'Import Cards', 'Other'}),
        ):
            arch = etree.fromstring(leads.get_view(view.id, view.type)['arch'])
            [header] = arch.findall('header')
            with self.subTest(view=view.name):
                self.assertLessEqual(buttons, {button.get('string') for button in header})

    # === Many === #

    def test_queries_do_not_grow_with_the_cards(self):
        """Odoo itself writes new records in blocks: those queries alone grow."""

        def count(number, first):
            wizard = self._upload(make_card(first))
            wizard.action_back()
            wizard.attachment_ids.raw = ''.join(
                make_card(first + index) for index in range(number)
            ).encode()
            return self._count_queries(wizard.action_read), self._count_queries(
                wizard.action_import
            )

        count(10, 0)
        few, more, many = count(10, 10_000), count(50, 20_000), count(1000, 30_000)
        self.assertTrue(all(few))
        for ten, fifty, thousand in zip(few, more, many, strict=True):
            self.assertLessEqual(fifty, ten)
            self.assertLess(thousand - ten, 60)

    # === Rights === #

    def test_sales_people_import_and_others_do_not(self):
        for user in (self.salesman, self.coordinator, self.manager):
            wizard = self._upload(make_card(user.id), user=user)
            self.assertEqual(self._import(wizard).user_id, user)
        for user in (self.outsider, self.portal):
            with self.assertRaises(AccessError):
                self.env['crm.capture.card'].with_user(user).create({})
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_import()

    def test_imports_are_ones_own(self):
        wizard = self._upload(make_card(1))
        for user in (self.colleague, self.manager):
            with self.assertRaises(AccessError):
                wizard.with_user(user).line_ids.mapped('email_from')
            with self.assertRaises(AccessError):
                wizard.with_user(user).action_import()

    def test_files_of_others_cannot_be_read(self):
        theirs = (
            self.env['ir.attachment']
            .with_user(self.colleague)
            .create({'name': 'private.vcf', 'raw': make_card(1).encode()})
        )
        with self.assertRaises(AccessError):
            self.env['crm.capture.card'].with_user(self.salesman).create(
                {'attachment_ids': [Command.set(theirs.ids)]}
            ).action_read()

    def test_leads_belong_to_the_company_of_the_user(self):
        company = self.env['res.company'].create({'name': 'Sucursal Lisboa'})
        director = new_test_user(
            self.env,
            login='crm_extended_lisbon',
            groups='sales_team.group_sale_manager',
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self._new_lead(email_from='person1@cards.example.com', company_id=self.env.company.id)
        wizard = self._upload(make_card(1), user=director)
        self.assertEqual(wizard.line_ids.status, 'new', 'known in another company only')
        lead = self._import(wizard)
        self.assertEqual(lead.company_id, company)
        with self.assertRaises(AccessError):
            lead.with_user(self.manager).read(['name'])

    # === Housekeeping === #

    def test_uploads_go_with_the_import_or_after_a_day(self):
        wizard = self._upload(make_card(1))
        used = wizard.attachment_ids
        self.assertEqual(used.res_id, wizard.id)
        abandoned, fresh = self.env['ir.attachment'].create(
            [{'name': name, 'res_model': wizard._name, 'raw': b'x'} for name in ('old', 'new')]
        )
        self.env.cr.execute(
            'UPDATE ir_attachment SET create_date = %s WHERE id = %s',
            [fields.Datetime.now() - timedelta(days=2), abandoned.id],
        )
        self.env.invalidate_all()
        wizard.sudo()._gc_uploads()
        self.assertFalse(abandoned.exists())
        self.assertTrue(fresh.exists() and used.exists())
        wizard.sudo().unlink()
        self.assertFalse(used.exists())
