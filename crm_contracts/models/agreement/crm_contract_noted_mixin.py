from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date

from odoo.addons.crm_extended.tools.numbers import format_number

# Under this key the transaction knows what records were before, as Odoo's own tracking does.
REMEMBERED = 'crm_contracts.remembered'
# In the context: what happens has a note of its own. As an object of this process, no client can
# send it and change prices unnoticed.
NOTED_ELSEWHERE = object()


class CrmContractNotedMixin(models.AbstractModel):
    """Lines and rates: what changes of them is noted on their contract, once a transaction.

    Also what is added and what goes, but for a contract that is new itself. No context of a client
    silences it.
    """

    _name = 'crm.contract.noted.mixin'
    _description = 'Noted on the Contract'

    @api.model
    def _get_noted_fields(self):
        """Return the names of the fields whose changes are noted; extend the list."""
        return ['product_id', 'price_unit', 'product_uom_id']

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not self._is_noted_elsewhere():
            records._get_remembered().update(dict.fromkeys(records.ids))
        return records

    def write(self, vals):
        if vals.keys() & set(self._get_noted_fields()):
            self._remember()
        return super().write(vals)

    def unlink(self):
        if not self._is_noted_elsewhere():
            self._remember_gone()
        return super().unlink()

    def _is_noted_elsewhere(self):
        """Say whether what happens is noted otherwise, or done by the program in silence."""
        context = self.env.context
        is_silent = self.env.su and context.get('tracking_disable')
        return is_silent or context.get('crm_contract_noted') is NOTED_ELSEWHERE

    def _remember(self):
        """Keep what the records are before they change."""
        if self._is_noted_elsewhere():
            return
        remembered = self._get_remembered()
        for record in self:
            if record.id not in remembered:
                remembered[record.id] = record._get_noted_texts()

    def _remember_gone(self):
        """Keep what is said of records that go; nothing of what came in the same transaction."""
        remembered = self._get_remembered()
        gone = self._get_remembered('gone')
        for record in self:
            if remembered.pop(record.id, ()) is not None:
                gone[self._name, record.id] = (record.contract_id.id, record._get_summary())

    def _get_remembered(self, kind=None):
        """Return {id: {field: text}} of what changed in this transaction; None of what is new.

        :param kind: under what it is kept, by default the name of the model
        """
        precommit = self.env.cr.precommit
        if REMEMBERED not in precommit.data:
            precommit.data[REMEMBERED] = {}
            precommit.add(self.env['crm.contract']._note_changes)
        return precommit.data[REMEMBERED].setdefault(kind or self._name, {})

    # === TEXTS === #

    def _get_note_items(self, before):
        """Return what there is to say of the record, as a list.

        :param before: {field: text} of before, or None of what is new
        """
        if before is None:
            return [self.env._('Added: %s', self._get_summary())]
        changes = self._get_changes(before)
        return [changes] if changes else []

    def _get_changes(self, before):
        """Return what a note says of the record, or nothing if it is as before."""
        self.ensure_one()
        labels = self.fields_get(before, attributes=('string',))
        changes = ', '.join(
            f'{labels[name]["string"]} {before[name]} → {text}'
            for name, text in self._get_noted_texts().items()
            if text != before[name]
        )
        return changes and Markup('%s: %s') % (self._get_title(), changes)

    def _get_summary(self):
        """Return what a note says of the record as a whole."""
        self.ensure_one()
        texts = self._get_noted_texts()
        labels = self.fields_get(texts, attributes=('string',))
        values = ', '.join(
            f'{labels[name]["string"]} {text}'
            for name, text in texts.items()
            if self[name] and name != 'name'
        )
        return Markup('%s: %s') % (self._get_title(), values)

    def _get_title(self):
        return (self.display_name or '').partition('\n')[0]

    def _get_noted_texts(self):
        return {name: self._get_noted_text(name) for name in self._get_noted_fields()}

    def _get_noted_text(self, name):
        """Return the value of a field as a note shows it."""
        field, value = self._fields[name], self[name]
        if field.type == 'float':
            return self._get_number_text(value)
        if field.type == 'date':
            return format_date(self.env, value) or '…'
        if field.type == 'many2many':
            return ', '.join(value.mapped('display_name')) or '…'
        if field.type == 'boolean':
            return self.env._('yes') if value else self.env._('no')
        if field.type == 'selection':
            return dict(field._description_selection(self.env)).get(value, '…')
        return field.convert_to_display_name(value, self) or '…'

    def _get_number_text(self, value):
        """Return a number with the decimals that it has, two at least."""
        return format_number(self.env, value, least=2)
