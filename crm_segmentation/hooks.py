from odoo import Command

from odoo.addons.crm_extended.hooks import forget_models

# Core's, which we show to salespeople alone.
MENUS = ('crm.menu_crm_opportunities', 'crm.sales_team_menu_team_pipeline')


def uninstall_hook(env):
    for name in MENUS:
        if menu := env.ref(name, raise_if_not_found=False):
            menu.group_ids = [Command.unlink(env.ref('sales_team.group_sale_salesman').id)]
    forget_models(env, 'crm_segmentation')
