from odoo.tests import TransactionCase, tagged

from odoo.addons.crm.tests.common import INCOMING_EMAIL
from odoo.addons.mail.tests.common import MailCommon

from ...hooks import post_init_hook
from ...models.lead.crm_tag import CLASSIC_TAGS


@tagged('post_install', '-at_install')
class TestPipelineData(TransactionCase):
    def test_leads_are_shown_after_install(self):
        group = self.env.ref('crm.group_use_lead')
        internal_user = self.env.ref('base.group_user')
        internal_user.implied_ids -= group
        team = self.env['crm.team'].create({'name': 'South', 'use_leads': False})
        post_init_hook(self.env)
        self.assertIn(group, internal_user.implied_ids)
        self.assertTrue(team.use_leads)
        self.assertEqual(team.alias_id.alias_defaults.count("'type': 'lead'"), 1)

    def test_team_settings_stay_where_leads_are_shown_already(self):
        self.env.ref('base.group_user').implied_ids += self.env.ref('crm.group_use_lead')
        team = self.env['crm.team'].create({'name': 'South', 'use_leads': False})
        post_init_hook(self.env)
        self.assertFalse(team.use_leads)

    def test_negotiation_comes_between_proposition_and_won(self):
        stages = [
            self.env.ref(xmlid)
            for xmlid in (
                'crm.stage_lead3',
                'crm_extended.crm_stage_negotiation',
                'crm.stage_lead4',
            )
        ]
        sequences = [stage.sequence for stage in stages]
        self.assertEqual(sequences, sorted(sequences))
        self.assertFalse(stages[1].is_won)

    def _get_tags(self):
        return (
            self.env['crm.tag']
            .with_context(lang='en_US')
            .search(
                [
                    ('name', 'in', [name for name, *_rest in CLASSIC_TAGS.values()]),
                ]
            )
        )

    def test_classic_tags_exist_once(self):
        self.assertEqual(len(self._get_tags()), 8)
        self.env['crm.tag']._create_classic_tags()
        self.assertEqual(len(self._get_tags()), 8)

    def test_classic_tags_without_demo_data_answer_to_its_names(self):
        self._get_tags().unlink()
        self.env['crm.tag']._create_classic_tags()
        tag = self.env.ref('crm_extended.crm_tag_consulting')
        self.assertEqual(tag, self.env.ref('sales_team.categ_oppor7'))
        self.assertEqual(tag.with_context(lang='en_US').name, 'Consulting')

    def test_tag_of_the_users_is_found_and_stays_theirs(self):
        self._get_tags().unlink()
        own = self.env['crm.tag'].with_context(lang='en_US').create({'name': 'Software'})
        self.env['crm.tag']._create_classic_tags()
        self.assertEqual(len(self._get_tags()), 8)
        self.assertEqual(self.env.ref('sales_team.categ_oppor2'), own)
        self.assertFalse(self.env.ref('crm_extended.crm_tag_software', raise_if_not_found=False))


@tagged('post_install', '-at_install')
class TestMailChannel(MailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        cls.team = cls.env['crm.team'].create(
            {
                'name': 'North',
                'alias_name': 'crm.extended.north',
                'use_leads': True,
            }
        )

    def _receive(self):
        return self.format_and_process(
            INCOMING_EMAIL,
            'unknown.sender@crm-extended.example.com',
            self.team.alias_id.display_name,
            subject='Offer',
            target_model='crm.lead',
        )

    def test_lead_by_mail_has_channel_email(self):
        lead = self._receive()
        self.assertEqual(lead.medium_id, self.env.ref('utm.utm_medium_email'))
        self.assertEqual(lead.team_id, self.team)

    def test_channel_of_the_alias_wins(self):
        medium = self.env['utm.medium'].create({'name': 'Partner portal'})
        self.team.alias_id.alias_defaults = str(
            {
                'type': 'lead',
                'team_id': self.team.id,
                'medium_id': medium.id,
            }
        )
        self.assertEqual(self._receive().medium_id, medium)
