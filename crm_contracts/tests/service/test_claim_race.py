import psycopg2

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import ValidationError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger


@tagged('post_install', '-at_install')
class TestClaimRace(BaseCase):
    """Two real transactions claim the same: the second is tried again, and then refused."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            partner = env['res.partner'].create({'name': 'Race'})
            team = env['service.team'].create({'name': 'Race', 'sequence': 99})
            order = env['sale.order'].create(
                {
                    'partner_id': partner.id,
                    'order_line': [
                        Command.create(
                            {
                                'product_id': env['product.product'].create({'name': 'Race'}).id,
                                'product_uom_qty': 3,
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            values = {'name': 'Race', 'partner_id': partner.id, 'team_id': team.id}
            self.claim_ids = env['service.claim'].create([values, values]).ids
            self.order_id, self.team_id = order.id, team.id
            self.key = f'sale.order.line,{order.order_line.id}'
        self.addCleanup(self.remove)

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env['service.claim'].browse(self.claim_ids).unlink()
            env['service.team'].browse(self.team_id).unlink()
            order = env['sale.order'].browse(self.order_id)
            product, partner = order.order_line.product_id, order.partner_id
            order._action_cancel()
            order.unlink()
            product.product_tmpl_id.unlink()
            partner.unlink()

    def claim(self, cr, claim_id, quantity=2):
        claim = api.Environment(cr, SUPERUSER_ID, {})['service.claim'].browse(claim_id)
        claim._add_items({self.key: quantity})
        claim.env.flush_all()

    def test_two_at_once_do_not_claim_more_than_there_is(self):
        first_id, second_id = self.claim_ids
        with self.registry.cursor() as first, self.registry.cursor() as second:
            for cr in (first, second):
                cr.execute('SELECT 1 FROM service_claim')  # from here on it sees no other
            self.claim(first, first_id)
            first.commit()
            with (
                mute_logger('odoo.sql_db'),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                self.claim(second, second_id)
            second.rollback()
            with self.assertRaisesRegex(ValidationError, 'no more than 1'):
                self.claim(second, second_id)
            second.rollback()
            self.claim(second, second_id, 1)
            second.commit()
