from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import ormcache


class CrmProgramMixin(models.AbstractModel):
    """What the program computes is the program's: no client writes it, whatever its rights.

    Odoo keeps fields that are readonly from being typed in a form, and from nothing else: over
    RPC everybody who may write a record may write them.
    """

    _name = 'crm.program.mixin'
    _description = 'Fields of the Program'

    @api.model
    @ormcache()
    def _get_program_fields(self):
        """Return the names of the fields that only the program writes.

        Those that are stored and readonly, and access tokens. Extend the set with what is computed
        without being readonly, or take out what the methods that users call write as themselves.
        """
        return frozenset(
            name
            for name, field in self._fields.items()
            if field.store
            and name not in models.MAGIC_COLUMNS
            and (field.readonly or name == 'access_token')
        )

    @api.model
    def _get_initial_fields(self):
        """Return those fields of the program that a new record may come with, as histories do."""
        return frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        kept = self._get_program_fields() - self._get_initial_fields()
        given = [(name, vals[name]) for vals in vals_list for name in kept & vals.keys()]
        self._check_not_kept({name for name, value in given if value})
        if given:  # what is empty asks for nothing, and must not stand in for what is computed
            vals_list = [
                {name: value for name, value in vals.items() if name not in kept}
                for vals in vals_list
            ]
        return super(CrmProgramMixin, self._without_defaults(kept)).create(vals_list)

    def write(self, vals):
        if not self.env.su:
            vals = self._leave_out_same(vals)
            self._check_not_kept(self._get_program_fields() & vals.keys())
        return super().write(vals)

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Let files have columns for what a new record may come with."""
        described = super().fields_get(allfields, attributes)
        if self.env.context.get('crm_importing'):
            for name in self._get_initial_fields() & described.keys():
                described[name]['readonly'] = False
        return described

    def _leave_out_same(self, vals):
        """Leave out what a file that is imported again says once more of what the program keeps."""
        if 'import_file' not in self.env.context:
            return vals
        same = {
            name
            for name in self._get_program_fields() & vals.keys()
            if all(record._has_value(name, vals[name]) for record in self)
        }
        return {name: value for name, value in vals.items() if name not in same}

    def _has_value(self, name, value):
        field = self._fields[name]
        given = field.convert_to_cache(value, self)
        return given == field.convert_to_cache(self[name], self)

    def _without_defaults(self, names):
        """Return the records without the defaults of a context for fields of the program."""
        kept = {f'default_{name}' for name in names} & self.env.context.keys()
        if not kept:
            return self
        context = {key: value for key, value in self.env.context.items() if key not in kept}
        # Replaced, not extended: that is the only way to leave something out.
        return self.with_context(context)  # pylint: disable=context-overridden

    def _check_not_kept(self, names):
        """Refuse fields of the program."""
        if names:
            labels = self.sudo().fields_get(names, attributes=('string',))
            raise AccessError(
                self.env._(
                    'Only the program itself writes these fields of %(model)s: %(fields)s',
                    model=self.env['ir.model']._get(self._name).name,
                    fields=sorted(f'{label["string"]} ({name})' for name, label in labels.items()),
                )
            )
