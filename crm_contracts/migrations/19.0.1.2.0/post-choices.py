def migrate(cr, version):
    """Leave as they were what new companies and contracts are proposed otherwise.

    Nobody agreed with the customers of before that they give notice in the portal, and products
    without taxes go on being billed until their company wants a tax on each line.
    """
    cr.execute('UPDATE crm_contract SET portal_allow_notice = FALSE')
    cr.execute('UPDATE crm_contract_template SET portal_allow_notice = FALSE')
    cr.execute('UPDATE res_company SET crm_contract_tax_required = FALSE')
