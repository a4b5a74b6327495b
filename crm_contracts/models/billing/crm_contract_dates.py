from odoo import fields, models
from odoo.tools import format_date

from ...core.documents import (
    ChargedDays,
    get_charged_span,
    get_invoice_date,
    get_operation_date,
    is_early,
)

# Of the Spanish electronic invoice, where it is installed.
PERIOD_FIELDS = ('l10n_es_invoicing_period_start_date', 'l10n_es_invoicing_period_end_date')


class CrmContract(models.Model):
    """The dates of invoices: by the rule of the contract, and of the days that they charge."""

    _inherit = 'crm.contract'

    def _prepare_dates(self, entries, journal):
        """Return the values of an invoice that are its dates."""
        charges = [self._get_charged_days(entry) for entry in entries]
        today = fields.Date.context_today(self)
        rule = self[:1].invoice_date_rule
        day = get_invoice_date(rule, charges, today, self._get_locked_day(rule, journal))
        return {
            'invoice_date': day or False,
            'delivery_date': get_operation_date(charges, day or today) or False,
            **self._prepare_invoicing_period(charges),
        }

    def _get_charged_days(self, entry):
        """Return the days of an entry of the plan."""
        end = entry['period_end']
        return ChargedDays(
            entry['date_due'],
            entry['period_start'] or None,
            fields.Date.subtract(end, days=1) if end else None,
        )

    def _get_locked_day(self, rule, journal):
        """Return the last day of the books that are closed; asked only where it counts."""
        if rule == 'run':
            return fields.Date.to_date('1900-01-01')
        return self.company_id._get_user_fiscal_lock_date(journal)

    def _prepare_invoicing_period(self, charges):
        """Return the days that are charged, where invoices have fields for them."""
        span = get_charged_span(charges)
        if not span or not set(PERIOD_FIELDS) <= self.env['account.move']._fields.keys():
            return {}
        return dict(zip(PERIOD_FIELDS, span, strict=True))


class AccountMove(models.Model):
    _inherit = 'account.move'

    def _note_crm_contract_early_days(self):
        """Say on invoices in advance that what they charge begins in another quarter or year."""
        today = fields.Date.context_today(self)
        notes = {}
        for move in self:
            rows = move.invoice_line_ids.crm_contract_billing_id.filtered('period_start')
            day = move.invoice_date or today
            if is_early([ChargedDays(row.date_due, row.period_start) for row in rows], day):
                notes[move.id] = move._get_crm_contract_early_note(
                    day, max(rows.mapped('period_start'))
                )
        self._message_log_batch(notes)

    def _get_crm_contract_early_note(self, day, first):
        return self.env._(
            'Dated %(day)s, it charges days from %(first)s on, in another quarter: check to which '
            'of them its taxes belong.',
            day=format_date(self.env, day),
            first=format_date(self.env, first),
        )
