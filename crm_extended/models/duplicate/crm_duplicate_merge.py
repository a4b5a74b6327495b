from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tools import SQL, split_every

from ...core.rows import get_moved, get_table

_AT_ONCE = 2  # contacts that Odoo's merge takes besides the one that stays


class CrmDuplicateMerge(models.Model):
    """One merge of contacts, with what it takes to undo it."""

    _name = 'crm.duplicate.merge'
    _description = 'Contact Merge'
    _inherit = ['crm.merge.mixin']
    _rec_name = 'partner_id'

    partner_id = fields.Many2one(
        comodel_name='res.partner',
        string='Surviving Contact',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    duplicate_id = fields.Many2one(
        comodel_name='crm.duplicate',
        string='Group',
        readonly=True,
        index='btree_not_null',
        ondelete='set null',
        help='The proposal that was followed; empty where somebody chose the contacts.',
    )
    source_ids = fields.One2many(
        comodel_name='crm.duplicate.merge.source',
        inverse_name='merge_id',
        string='Merged Contacts',
        readonly=True,
    )
    touched = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='What changed in the rows that hung on the survivor before, with its values.',
    )
    added_files = fields.Json(
        readonly=True,
        groups='base.group_system',
        help='The images that the survivor took from the others: checksum by id.',
    )

    # === ACTIONS === #

    def action_undo(self):
        """Undo the merges: the merged contacts return with all that was theirs.

        What was edited on the survivor or added to it since stays. Refused with a UserError where
        there is nothing to undo, and where a later merge into the same contact is not among them.
        """
        merges = self.sorted('id', reverse=True)
        merges.partner_id.check_access('write')
        # sudo: what is remembered of a merge is kept from users
        for merge_sudo in merges.sudo():
            merge_sudo._take_turn()
            merge_sudo._check_last()
            merge_sudo._undo()
        return True

    def _check_last(self):
        name = self.partner_id.display_name
        if self.state != 'done':
            raise UserError(
                self.env._('The merge into %(contact)s was undone before.', contact=name)
            )
        later = [('partner_id', '=', self.partner_id.id), ('state', '=', 'done')]
        if self.search_count([*later, ('id', '>', self.id)], limit=1):
            raise UserError(
                self.env._(
                    'Something was merged into %(contact)s later. Undo that first.', contact=name
                )
            )

    # === MERGE === #

    @api.model
    def _merge_contacts(self, survivor, losers, choice=None, duplicate=None):
        """Merge contacts into one as Odoo does, whatever hangs on them, and remember it.

        :param choice: ``{field: contact of which the value stays}``
        :param duplicate: the group that is followed, if any
        """
        contacts = survivor | losers
        contacts.check_access('write')
        # sudo: what hangs on the contacts, and moves, includes what the user may not see
        values = survivor.sudo()._prepare_crm_merge_values(losers.sudo(), choice or {})
        merges_sudo = self.sudo()
        before = merges_sudo._take_contacts(contacts)
        dialog_sudo = self.env['base.partner.merge.automatic.wizard'].sudo()
        dialog_sudo = dialog_sudo.with_context(crm_merge_is_remembered=True)
        for some in split_every(_AT_ONCE, losers.ids):
            dialog_sudo._merge([survivor.id, *some], survivor.sudo(), extra_checks=False)
        survivor.sudo()._apply_crm_merge_values(values)
        return merges_sudo._record(survivor, before, duplicate)

    @api.model
    def _take_contacts(self, contacts):
        """Return the contacts and all that hangs on them, as they are now."""
        self.env.flush_all()
        self.env['crm.duplicate.contact']._forget(contacts.ids)
        slim = self.env['crm.merge.snapshot']._get_slim_references('res.partner', contacts.ids)
        return {**self._take(contacts, slim), 'slim': slim}

    @api.model
    def _record(self, survivor, before, duplicate=None):
        """Remember the merge of the contacts that were as ``before`` and of which one is left."""
        after = self._take(survivor, before['slim'])
        sources = self.source_ids
        remaining = sources._take_again(before['attached'])
        merge = self.create(
            {
                'partner_id': survivor.id,
                'duplicate_id': duplicate.id if duplicate else False,
                **self._prepare_survivor_values(survivor, before, after),
                'touched': self._get_touched(survivor.id, before, after),
                'added_files': self._get_added_files(survivor.id, before, after),
                'source_ids': [
                    Command.create(sources._prepare_values(id_, before, remaining))
                    for id_ in sorted(before['rows'].keys() - {survivor.id})
                ],
            }
        )
        merge._keep_files()
        return merge

    @api.model
    def _get_touched(self, survivor_id, before, after):
        attached = [taken['attached'][survivor_id] for taken in (before, after)]
        moved = get_moved(*attached, LOG_ACCESS_COLUMNS)
        touched = {
            name: {id_: changes for id_, changes in rows.items() if changes}
            for name, rows in moved.items()
        }
        return {name: rows for name, rows in touched.items() if rows}

    @api.model
    def _get_added_files(self, survivor_id, before, after):
        old, new = (
            taken['attached'][survivor_id].get('ir_attachment.res_id', ())
            for taken in (before, after)
        )
        known = {row['id'] for row in old}
        return {
            row['id']: row['checksum'] for row in new if row['res_field'] and row['id'] not in known
        }

    def _keep_files(self):
        """Hold the images of the merged contacts, which Odoo would remove with their last user."""
        rows = [
            (row['name'], self.id, row['store_fname'], row['checksum'], row['mimetype'])
            for source in self.source_ids
            for row in (source.attached or {}).get('ir_attachment.res_id', ())
            if row['store_fname']
        ]
        for row in rows:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO ir_attachment
                              (name, res_id, store_fname, checksum, mimetype, res_model, type)
                       VALUES (%s, %s, %s, %s, %s, 'crm.duplicate.merge', 'binary')""",
                    *row,
                )
            )

    # === UNDO === #

    def _undo(self):
        """Bring the merged contacts back and give everything that was theirs back to them.

        What was edited or added since stays with the survivor.
        """
        self.ensure_one()
        self.env.flush_all()
        survivor = self.partner_id
        self.env['crm.duplicate.contact']._forget(survivor.ids)
        self.source_ids._restore()
        self._put_survivor_back(survivor, self._get_reverted_values(survivor))
        self._revert_touched()
        self._remove_added_files()
        self.state = 'undone'
        self._reopen_group()
        survivor.message_post_with_source(
            'crm_extended.crm_duplicate_merge_undone',
            render_values={'contacts': self.source_ids._get_merged()},
            subtype_xmlid='mail.mt_note',
        )

    def _revert_touched(self):
        for name, rows in (self.touched or {}).items():
            changes = {int(id_): changed for id_, changed in rows.items()}
            self.env['crm.merge.snapshot']._revert_rows(get_table(name), changes)
        self.env.invalidate_all()

    def _remove_added_files(self):
        """Take back the images that the survivor had not, unless others were put there since."""
        added = {int(id_): checksum for id_, checksum in (self.added_files or {}).items()}
        files = self.env['ir.attachment'].browse(added).exists()
        files.filtered(lambda file: file.checksum == added[file.id]).unlink()
        self.env.invalidate_all()

    def _reopen_group(self):
        """Let the group be decided on again as soon as none of its merges is left."""
        group = self.duplicate_id
        if group and 'done' not in group.merge_ids.mapped('state'):
            everybody = group.merge_ids.partner_id | group.merge_ids.source_ids._get_merged()
            group.write({'state': 'open', 'partner_ids': [Command.set(everybody.ids)]})


class CrmDuplicateMergeSource(models.Model):
    """A contact that was merged into another: its values and what was its own."""

    _name = 'crm.duplicate.merge.source'
    _description = 'Merged Contact'
    _inherit = ['crm.merge.source.mixin']
    _order = 'merge_id desc, id'
    _source_model = 'res.partner'
    _source_ref = 'partner_ref'

    merge_id = fields.Many2one(
        comodel_name='crm.duplicate.merge',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    name = fields.Char(string='Contact', readonly=True)
    partner_ref = fields.Integer(
        string='Contact ID',
        required=True,
        readonly=True,
        index=True,
        aggregator=None,
        help='The id of the merged contact, which gets it back when the merge is undone.',
    )

    @api.model
    def _prepare_values(self, partner_id, before, remaining):
        return {
            'name': before['rows'][partner_id]['name'],
            'partner_ref': partner_id,
            **self._prepare_gone_values(partner_id, before, remaining),
        }
