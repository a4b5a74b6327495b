from odoo import api, models

from .crm_contract_dates import PERIOD_FIELDS

# So much of a reference is in a Spanish electronic invoice.
LONGEST_REFERENCE = 20


class CrmContract(models.Model):
    """How documents name their contracts, and the references that customers know them by."""

    _inherit = 'crm.contract'

    @api.onchange('customer_ref')
    def _onchange_customer_ref(self):
        """Say that an electronic invoice cuts a long reference."""
        warning = self._get_reference_warning(self.customer_ref)
        return warning and {'warning': {'title': self.env._('Long reference'), 'message': warning}}

    @api.model
    def _get_reference_warning(self, reference):
        """Return what is lost of a reference where FacturaE is installed, or ''."""
        is_cut = len(reference or '') > LONGEST_REFERENCE
        if (
            not is_cut
            or 'l10n_es_invoicing_period_start_date' not in self.env['account.move']._fields
        ):
            return ''
        return self.env._(
            'FacturaE takes %(count)s characters of a reference: "%(kept)s".',
            count=LONGEST_REFERENCE,
            kept=reference[:LONGEST_REFERENCE],
        )

    def _get_reference(self):
        """Return the references of the contracts, each once."""
        return ', '.join(dict.fromkeys(filter(None, self.mapped('customer_ref'))))

    def _get_reference_text(self, lang):
        """Return how an invoice line of several contracts names the one that it is of."""
        self.ensure_one()
        env = self.with_context(lang=lang or self.env.lang).env
        if not self.customer_ref:
            return env._('Contract %(contract)s', contract=self.display_name)
        return env._(
            'Contract %(contract)s, your reference %(reference)s',
            contract=self.display_name,
            reference=self.customer_ref,
        )


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _reverse_moves(self, default_values_list=None, cancel=False):
        values_list = default_values_list or [{} for _move in self]
        kept = [
            {**values, **move._keep_crm_contract_reference(values)}
            for move, values in zip(self, values_list, strict=True)
        ]
        return super()._reverse_moves(kept, cancel)

    def _keep_crm_contract_reference(self, values):
        """Return the values of a credit note, or another invoice instead, that keep its reference.

        The reference of the customer comes first, for who reads only the beginning.
        """
        self.ensure_one()
        if not self.crm_contract_ids:
            return {}
        references = dict.fromkeys(filter(None, (self.ref, values.get('ref'))))
        names = ('delivery_date', *(name for name in PERIOD_FIELDS if name in self._fields))
        return {'ref': ', '.join(references), **{name: self[name] for name in names}}
