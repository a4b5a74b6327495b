from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import ormcache

# Models whose records belong to somebody; what Odoo's own fields point at is Odoo's to guard.
GUARDED_PREFIXES = ('crm.', 'service.')


class CrmLinkedMixin(models.AbstractModel):
    """No link is a way in: who points a record at a document may read that document.

    Computed fields, prices and texts of a record are taken from what it points at with the rights
    of the program. So the user who sets a link, in a form, in a script or as a default of the
    context, has to be allowed to read its target; and a line belongs to the parent that it was
    made for, which its author may change.
    """

    _name = 'crm.linked.mixin'
    _description = 'Links That Are No Way In'

    # Many2one of a line to what it is a part of: needs write access there, and stays.
    _parent_link = None

    @api.model
    @ormcache()
    def _get_guarded_links(self):
        """Return the names of the fields whose targets the user has to be allowed to read.

        Override on a model of Odoo's to name the links that were added to it.
        """
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and (
                field.type == 'reference'
                or (
                    field.type in ('many2one', 'many2many')
                    and field.comodel_name.startswith(GUARDED_PREFIXES)
                )
            )
        )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_links(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_links([vals])
            if self._parent_link in vals:
                self._check_parent_kept(vals[self._parent_link])
        return super().write(vals)

    def copy_data(self, default=None):
        """Leave out links that whoever copies a record could not make himself."""
        vals_list = super().copy_data(default)
        if not self.env.su:
            names = self._get_guarded_links() - {self._parent_link} - (default or {}).keys()
            self._leave_hidden_out(vals_list, names)
        return vals_list

    def onchange(self, values, field_names, fields_spec):
        """Refuse links to what the user may not read before anything is taken from there."""
        if not self.env.su:
            self._check_links([values])
            for name in values:
                self._check_links_of_lines(name, values[name])
        return super().onchange(values, field_names, fields_spec)

    # === CHECKS === #

    def _leave_hidden_out(self, vals_list, names):
        """Take links to what the user may not read out of values."""
        targets = defaultdict(set)
        for name in names:
            for vals in vals_list:
                for model, record_id in _get_targets(self._fields[name], vals.get(name)):
                    targets[model].add(record_id)
        hidden = set()
        for model, ids in targets.items():
            records = self.env[model].browse(ids)
            hidden.update((model, id_) for id_ in (records - records._filtered_access('read')).ids)
        for name in names if hidden else ():
            field = self._fields[name]
            for vals in vals_list:
                linked = _get_targets(field, vals.get(name))
                if linked & hidden:
                    ids = [id_ for _model, id_ in linked - hidden]
                    vals[name] = [Command.set(ids)] if field.type == 'many2many' else False

    def _check_links(self, vals_list):
        """Refuse links whose targets the user may not read, or the parent not change.

        :param vals_list: values that are about to be written
        """
        targets = defaultdict(set)
        for name in self._get_guarded_links():
            field, default = self._fields[name], f'default_{name}'
            operation = 'write' if name == self._parent_link else 'read'
            values = [vals[name] for vals in vals_list if name in vals]
            if not self.ids and default in self.env.context:
                values.append(self.env.context[default])
            for value in values:
                for model, record_id in _get_targets(field, value):
                    targets[model, operation].add(record_id)
        for (model, operation), ids in targets.items():
            self.env[model].browse(ids).check_access(operation)

    def _check_links_of_lines(self, name, commands):
        """Check the lines of a form that is being filled in like the form itself."""
        field = self._fields.get(name)
        if not field or field.type != 'one2many':
            return
        lines = self.env[field.comodel_name]
        if not isinstance(lines, self.env.registry['crm.linked.mixin']):
            return
        rows = [command[2] for command in commands or () if _is_row(command)]
        # The parent of a line in a form is the form, saved or not: it was checked itself.
        parents = {inverse.name: False for inverse in self.pool.field_inverses[field]}
        lines._check_links([{**row, **parents} for row in rows])

    def _check_parent_kept(self, parent_id):
        for record in self:
            if record[self._parent_link].id != parent_id:
                raise UserError(
                    self.env._(
                        '"%(line)s" belongs to "%(parent)s" and stays there. Delete it, and make '
                        'another one where it is wanted.',
                        line=record.display_name,
                        parent=record[self._parent_link].display_name,
                    )
                )


def _is_row(command):
    """Say whether a command of a one2many carries the values of a line."""
    return isinstance(command, list | tuple) and len(command) == 3 and isinstance(command[2], dict)


def _get_targets(field, value):
    """Return {(model, id)} of what a value points a field at."""
    if field.type == 'reference':
        model, _comma, record_id = str(value or '').partition(',')
        # read as Odoo reads it: also a number with a sign or blanks
        return {(model, int(record_id))} if model else set()
    if isinstance(value, dict):  # as forms send what they show with its name
        value = value.get('id')
    ids = _get_ids(value) if field.type == 'many2many' else [value]
    return {(field.comodel_name, id_) for id_ in ids if id_ and isinstance(id_, int)}


def _get_ids(commands):
    """Return the ids that commands of a many2many, or a list of ids, link to."""
    ids = set()
    for command in commands or ():
        if not isinstance(command, list | tuple):
            ids.add(command)
        elif command[0] == Command.SET:
            ids.update(command[2])
        elif command[0] != Command.CLEAR:
            ids.add(command[1])
    return ids
