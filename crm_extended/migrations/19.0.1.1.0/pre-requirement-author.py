from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Let who wrote a condition answer for it: with nobody, it would ask with all rights."""
    if column_exists(cr, 'crm_stage_requirement', 'author_id'):
        return
    create_column(cr, 'crm_stage_requirement', 'author_id', 'int4')
    cr.execute('UPDATE crm_stage_requirement SET author_id = COALESCE(write_uid, create_uid, 1)')
