from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Let rows of costs know what their costs came to, so that corrections find the difference."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    biller = env['crm.contract.biller']
    rows = env['crm.contract.billing'].search([('kind', '=', 'cost'), ('origin_id', '=', False)])
    for row in rows:
        items = row.analytic_line_ids
        family = row | row.part_ids
        cost = sum(biller._get_cost(row.contract_id, item) for item in items)
        quantity = sum(family.mapped('quantity')) or 1.0
        for part in family:
            part.write(
                {
                    'cost_kind': items[:1].crm_contract_kind or 'other',
                    'cost_amount': cost * part.quantity / quantity,
                }
            )
