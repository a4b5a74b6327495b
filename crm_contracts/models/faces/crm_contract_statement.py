from __future__ import annotations

from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain

from ...core.days import Span, get_elapsed
from ...core.ledger import get_charged_status


class StatementCharge(NamedTuple):
    """What documents charge a customer for a period, a milestone, hours, costs or by hand."""

    kind: str
    name: str
    date_from: object
    date_to: object  # last day
    quantity: float
    unit: str
    amount: float  # without taxes, less credit notes
    drafted: float  # part of it that stands on drafts

    @property
    def is_draft(self) -> bool:
        """Whether it stands on drafts alone, so that nothing of it was charged yet."""
        return bool(self.drafted) and self.drafted == self.amount


class Statement(NamedTuple):
    """What a customer gets to know of a period: the hours, and what was charged."""

    date_from: object
    date_to: object
    hours: list  # of dicts: date, employee, name, hours, status
    hours_by_employee: dict  # employee's name: hours
    charges: list  # of StatementCharge, by their day
    orders: dict  # sale order: its amounts

    @property
    def total_charged(self) -> float:
        """What was charged in all, without what stands on drafts."""
        return sum(charge.amount - charge.drafted for charge in self.charges)

    @property
    def total_drafted(self) -> float:
        """What stands on drafts in all, and is charged when they are confirmed."""
        return sum(charge.drafted for charge in self.charges)


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
            'name': self.env._('Send by Mail'),
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
            contract_sudo._get_statement_charges(start, end),
            contract_sudo._get_customer_orders(start, end),
        )

    def _get_statement_charges(self, date_from, date_to):
        """Return what documents charge that was due in the period, in order."""
        rows = self.billing_ids.search(
            Domain('contract_id', '=', self.id)
            & Domain('state', '!=', 'covered')
            & Domain('date_due', '>=', date_from)
            & Domain('date_due', '<=', date_to)
        )
        charged = rows.filtered(lambda row: row.state == 'invoiced' or row.amount_charged)
        entered = [
            self._prepare_entered_charge(line, amount)
            for _contract, line, amount in self.env['crm.contract.biller']._get_entered_lines(self)
            if date_from <= line.date <= date_to
        ]
        dated = [(row.date_due, row._prepare_statement_charge()) for row in charged.sorted('id')]
        dated += [(charge.date_from, charge) for charge in entered]
        return [charge for _day, charge in sorted(dated, key=lambda one: one[0])]

    def _prepare_entered_charge(self, line, amount):
        """Return one line of the charges for an invoice line that somebody entered by hand."""
        sign = line._get_crm_contract_sign()
        return StatementCharge(
            kind='other',
            name=line.name or line.product_id.display_name or '',
            date_from=line.date,
            date_to=line.date,
            quantity=sign * line.quantity,
            unit=line.product_uom_id.name or '',
            amount=amount,
            drafted=amount if line.parent_state == 'draft' else 0.0,
        )

    def _get_statement_items(self, date_from, date_to):
        """Return the timesheets of the period, in order."""
        return self.env['account.analytic.line'].search(
            Domain('crm_contract_ids', 'in', self.ids)
            & Domain('crm_contract_kind', '=', 'time')
            & Domain('date', '>=', date_from)
            & Domain('date', '<=', date_to),
            order='date, id',
        )

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
        if item.crm_contract_non_billable:
            return self.env._('Not charged')
        return {
            'open': self.env._('Not charged yet'),
            'covered': self.env._('Prepaid'),
            'drafted': self.env._('Being invoiced'),
            'charged': self.env._('Charged'),
            'partly': self.env._('Charged in part'),
            'given_up': self.env._('Not charged'),
        }[item.crm_contract_billing_id._get_charged_status()]


class CrmContractBilling(models.Model):
    """What customers are told of rows of the ledger."""

    _inherit = 'crm.contract.billing'

    def _prepare_statement_charge(self):
        """Return one line of the charges; override to tell more."""
        return StatementCharge(
            kind=self.kind,
            name=self.name,
            date_from=self.period_start or self.date_due,
            date_to=self._get_last_day() or self.date_due,
            quantity=self.quantity,
            unit=self.product_uom_id.name or '',
            amount=self.amount_charged,
            drafted=self.amount_drafted,
        )

    def _get_charged_status(self):
        """Say what became of the hours of a row, that of its parts included.

        What was rebated to nothing is as good as given up.
        """
        family = self | self.part_ids
        round_money = self.currency_id.round if self else round
        return get_charged_status(
            family.mapped('state'),
            round_money(sum(family.mapped('amount_charged'))),
            round_money(sum(family.mapped('amount_drafted'))),
        )
