from odoo.tools import SQL


def migrate(cr, version):
    """Give each segment a seed of its own: the same one for all would draw the same contacts."""
    cr.execute(SQL('UPDATE crm_segment SET cut_seed = floor(random() * 1000000)'))
