from odoo import Command
from odoo.tests import tagged

from ..common import ServiceCommon


@tagged('post_install', '-at_install')
class TestCaseReference(ServiceCommon):
    def get_models(self, user):
        return dict(self.env['service.claim'].with_user(user)._selection_ref())

    def test_choice_is_what_is_installed_and_the_user_may_read(self):
        self.assertNotIn('crm.lead', self.get_models(self.agent))
        self.agent.group_ids = [Command.link(self.env.ref('sales_team.group_sale_salesman').id)]
        choice = self.get_models(self.agent)
        self.assertIn('crm.lead', choice)
        self.assertIn('service.ticket', choice)
        self.assertNotIn('res.partner', choice)
        self.assertNotIn('service.case.mixin', choice)

    def test_agent_reads_a_case_whose_document_is_not_for_him(self):
        lead = self.env['crm.lead'].create({'name': 'Secret deal'})
        claim = self.create_case('service.claim', ref=f'crm.lead,{lead.id}')
        self.assertEqual(claim.ref, lead)
        self.env.invalidate_all()
        values = claim.with_user(self.agent).web_read(
            {
                'name': {},
                'ref': {'fields': {'display_name': {}}},
            }
        )[0]
        self.assertEqual(values['name'], claim.name)
        self.assertNotIn('Secret deal', str(values['ref']))
