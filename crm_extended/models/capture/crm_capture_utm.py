from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import ConcurrencyError
from odoo.tools import escape_psql

# A stranger may invent names for campaigns, channels and sources; so many a day are created.
NEW_NAMES_PER_DAY = 20


class CrmCaptureForm(models.Model):
    """Which campaign, channel and source a post names."""

    _inherit = 'crm.capture.form'

    def _get_utm_values(self, post):
        """Return the campaign, channel and source of the lead, and the names left over.

        All three are always given: core would take missing ones from the cookies of the
        visitor, and create what it finds there.
        """
        values, unknown_names = {}, []
        for parameter, field_name, _cookie in self.env['utm.mixin'].tracking_fields():
            if field_name not in self._fields:
                continue
            record, name = self[field_name], post.get(parameter)
            if name:
                found = self._find_or_create_utm(record._name, name)
                record = found or record
                if not found:
                    unknown_names.append((parameter, name))
            values[field_name] = record.id
        return values, unknown_names

    def _find_or_create_utm(self, model_name, name):
        """Return the campaign, channel or source of the name, nothing when too many are new."""
        records = self.env[model_name].with_context(active_test=False)
        found = records.search([('name', '=ilike', escape_psql(name))], limit=1)
        if not found and model_name == 'utm.medium':
            found = records._find_crm_channel(name)
        if found:
            return found
        windows = self.env['crm.capture.window']
        with windows._counted(self, 'name', NEW_NAMES_PER_DAY) as has_room:
            return self._create_utm(records, name) if has_room else found

    def _create_utm(self, records, name):
        values = {'name': name}
        if 'is_auto_campaign' in records._fields:
            values.update(is_auto_campaign=True, user_id=self.user_id.id or self.create_uid.id)
        try:
            with self.env.cr.savepoint():
                return records.create(values)
        except UniqueViolation as error:
            # somebody created it meanwhile: the server tries again and finds it
            raise ConcurrencyError from error
