from odoo.addons.crm_extended.hooks import forget_models


def uninstall_hook(env):
    forget_models(env, 'crm_segmentation')
