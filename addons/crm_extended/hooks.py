from odoo import Command


def post_init_hook(env):
    """Show the Leads menu, as its box in the settings does: a customer begins as a lead.

    Whoever unticks the box later keeps it unticked; uninstalling leaves the leads in sight.
    """
    internal_user = env.ref('base.group_user')
    show_leads = env.ref('crm.group_use_lead')
    if show_leads in internal_user.all_implied_ids:
        return
    internal_user.implied_ids = [Command.link(show_leads.id)]
    env['crm.team'].search([('use_opportunities', '=', True)]).use_leads = True
