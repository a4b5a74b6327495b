from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Give the calls the company that their customer is with today: earlier ones are forgotten."""
    if column_exists(cr, 'crm_call', 'commercial_partner_id'):
        return
    create_column(cr, 'crm_call', 'commercial_partner_id', 'int4')
    cr.execute(
        """UPDATE crm_call SET commercial_partner_id = partner.commercial_partner_id
             FROM res_partner AS partner WHERE partner.id = crm_call.partner_id"""
    )
