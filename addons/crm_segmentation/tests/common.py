from odoo.tests import TransactionCase, new_test_user


class SegmentCase(TransactionCase):
    """Three companies with a reference of our own, and one person.

    Partner    Company?   ref
    alba       yes        SEG-ES
    brisa      yes        SEG-ES
    cierzo     yes        SEG-FR
    duna       no         SEG-ES
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, login='segment_manager', groups='sales_team.group_sale_manager'
        )
        cls.salesman = new_test_user(
            cls.env, login='segment_salesman', groups='sales_team.group_sale_salesman'
        )
        cls.alba, cls.brisa, cls.cierzo, cls.duna = cls.env['res.partner'].create(
            [
                {'name': 'Alba', 'is_company': True, 'ref': 'SEG-ES'},
                {'name': 'Brisa', 'is_company': True, 'ref': 'SEG-ES'},
                {'name': 'Cierzo', 'is_company': True, 'ref': 'SEG-FR'},
                {'name': 'Duna', 'is_company': False, 'ref': 'SEG-ES'},
            ]
        )
        cls.tag = cls.env['res.partner.category'].create({'name': 'Spain'})

    def create_segment(self, **values):
        """Create a segment of the manager; by default the Spanish companies."""
        return (
            self.env['crm.segment']
            .with_user(self.manager)
            .create(
                {
                    'name': 'Spanish companies',
                    'category_id': self.tag.id,
                    'domain': "[('ref', '=', 'SEG-ES')]",
                    'scope': 'companies',
                    **values,
                }
            )
        )

    def open_partners(self, segment):
        """Return the partners that are members now."""
        return segment.sudo().membership_ids.filtered(lambda row: not row.date_out).partner_id

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_segmentation.ir_cron_refresh_segments').method_direct_trigger()
