"""What the tests that cross addons know about the suite itself."""

import os
from pathlib import Path

ADDONS = ('crm_extended', 'crm_claims', 'crm_contracts', 'crm_segmentation')
ROOT = Path(__file__).resolve().parent.parent
ADDONS_PATH = ROOT
# LONG=1 takes the thousands where every run takes a sample.
LONG = os.environ.get('LONG', '') not in ('', '0')

# The people of the suite: who sees a menu must be able to use what is behind it.
ROLES = {
    'salesperson': 'sales_team.group_sale_salesman',
    'salesperson of all': 'sales_team.group_sale_salesman_all_leads',
    'sales manager': 'sales_team.group_sale_manager',
    'agent': 'crm_claims.crm_claims_group_agent',
    'agent of all teams': 'crm_claims.crm_claims_group_agent_all',
    'after-sales manager': 'crm_claims.crm_claims_group_manager',
    'accountant': 'account.group_account_invoice',
    'administrator': 'base.group_system',
}


def models_of_ours(env):
    """Return the models that our addons declare (not those that they extend)."""
    return [model for model in map(env.__getitem__, env) if model._original_module in ADDONS]


def records_of_ours(env, model_name):
    """Return the data records of a model that our addons ship."""
    rows = env['ir.model.data'].search([('module', 'in', ADDONS), ('model', '=', model_name)])
    return env[model_name].browse(rows.mapped('res_id')).exists()
