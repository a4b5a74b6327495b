from odoo import models
from odoo.exceptions import ValidationError

MEASURE_TYPES = ('integer', 'float', 'monetary')
DATE_TYPES = ('date', 'datetime')
LINK_TYPES = ('many2one',)
END_TYPES = ('many2one', 'many2many')
# From the line of a document to the contact; more would only burden the database.
MAX_LINKS = 5


class CrmSegmentMetric(models.Model):
    """Which fields a metric reads: whether they are installed, allowed and quick."""

    _inherit = 'crm.segment.metric'

    def _get_missing(self):
        """Return the name of the model or field that is not installed, if any."""
        self.ensure_one()
        if self.model not in self.env:
            # who has not chosen yet lacks a model
            return self.model or 'model'
        for model_name, field_name in self._get_used_fields():
            if model_name is None or field_name not in self.env[model_name]._fields:
                return f'{model_name or self.model}.{field_name}'
        return False

    def _get_used_fields(self):
        """Return [(model name, field name)]; the model is None where the path is broken."""
        used = []
        model_name = self.model
        for field_name in (self.partner_path or '').split('.'):
            used.append((model_name, field_name))
            field = model_name and self.env[model_name]._fields.get(field_name)
            model_name = field.comodel_name if field else None
        used += [(self.model, name) for name in (self.measure, self.date_field) if name]
        return used

    def _check_paths(self):
        """Refuse fields that are not stored columns of the right kind."""
        self.ensure_one()
        *links, end = self.partner_path.split('.')
        if len(links) > MAX_LINKS:
            raise ValidationError(
                self.env._(
                    'The path to the contact of the metric "%(metric)s" has more than %(count)s '
                    'fields before the contact.',
                    metric=self.name,
                    count=MAX_LINKS,
                )
            )
        model = self.env[self.model]
        for name in links:
            model = self.env[self._check_field(model, name, LINK_TYPES).comodel_name]
        if self._check_field(model, end, END_TYPES).comodel_name != 'res.partner':
            raise ValidationError(
                self.env._(
                    'The path "%(path)s" of the metric "%(metric)s" does not lead to a contact.',
                    path=self.partner_path,
                    metric=self.name,
                )
            )
        documents = self.env[self.model]
        if self.measure:
            self._check_field(documents, self.measure, MEASURE_TYPES)
        if self.date_field:
            self._check_field(documents, self.date_field, DATE_TYPES)

    def _check_field(self, model, name, types):
        """Return the field of a model if a metric may read it."""
        field = model._fields[name]
        if field.store and field.column_type is not None and not field.company_dependent:
            is_stored = True
        else:
            is_stored = field.store and field.type == 'many2many'
        if not is_stored or field.type not in types:
            raise ValidationError(
                self.env._(
                    'The metric "%(metric)s" cannot use the field "%(field)s" of "%(model)s": '
                    'it needs a stored field of the type %(types)s, the same for all companies.',
                    metric=self.name,
                    field=name,
                    model=model._description,
                    types=list(types),
                )
            )
        model.check_access('read')
        model._check_field_access(field, 'read')
        return field

    def _get_slow_path_warning(self):
        """Return what to tell when finding the documents of a contact means reading all."""
        for model_name, field_name in self._get_used_fields():
            model = self.env[model_name]
            field = model._fields[field_name]
            if field.type == 'many2one' and model._auto and not field.index:
                return self.env._(
                    'The field "%(field)s" of "%(model)s" has no index: '
                    'with many documents measuring a few contacts is slow.',
                    field=field_name,
                    model=model._description,
                )
        return False
