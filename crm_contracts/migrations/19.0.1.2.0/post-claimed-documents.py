from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Name the documents of claimed items that point at lines of invoices and orders."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    lines = env['service.claim.line'].search([('document_line', '!=', False)])
    for name in ('document', 'document_name', 'document_date'):
        env.add_to_compute(lines._fields[name], lines)
    env.flush_all()
