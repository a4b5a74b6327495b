from lxml import html

from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .test_crm_lead_merge import CrmLeadMergeCase


@tagged('post_install', '-at_install')
class TestCrmMergeOpportunity(CrmLeadMergeCase):
    """The wizard shows what a merge will do, and does what the user chose."""

    def setUp(self):
        super().setUp()
        self.leads = self.survivor | self.loser
        self.survivor.write({'referred': 'Ana', 'expected_revenue': 500})

    def _open(self, leads=None, user=None):
        wizards = self.env['crm.merge.opportunity'].with_user(user or self.salesman)
        leads = leads or self.leads
        return wizards.with_context(
            active_model='crm.lead',
            active_ids=leads.ids,
            lang='en_US',
        ).create({})

    def _get_line(self, wizard, name):
        return wizard.line_ids.filtered(lambda line: line.field_name == name)

    def _run(self, wizard):
        with mute_logger('odoo.models.unlink'):
            action = wizard.action_merge()
        return self.env['crm.lead'].browse(action['res_id'])

    # === SHOW === #

    def test_lines_show_the_values_that_differ(self):
        wizard = self._open()
        self.assertEqual(wizard.survivor_id, self.survivor)
        line = self._get_line(wizard, 'expected_revenue')
        self.assertEqual(line.label, 'Expected Revenue')
        kept, dropped = (node.text_content() for node in html.fromstring(line.texts))
        self.assertIn('500.00', kept)
        self.assertIn('12,345.67', dropped)
        self.assertEqual(line.lead_id, self.survivor)
        self.assertEqual(self._get_line(wizard, 'partner_id').lead_id, self.loser)
        self.assertFalse(self._get_line(wizard, 'tag_ids').lead_id)
        self.assertFalse(self._get_line(wizard, 'user_id'))

    def test_values_are_shown_as_text(self):
        self.loser.name = '<img src=x onerror=alert(1)>'
        texts = self._get_line(self._open(), 'name').texts
        self.assertNotIn('<img', texts)
        self.assertIn('&lt;img', texts)

    def test_address_is_one_line(self):
        self.loser.write({'street': 'Calle Mayor 1', 'city': 'Zaragoza'})
        self.survivor.write({'city': 'Huesca'})
        wizard = self._open()
        line = self._get_line(wizard, 'street')
        self.assertEqual(line.label, 'Address')
        self.assertEqual(line.lead_id, self.loser)
        self.assertFalse(self._get_line(wizard, 'city'))
        line.lead_id = self.survivor
        survivor = self._run(wizard)
        self.assertEqual((survivor.street, survivor.city), (False, 'Huesca'))

    def test_different_customers_and_companies_are_told(self):
        wizard = self._open()
        self.assertFalse(wizard.has_different_customers or wizard.has_different_companies)
        self.survivor.partner_id = self.company
        self.assertFalse(self._open().has_different_customers)
        self.survivor.partner_id = self.other_customer
        self.assertTrue(self._open().has_different_customers)
        branch = self.env['res.company'].create({'name': 'Sucursal Faro'})
        self.manager.company_ids += branch
        self.survivor.company_id = self.env.company
        self.loser.write({'user_id': False, 'team_id': False})
        self.loser.company_id = branch
        wizards = self._open(user=self.manager).with_context(
            allowed_company_ids=(branch | self.env.company).ids
        )
        self.assertTrue(wizards.has_different_companies)

    def test_what_moves_is_counted(self):
        summary = self._open().moved_summary
        self.assertIn('Call: 1', summary)
        self.assertIn('Attachment: 1', summary)
        self.assertIn('Calendar Event: 1', summary)
        self.assertIn('Activity: 2', summary)

    def test_dialog_shows_and_follows_the_choice(self):
        wizards = self.env['crm.merge.opportunity'].with_user(self.salesman)
        context = {'active_model': 'crm.lead', 'active_ids': self.leads.ids, 'lang': 'en_US'}
        form = Form(wizards.with_context(**context))
        self.assertEqual(form.survivor_id, self.survivor)
        self.assertIn('Call: 1', form.moved_summary)
        form.survivor_id = self.loser
        self.assertNotIn('Call', form.moved_summary)
        names = [line['field_name'] for line in form.line_ids._records]
        index = names.index('referred')
        with form.line_ids.edit(index) as line:
            self.assertEqual(line.lead_id, self.loser)
            line.lead_id = self.survivor
        survivor = self._run(form.save())
        self.assertEqual(survivor, self.loser)
        self.assertEqual(survivor.referred, 'Ana')
        self.assertEqual(survivor.expected_revenue, 12345.67)

    # === CHOOSE === #

    def test_merge_without_a_choice_is_that_of_core(self):
        other = self.leads.copy()
        survivor = self._run(self._open())
        core = self._merge(other)
        for name in other._merge_get_fields():
            if name in survivor._fields and name != 'create_date':
                with self.subTest(field=name):
                    self.assertEqual(survivor[name], core[name])

    def test_chosen_values_and_survivor_win_and_can_be_undone(self):
        before = self._get_state(self.leads)
        wizard = self._open()
        wizard.survivor_id = self.loser
        self._get_line(wizard, 'referred').lead_id = self.survivor
        self._get_line(wizard, 'tag_ids').lead_id = self.survivor
        self._get_line(wizard, 'description').lead_id = self.survivor
        survivor = self._run(wizard)
        self.assertEqual(survivor, self.loser)
        self.assertEqual(survivor.referred, 'Ana')
        self.assertEqual(survivor.tag_ids, self.tags[0])
        self.assertFalse(survivor.description)
        self.assertEqual(survivor.expected_revenue, 12345.67)
        self.assertEqual(survivor.type, 'opportunity')
        survivor.action_undo_merge()
        self.assertEqual(self._get_state(self.leads), before)

    def test_salesperson_of_the_dialog_prevails(self):
        wizard = self._open(user=self.manager)
        wizard.user_id = self.manager
        self.assertEqual(self._run(wizard).user_id, self.manager)

    def test_choice_of_a_record_that_is_not_merged_is_ignored(self):
        secret = self._new_lead(user_id=self.colleague.id, referred='Secret')
        choice = {'survivor_id': secret.id, 'values': {'referred': secret.id}}
        survivor = self._merge(self.leads.with_context(crm_merge_choice=choice))
        self.assertEqual(survivor, self.survivor)
        self.assertEqual(survivor.referred, 'Ana')

    def test_preview_takes_the_same_queries_for_two_and_for_five(self):
        def count(number):
            leads = self.env['crm.lead'].create(
                [{'name': f'{number}/{i}', 'referred': str(i)} for i in range(number)]
            )
            wizard = self.env['crm.merge.opportunity'].create(
                {'opportunity_ids': [Command.set(leads.ids)]}
            )
            return self._count_queries(
                lambda: (wizard.line_ids.mapped('texts'), wizard.moved_summary)
            )

        count(2)
        self.assertLessEqual(count(5), count(2))
