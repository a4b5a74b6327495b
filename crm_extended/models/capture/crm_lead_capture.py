from datetime import date

from odoo import api, models
from odoo.tools import escape_psql

from ...core.values import read_value

# What a stranger never chooses: whose the lead is, where it stands, what the program keeps.
KEPT_FIELDS = {
    'active', 'company_id', 'lang_id', 'name', 'partner_id', 'probability', 'stage_id', 'team_id',
    'type', 'user_id',
}  # fmt: skip
TYPES = {'char', 'text', 'boolean', 'integer', 'float', 'monetary', 'date', 'datetime', 'selection'}
# Lists of which a stranger may name an entry.
NAMED_MODELS = {'res.country', 'res.country.state'}
PROPERTY = 'lead_properties.'


class CrmLead(models.Model):
    """Which fields of a lead a website may fill, and what it makes of texts."""

    _inherit = 'crm.lead'

    @api.model
    def _get_crm_capture_targets(self):
        """Return [(name, label)] of fields and properties that the map of a form may name."""
        labels = self.fields_get(attributes=['string'])
        names = [name for name in labels if self._is_crm_capture_target(self._fields[name])]
        return [(name, labels[name]['string']) for name in names] + [
            (PROPERTY + one['name'], f'{one.get("string") or one["name"]} ({team})')
            for team, one in self._get_crm_capture_properties()
        ]

    @api.model
    def _is_crm_capture_target(self, field):
        is_value = field.type in TYPES or (
            field.type == 'many2one' and field.comodel_name in NAMED_MODELS
        )
        is_kept = field.readonly or field.name in KEPT_FIELDS or field.name.startswith('crm_')
        is_computed = field.compute and not field.store
        return is_value and not is_kept and not is_computed

    @api.model
    def _get_crm_capture_properties(self):
        """Return [(name of the team, definition)] of the properties that are plain values."""
        # sudo: a label of a form's map is no secret of a team
        teams = self.env['crm.team'].sudo().search([('lead_properties_definition', '!=', False)])
        return [
            (team.name, one)
            for team in teams
            for one in team.lead_properties_definition or ()
            if one.get('type') in TYPES
        ]

    # === WHAT TEXTS SAY === #

    @api.model
    def _prepare_crm_capture_values(self, texts, team):
        """Return the values that texts give to fields and properties, and what says nothing.

        :param texts: ``{target: text}``
        :return: ({field: value}, [(label, text)] for the notes)
        """
        labels = dict(self._get_crm_capture_targets()) if texts else {}
        values, properties, rest = {}, {}, []
        for target, text in texts.items():
            value = self._read_crm_capture_value(target, text, team) if target in labels else None
            if value is None:
                rest.append((labels.get(target, target), text))
            elif target.startswith(PROPERTY):
                properties[target.removeprefix(PROPERTY)] = value
            else:
                values[target] = value
        if properties:
            values['lead_properties'] = properties
        return values, rest

    @api.model
    def _read_crm_capture_value(self, target, text, team):
        if target.startswith(PROPERTY):
            return self._read_crm_capture_property(target.removeprefix(PROPERTY), text, team)
        field = self._fields[target]
        if field.type == 'many2one':
            # sudo: a public list, which a visitor knows by heart
            records_sudo, name = self.env[field.comodel_name].sudo(), escape_psql(text)
            found = records_sudo.name_search(name, operator='=ilike', limit=2)
            return found[0][0] if len(found) == 1 else None
        choices = field._description_selection(self.env) if field.type == 'selection' else ()
        return read_value(field.type, text, choices)

    @api.model
    def _read_crm_capture_property(self, name, text, team):
        """Return what a text says to a property of the team, None if the team has none such."""
        for one in team.sudo().lead_properties_definition or ():
            if one['name'] == name and one.get('type') in TYPES:
                value = read_value(one['type'], text, one.get('selection') or ())
                return str(value) if isinstance(value, date) else value
        return None
