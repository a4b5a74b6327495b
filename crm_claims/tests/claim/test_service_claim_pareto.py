import pytest

from odoo.tests import HttpCase, tagged

from ..common import ServiceCommon


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestServiceClaimPareto(ServiceCommon, HttpCase):
    def test_few_causes_that_cost_the_most_come_first_with_their_share_of_all(self):
        for name, cost in (('Label', 100000), ('Transport', 600000), ('Packing', 300000)):
            self.create_case(
                'service.claim',
                cause_id=self.env['service.claim.cause'].create({'name': name}).id,
                amount_granted=cost,
            )
        self.start_tour('/odoo/claims-pareto', 'crm_claims_pareto', login=self.manager.login)
