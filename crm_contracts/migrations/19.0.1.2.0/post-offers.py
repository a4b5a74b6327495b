from odoo import SUPERUSER_ID, api

# What customers read, and what they read now; rules are not updated by themselves.
OLD = "('open', 'to_renew', 'closed')"
NEW = "('offered', 'open', 'to_renew', 'closed')"


def migrate(cr, version):
    """Let customers read what is offered to them."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    rule = env.ref('crm_contracts.crm_contract_rule_portal', raise_if_not_found=False)
    if rule:
        rule.domain_force = rule.domain_force.replace(OLD, NEW)
