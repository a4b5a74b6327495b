from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ServiceCommon

REPORT = 'crm_claims.report_service_claim'


@tagged('post_install', '-at_install')
class TestServiceClaimReport(ServiceCommon):
    def render(self, claim, user):
        reports = self.env['ir.actions.report'].with_user(user)
        html, _type = reports._render_qweb_html(REPORT, claim.ids)
        return html.decode()

    def create_claim(self, **values):
        return self.create_case(
            'service.claim',
            line_ids=[
                Command.create({'name': 'Oak barrel', 'amount_claimed': 90, 'reason': 'Leaks'})
            ],
            **values,
        )

    def test_report_says_what_is_claimed_in_the_customers_language(self):
        self.env['res.lang']._activate_lang('es_ES')
        claim = self.create_claim()
        self.stages['new'].with_context(lang='es_ES').name = 'Recién llegada'
        html = self.render(claim, self.agent)
        for text in (claim.number, 'Oak barrel', 'Leaks', '90.00', self.customer.name):
            self.assertIn(text, html)
        self.assertNotIn('Recién llegada', html)
        self.customer.lang = 'es_ES'
        self.assertIn('Recién llegada', self.render(claim, self.agent))

    def test_report_shows_only_what_the_user_may_read(self):
        claim = self.create_claim(team_id=self.desk.id, user_id=self.colleague.id)
        self.assertIn(claim.number, self.render(claim, self.colleague))
        for user in (self.agent, self.employee):
            with self.assertRaises(AccessError):
                self.render(claim, user)
