from odoo import api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name


class RealTransactionCase(BaseCase):
    """Contacts and a tag that are committed, and deleted with their segments afterwards."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.segment_ids = []
        with self.registry.cursor() as cr:
            env = self.as_root(cr)
            self.tag_id = env['res.partner.category'].create({'name': 'Real'}).id
            self.partner_ids = env['res.partner'].create(self.prepare_partners()).ids
        self.addCleanup(self.remove)

    def prepare_partners(self):
        return [{'name': f'Real {number}', 'ref': 'REAL-IN'} for number in range(4)]

    def remove(self):
        with self.registry.cursor() as cr:
            env = self.as_root(cr)
            env['crm.segment'].browse(self.segment_ids).exists().unlink()
            env['crm.call'].search([('partner_id', 'in', self.partner_ids)]).unlink()
            env['res.partner'].browse(self.partner_ids).exists().unlink()
            env['res.partner.category'].browse(self.tag_id).unlink()

    def as_root(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {})

    def create_segment(self, **values):
        """Commit a segment of the contacts that are in."""
        with self.registry.cursor() as cr:
            segment = self.as_root(cr)['crm.segment'].create(
                {'name': 'Real', 'domain': "[('ref', '=', 'REAL-IN')]", **values}
            )
            self.segment_ids.append(segment.id)
            return segment.id

    def open_partner_ids(self, env, segment_id):
        rows = env['crm.segment.membership'].search(
            [('segment_id', '=', segment_id), ('date_out', '=', False)]
        )
        self.assertEqual(len(rows), len(rows.partner_id))
        return set(rows.partner_id.ids)
