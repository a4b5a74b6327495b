from odoo import SUPERUSER_ID, api

# What was compared, and what is compared now; rules are not updated by themselves.
OLD = "('commercial_partner_id', '=', user.partner_id.commercial_partner_id.id)"
NEW = (
    "('commercial_partner_id', 'in', "
    '[user.partner_id.commercial_partner_id.id, user.partner_id.id])'
)


def migrate(cr, version):
    """Let who joined a company go on reading the contracts that were made with him alone."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref('crm_contracts.crm_contract_rule_portal', raise_if_not_found=False)
    if rule:
        rule.domain_force = rule.domain_force.replace(OLD, NEW)
