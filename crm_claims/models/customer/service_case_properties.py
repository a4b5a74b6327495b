from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date, format_datetime
from odoo.tools.misc import formatLang

from ...core.own_fields import WrongAnswer, is_asked, is_shown, read_answer

# The fields of a case that hold fields of others, and where those are defined.
PROPERTY_FIELDS = {'team_properties': 'team_id', 'category_properties': 'category_id'}


class ServiceCaseMixin(models.AbstractModel):
    """The fields that a team and a category add to their cases: Odoo's properties.

    The definition of each says whether the customer sees it, may fill it in or has to.
    """

    _inherit = 'service.case.mixin'

    team_properties = fields.Properties(
        'Fields of the Team',
        definition='team_id.case_properties_definition',
        copy=True,
    )
    category_properties = fields.Properties(
        'Fields of the Category',
        definition='category_id.case_properties_definition',
        copy=True,
    )

    # === FORMS OF THE CUSTOMER === #

    @api.model
    def _get_asked_fields(self, team, category) -> list[dict]:
        """Return the own fields that a form asks for.

        :return: their definitions, with the name of the input as ``input``
        """
        owners = {'team_properties': team, 'category_properties': category}
        return [
            {**definition, 'input': f'{name}.{definition["name"]}'}
            for name, owner in owners.items()
            # sudo: who fills in a form reads no configuration, and sees nothing else of it
            for definition in owner.sudo().case_properties_definition or ()
            if is_asked(definition)
        ]

    @api.model
    def _prepare_answers(self, form: dict, team, category) -> dict:
        """Return the values of the own fields that a form asks for, and of no others.

        :param form: what was posted, all text
        :raise ValidationError: something is missing, or is no value of its field
        """
        answers = {name: {} for name in PROPERTY_FIELDS}
        for definition in self._get_asked_fields(team, category):
            try:
                answer = read_answer(definition, form.get(definition['input']) or '')
            except WrongAnswer as error:
                raise ValidationError(self._get_answer_error(error.reason, definition)) from error
            if answer is not None:
                answers[definition['input'].partition('.')[0]][definition['name']] = answer
        return answers

    @api.model
    def _get_answer_error(self, reason: str, definition: dict) -> str:
        label = definition['string']
        sentences = {
            'missing': self.env._('Fill in "%(field)s", please.', field=label),
            'number': self.env._('"%(field)s" has to be a number.', field=label),
            'date': self.env._('"%(field)s" has to be a date.', field=label),
            'choice': self.env._('Choose one of the list for "%(field)s".', field=label),
        }
        return sentences[reason]

    # === WHAT THE CUSTOMER SEES === #

    def _get_shown_fields(self) -> list[tuple[str, str]]:
        """Return (label, text) of the own fields that the customer sees and that say something.

        The caller has checked that the case may be read, and reads it with all rights.
        """
        self.ensure_one()
        [values] = self.read(list(PROPERTY_FIELDS))
        shown = [
            definition
            for name in PROPERTY_FIELDS
            for definition in values[name]
            if is_shown(definition) and definition.get('value') not in (None, False, [])
        ]
        return [
            (definition['string'], self._format_property(definition, definition['value']))
            for definition in shown
        ]

    @api.model
    def _format_property(self, definition: dict, value) -> str:
        """Return the value of a property as its reader writes it."""
        suffix = definition.get('suffix')
        text = self._get_property_formats().get(definition['type'], self._format_as_it_is)(
            definition, value
        )
        return f'{text} {suffix}' if suffix else text

    @api.model
    def _get_property_formats(self) -> dict:
        """Return {type of property: what makes text of its definition and value}."""
        return {
            'boolean': lambda _definition, _value: self.env._('Yes'),
            'integer': lambda _definition, value: str(value),
            'float': lambda _definition, value: formatLang(self.env, value),
            'monetary': lambda _definition, value: formatLang(self.env, value),
            'date': lambda _definition, value: format_date(self.env, value),
            'datetime': lambda _definition, value: format_datetime(
                self.env, value, tz=self.env.user.tz, dt_format='short'
            ),
            'selection': lambda definition, value: dict(definition['selection']).get(value, ''),
            'tags': lambda definition, value: ', '.join(
                label for key, label, _color in definition['tags'] if key in value
            ),
            'many2one': lambda _definition, value: value[1] or '',
            'many2many': lambda _definition, value: ', '.join(name or '' for _id, name in value),
        }

    @api.model
    def _format_as_it_is(self, _definition: dict, value) -> str:
        return value
