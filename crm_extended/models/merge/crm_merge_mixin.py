from odoo import api, fields, models
from odoo.models import LOG_ACCESS_COLUMNS

from ...core.rows import get_changes, get_link_changes, get_reverted, get_table


class CrmMergeMixin(models.AbstractModel):
    """One merge of records of a model into one of them, with what it takes to undo it."""

    _name = 'crm.merge.mixin'
    _description = 'Merge That Can Be Undone'
    _inherit = ['crm.turn.mixin']
    _order = 'id desc'

    user_id = fields.Many2one(
        comodel_name='res.users',
        string='Merged By',
        readonly=True,
        default=lambda self: self.env.user,
    )
    date = fields.Datetime(
        string='Merged On',
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    state = fields.Selection(
        selection=[('done', 'Merged'), ('undone', 'Undone')],
        string='Status',
        required=True,
        readonly=True,
        default='done',
    )
    changes = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='Each value that the merge changed on the survivor, before and after.',
    )
    links = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='Tags and the like that the survivor got or lost by the merge.',
    )

    # === RECORD === #

    @api.model
    def _take(self, records, slim=()):
        """Return the records and all that hangs on them as they are now.

        :param slim: references with so many rows that only their links are taken
        """
        self.env.flush_all()
        snapshot = self.env['crm.merge.snapshot']
        return {
            'rows': snapshot._take_rows(records._table, records.ids),
            'attached': snapshot._take_attached(records._name, records.ids, slim),
        }

    @api.model
    def _prepare_survivor_values(self, survivor, before, after):
        references = self.env['crm.merge.snapshot']._get_references(survivor._name)
        return {
            'changes': get_changes(
                before['rows'][survivor.id], after['rows'][survivor.id], LOG_ACCESS_COLUMNS
            ),
            'links': get_link_changes(
                before['attached'][survivor.id],
                after['attached'][survivor.id],
                [name for name, reference in references.items() if reference.kind == 'many2many'],
            ),
        }

    # === UNDO === #

    def _get_reverted_values(self, survivor):
        """Return what the survivor gets back: what nobody edited since."""
        rows = self.env['crm.merge.snapshot']._take_rows(survivor._table, survivor.ids)
        return get_reverted(self.changes or {}, rows[survivor.id])

    def _put_survivor_back(self, survivor, values):
        snapshot = self.env['crm.merge.snapshot']
        snapshot._update_rows(survivor._table, {survivor.id: values})
        for name, rows in (self.links or {}).items():
            snapshot._delete_links(get_table(name), rows['added'])
            snapshot._insert_rows(get_table(name), rows['removed'])
        self.env.invalidate_all()
        self._recompute_mixed(survivor, values, set(self.changes or {}) - set(values))

    def _recompute_mixed(self, survivor, restored, edited):
        """Compute again what depends both on restored and on edited values.

        All else of the survivor was restored as it was.
        """
        mixed = [
            field
            for field in survivor._fields.values()
            if field.compute and field.readonly and field.name in edited
        ]
        own = [field for field in self._get_stored_fields(survivor) if field not in mixed]
        with self.env.protecting(own, survivor):
            survivor.modified(restored)
        self.env.flush_all()

    def _get_stored_fields(self, records):
        return [field for field in records._fields.values() if field.store]
