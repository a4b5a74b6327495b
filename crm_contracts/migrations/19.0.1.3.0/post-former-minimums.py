def migrate(cr, version):
    """Let periods at a former price keep the minimum that no revision has moved yet."""
    cr.execute("""
        UPDATE crm_contract_line_price AS former
           SET minimum_amount = line.minimum_amount
          FROM crm_contract_line AS line
         WHERE line.id = former.line_id AND line.minimum_amount <> 0
    """)
