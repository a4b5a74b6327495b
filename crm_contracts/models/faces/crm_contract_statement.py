from __future__ import annotations

from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain

from ...core.days import Span, get_elapsed


class Statement(NamedTuple):
    """What a customer gets to know of a period: the hours, and what was charged."""

    date_from: object
    date_to: object
    hours: list  # of dicts: date, employee, name, hours, status
    hours_by_employee: dict  # employee's name: hours
    charges: models.Model  # rows of the billing ledger that invoices stand for
    orders: dict  # sale order: its amounts


class CrmContract(models.Model):
    """The consumption statement of a contract. It tells no costs and no margins."""

    _inherit = 'crm.contract'

    # === ACTIONS === #

    def action_send(self):
        """Open the mail to the customer with the contract attached."""
        return self._get_composer_action('crm_contracts.mail_template_contract')

    def _get_composer_action(self, template_ref, **context):
        """Return the composer of a mail to the customer of one contract."""
        self.ensure_one()
        template = self.env.ref(template_ref, raise_if_not_found=False)
        return {
            'type': 'ir.actions.act_window',
            'res_model': 'mail.compose.message',
            'view_mode': 'form',
            'target': 'new',
            'context': {
                'default_model': self._name,
                'default_res_ids': self.ids,
                'default_composition_mode': 'comment',
                'default_template_id': template and template.id,
                'default_email_layout_xmlid': 'mail.mail_notification_light',
                **context,
            },
        }

    # === STATEMENT === #

    def _get_statement_period(self):
        """Return the first and last day proposed: the current term, up to today."""
        self.ensure_one()
        terms = [Span(term.date_start, term.date_end or None) for term in self.term_ids]
        return get_elapsed(terms, fields.Date.context_today(self), self.date_start)

    def _get_statement(self, date_from=None, date_to=None) -> Statement:
        """Return what was worked and charged from one day to another, both included.

        Who may read the contract may read it; days left out are those of the current term.
        """
        self.ensure_one()
        self.check_access('read')
        contract_sudo = self.sudo()
        start, end = contract_sudo._get_statement_period()
        start = fields.Date.to_date(date_from) or start
        end = fields.Date.to_date(date_to) or max(start, end)
        charges_sudo = contract_sudo.billing_ids.search(
            Domain('contract_id', '=', self.id)
            & Domain('state', '=', 'invoiced')
            & Domain('date_due', '>=', start)
            & Domain('date_due', '<=', end),
            order='date_due, id',
        )
        hours = [
            contract_sudo._prepare_statement_hours(item)
            for item in contract_sudo._get_statement_items(start, end)
        ]
        by_employee = {}
        for line in hours:
            by_employee[line['employee']] = by_employee.get(line['employee'], 0.0) + line['hours']
        return Statement(
            start,
            end,
            hours,
            by_employee,
            charges_sudo,
            contract_sudo._get_customer_orders(start, end),
        )

    def _get_statement_items(self, date_from, date_to):
        """Return the timesheets of the period, in order."""
        account = self.analytic_account_id
        if not account:
            return self.env['account.analytic.line']
        items = self.env['account.analytic.line'].search(
            Domain(account.root_plan_id._column_name(), '=', account.id)
            & Domain('crm_contract_kind', '=', 'time')
            & Domain('date', '>=', date_from)
            & Domain('date', '<=', date_to),
            order='date, id',
        )
        shares = self._get_contracts_by_account()[account]._share_items(items)
        return shares.get(self, items.browse())

    def _prepare_statement_hours(self, item):
        """Return one line of the hours; override to tell more."""
        hour = self.env.ref('uom.product_uom_hour')
        unit = item.product_uom_id or hour
        return {
            'date': item.date,
            'employee': item.employee_id.name,
            'name': item.name if item.name != '/' else item.task_id.name or '',
            'hours': unit._compute_quantity(item.unit_amount, hour, round=False),
            'status': self._get_statement_status(item),
        }

    def _get_statement_status(self, item):
        """Return what became of hours, in the customer's words."""
        row = item.crm_contract_billing_id
        if item.crm_contract_non_billable:
            return self.env._('Not charged')
        if not row._is_charged():
            return self.env._('Not charged yet')
        return self.env._('Prepaid') if row.state == 'covered' else self.env._('Charged')
