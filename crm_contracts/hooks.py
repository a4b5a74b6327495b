from odoo.addons.crm_extended.hooks import forget_models


def uninstall_hook(env):
    """Remove what contracts made on the way: number series and unused analytic accounts.

    Accounts with analytic items or projects are data of their own: they stay, and their plan with
    them.
    """
    env['ir.sequence'].search([('code', '=', 'crm.contract')]).unlink()
    contracts = env['crm.contract'].with_context(active_test=False).search([])
    accounts = contracts.analytic_account_id
    used = env['account.analytic.account']
    for plan, plan_accounts in accounts.grouped('root_plan_id').items():
        column = plan._column_name()
        for name in ('account.analytic.line', 'project.project'):
            users = env[name].with_context(active_test=False)
            used |= users.search([(column, 'in', plan_accounts.ids)])[column]
    contracts.analytic_account_id = False
    (accounts - used).unlink()
    forget_models(env, 'crm_contracts')
