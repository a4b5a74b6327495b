from odoo.tests import TransactionCase, tagged

from ...hooks import MENUS, uninstall_hook


@tagged('post_install', '-at_install')
class TestSegmentUninstall(TransactionCase):
    """What the addon left at menus and models of others goes with it."""

    def test_menus_of_sales_are_shown_to_everybody_again(self):
        menus = self.env['ir.ui.menu'].browse(self.env.ref(name).id for name in MENUS)
        self.assertEqual(len(menus.filtered('group_ids')), 2)
        uninstall_hook(self.env)
        self.assertFalse(menus.group_ids)

    def test_favourites_that_name_our_fields_go_and_others_stay(self):
        favourites = self.env['ir.filters'].create(
            [
                {'name': 'Kept', 'model_id': 'res.partner', 'domain': "[('user_id', '=', uid)]"},
                {
                    'name': 'By domain',
                    'model_id': 'res.partner',
                    'domain': "[('crm_segment_ids', 'in', [1])]",
                },
                {
                    'name': 'By path',
                    'model_id': 'crm.lead',
                    'domain': "[('partner_id.crm_segment_ids.name', '=', 'VIP')]",
                },
                {
                    'name': 'By group',
                    'model_id': 'res.partner',
                    'context': "{'group_by': ['crm_segment_ids']}",
                },
            ]
        )
        uninstall_hook(self.env)
        self.assertEqual(favourites.exists().mapped('name'), ['Kept'])
