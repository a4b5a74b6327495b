from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, html2plaintext


class CrmMergeLineMixin(models.AbstractModel):
    """A field that is not the same on all records to merge, in the dialog that shows it."""

    _name = 'crm.merge.line.mixin'
    _description = 'Difference between Records to Merge'
    _address_fields = ()  # what is shown, and chosen, as one address

    field_name = fields.Char(required=True)
    label = fields.Char(string='Field', compute='_compute_label')

    @api.depends('field_name')
    @api.depends_context('lang')
    def _compute_label(self):
        labels = self._get_records().fields_get(self.mapped('field_name'), ['string'])
        for line in self:
            is_address = line.field_name in self._address_fields
            line.label = (
                self.env._('Address')
                if is_address
                else labels.get(line.field_name, {}).get('string')
            )

    def _get_records(self):
        """Return the records to merge of the dialogs, the one that stays first."""
        raise NotImplementedError

    def _render_values(self, chosen):
        """Return the values of all records, those that do not stay struck out.

        :param chosen: the record of which the value stays; none: those of all
        """
        return Markup().join(
            self._render_value(record, not chosen or record == chosen)
            for record in self._get_records()
        )

    def _render_value(self, record, is_kept):
        return Markup('<div class="{}"><small class="text-muted">{}</small> {}</div>').format(
            'fw-bold' if is_kept else 'text-decoration-line-through text-muted',
            record.display_name,
            self._get_text(record, self.field_name) or '-',
        )

    def _get_field_names(self):
        is_address = self.field_name in self._address_fields
        return self._address_fields if is_address else [self.field_name]

    @api.model
    def _get_text(self, record, name):
        """Return the value of the record as the user reads it."""
        if name in self._address_fields:
            parts = (self._get_value_text(record, part) for part in self._address_fields)
            return ', '.join(part for part in parts if part)
        return self._get_value_text(record, name)

    def _get_value_text(self, record, name):
        field, value = record._fields[name], record[name]
        if field.relational:
            return ', '.join(value.mapped('display_name'))
        if not value:
            return ''
        if field.type == 'html':
            return html2plaintext(value)
        if field.type == 'monetary':
            return format_amount(self.env, value, record[field.get_currency_field(record)])
        if field.type == 'date':
            return format_date(self.env, value)
        return str(field.convert_to_export(value, record))
