def migrate(cr, version):
    """Call Odoo's channel of the website as today: Spanish installations had another word for it.

    With the present one it is found by that name, and gets its English one back on leaving.
    """
    cr.execute(
        """UPDATE utm_medium SET name = 'Página web'
             FROM ir_model_data AS data
            WHERE data.module = 'utm' AND data.name = 'utm_medium_website'
              AND data.res_id = utm_medium.id AND utm_medium.name = 'Sitio web'
              AND NOT EXISTS (SELECT FROM utm_medium WHERE name = 'Página web')"""
    )
