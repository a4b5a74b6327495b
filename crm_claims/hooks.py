from odoo.addons.crm_extended.hooks import forget_models

from .core.cases import CASE_MODELS


def create_number_sequences(env):
    """Give each existing company its number series."""
    companies = env['res.company'].search([])
    for model_name in CASE_MODELS:
        env[model_name]._get_number_sequences(companies)


def uninstall_hook(env):
    """Take along what no data file removes: number series of companies, and what names models."""
    sequences = env['ir.sequence'].with_context(active_test=False)
    sequences.search([('code', 'in', CASE_MODELS)]).unlink()
    forget_models(env, 'crm_claims')
