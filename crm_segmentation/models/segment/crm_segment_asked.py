from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.crm_extended.tools.criteria import parse_criteria


class CrmSegment(models.Model):
    """What segments write and criteria ask for again: tags of contacts, and memberships.

    Whoever asks for what another segment writes depends on it, as if it named that segment. What
    asks for what it writes itself would change with every run.
    """

    _inherit = 'crm.segment'

    @api.constrains('category_id', 'domain', 'mode')
    def _check_asks_not_itself(self):
        for segment in self.sudo():
            if segment.category_id and segment.category_id in segment._get_asked_tags():
                raise ValidationError(
                    self.env._(
                        'The segment "%(segment)s" gives its members the tag "%(tag)s", and its '
                        'criteria ask for that tag: who belongs would change with every refresh. '
                        'Take the tag out of the criteria, or choose another tag.',
                        segment=segment.name,
                        tag=segment.category_id.display_name,
                    )
                )
            if segment in segment._get_asked_segments():
                raise ValidationError(
                    self.env._(
                        'The criteria of the segment "%(segment)s" ask for its own members: who '
                        'belongs would change with every refresh. Ask for other segments.',
                        segment=segment.name,
                    )
                )

    def _check_asked(self):
        """Refuse what rules or metrics, which changed, would make of the order."""
        self._check_asks_not_itself()
        self._check_circles()

    def _get_asked_criteria(self):
        """Return [(model name, text)] of what decides who belongs; extended by more criteria."""
        self.ensure_one()
        return [] if self.mode == 'manual' else [('res.partner', self.domain)]

    def _get_asked_tags(self):
        return self._get_asked(self.env['res.partner.category'])

    def _get_asked_segments(self):
        return self._get_asked(self.env['crm.segment'])

    def _get_asked(self, target):
        """Return the records of a model that the criteria ask for; archived ones too."""
        target = target.sudo().with_context(active_test=False)
        asked = target.browse()
        for model_name, text in self._get_asked_criteria():
            try:
                asked |= self._find_asked(parse_criteria(text), target.env[model_name], target)
            except (ValueError, KeyError):
                # What does not compile is told by who compiles it.
                continue
        return asked

    def _find_asked(self, domain, model, target):
        asked = target.browse()
        for condition in domain.iter_conditions():
            asked |= self._find_asked_by(condition, model, target)
        return asked

    def _find_asked_by(self, condition, model, target):
        """Return the records of the target that decide one condition.

        Where a condition passes by memberships and names no segment, any segment decides.
        """
        names, passed = condition.field_expr.split('.'), self.env['crm.segment.membership']._name
        has_passed = False
        for place, name in enumerate(names, start=1):
            field = model._fields.get(name)
            if field is None or not field.comodel_name:
                break
            model = model.env[field.comodel_name]
            if model._name == target._name:
                return self._search_asked(condition, '.'.join(names[place:]), target)
            has_passed |= model._name == passed
        inner = target.browse()
        if condition.operator in ('any', 'not any'):
            inner = self._find_asked(Domain(condition.value), model, target)
        if has_passed and target._name == self._name and not inner:
            return target.search(Domain.TRUE)
        return inner

    def _search_asked(self, condition, path, target):
        """Return the records of the target that the rest of a condition speaks of, else all."""
        operator, value = condition.operator, condition.value
        values = value if isinstance(value, (list, tuple)) else [value]
        if path:
            domain = Domain(path, operator, value)
        elif operator in ('any', 'not any'):
            domain = Domain(value)
        elif not all(values):  # to have none is about all of them
            domain = Domain.TRUE
        else:
            is_id = all(isinstance(one, int) for one in values)
            positive = operator.removeprefix('not ').replace('!=', '=')
            domain = Domain('id' if is_id else 'display_name', positive, value)
        try:
            return target.search(domain)
        except ValueError:
            return target.search(Domain.TRUE)
