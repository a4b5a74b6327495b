from odoo import fields, models
from odoo.fields import Domain

from ...core.days import move_day
from ...core.deferral import get_earned_share, get_worked_share


class CrmContract(models.Model):
    """What belongs to another time than its invoice, at a closing day."""

    _inherit = 'crm.contract'

    def _get_deferrals(self, date):
        """Return the revenue to defer and to accrue at a closing day, as a list of dicts.

        One for each row of the ledger, or entry of the plan, and income account. *Deferred* is what
        documents posted up to that day charge for days after it. *Accrued* is what was worked, or
        is due, for days up to it and stands on later documents, on drafts, or on none yet. A
        period is shared out by its days; hours and costs have the day on which they were booked;
        a milestone is earned when it is due, or invoiced before; usage of a period that still runs
        counts as if it were billed on that day. Credit notes are negative.

        ``amount`` is in ``currency_id``, the contract's, ``company_amount`` in that of its company:
        of documents as they were booked, of the plan at the rate of the closing day. Without
        taxes. Reads only, and constantly often for many contracts.

        :param date: the last day of the time that is closed
        """
        day = fields.Date.to_date(date)
        self.check_access('read')
        contracts = self.sudo()
        found = [*contracts._get_rows_across(day)._get_deferrals(day)]
        found += contracts._get_unbilled_revenue(day)
        order = {contract_id: index for index, contract_id in enumerate(self.ids)}
        return sorted(
            found, key=lambda one: (order[one['contract_id']], one['period_start'] or day)
        )

    def _get_rows_across(self, day):
        """Return the rows of the ledger of which something belongs to another side of a day."""
        crossing = (
            Domain('period_end', '>', move_day(day, days=1))
            | Domain('move_line_ids.date', '>', day)
            | Domain('move_line_ids.parent_state', '=', 'draft')
        )
        rows = self.env['crm.contract.billing']
        return rows.search(Domain('contract_id', 'in', self.ids) & crossing, order='id')

    # === WHAT NO DOCUMENT CHARGES YET === #

    def _get_unbilled_revenue(self, day):
        """Return what was earned up to a day, and is still to be billed."""
        contracts = self.filtered(lambda contract: contract._is_billable())
        entries = contracts._get_begun_entries(day)
        journals = self.env['crm.contract.biller']._get_invoice_journals(contracts)
        found = []
        for entry in entries:
            contract = self.browse(entry['contract_id'])
            share = 1.0
            if entry['kind'] == 'recurring':
                share = get_earned_share([(entry['period_start'], entry['period_end'])], day)
            amount = contract.currency_id.round(entry['amount'] * share)
            company = contract.company_id
            found.append(
                {
                    'kind': 'accrued',
                    'contract_id': contract.id,
                    'line_id': entry['line_id'],
                    'billing_id': entry.get('billing_id', False),
                    'account_id': contract._get_income_account(entry, journals).id,
                    'name': entry['name'],
                    'period_start': entry['period_start'],
                    'period_end': entry['period_end'],
                    'amount': amount,
                    'company_amount': contract.currency_id._convert(
                        amount, company.currency_id, company, day
                    ),
                    'currency_id': contract.currency_id.id,
                }
            )
        return [one for one in found if one['amount']]

    def _get_begun_entries(self, day):
        """Return the entries of the plan that are earned up to a day, wholly or in part.

        What is due by then, and the periods that have begun and are due later.
        """
        biller, later = self.env['crm.contract.biller'], self._get_last_due_day(day)
        begun = [
            entry.as_dict()
            for entry in (
                *biller._plan_released_rows(self, later),
                *biller._plan_lines(self, later),
            )
            if entry.kind == 'recurring' and entry.period_start <= day < entry.date_due
        ]
        return [entry for entry in (*self._get_billing_plan(day), *begun) if not entry['held']]

    def _get_last_due_day(self, day):
        """Return up to when the periods are due that have begun on a day."""
        recurring = self.line_ids.filtered(lambda line: line.kind == 'recurring')
        return max(
            (
                move_day(day, **{f'{line.interval_unit}s': line.interval_count})
                for line in recurring
                if line.interval_unit
            ),
            default=day,
        )

    def _get_income_account(self, entry, journals):
        """Return the account on which an invoice would book an entry of the plan."""
        self.ensure_one()
        journal = self.journal_id or journals[self.company_id, self.currency_id]
        product = self.env['product.product'].browse(entry['product_id'])
        product = product or self.env['crm.contract.biller']._get_service(self, entry['kind'])
        if not product:
            return journal.default_account_id
        accounts = product.with_company(self.company_id).product_tmpl_id.get_product_accounts(
            self.fiscal_position_id
        )
        return accounts['income'] or journal.default_account_id


class CrmContractBilling(models.Model):
    """What the documents of a row charge for the time before and after a closing day."""

    _inherit = 'crm.contract.billing'

    def _get_deferrals(self, day):
        """Return what the documents of the rows defer and accrue at a closing day."""
        return [
            deferral
            for row in self
            for account, lines in row._get_booked_lines().grouped('account_id').items()
            for deferral in row._prepare_deferrals(account, lines, day)
            if deferral['amount'] or deferral['company_amount']
        ]

    def _get_booked_lines(self):
        """Return the lines that charge the row, or credit it, on drafts of invoices too."""
        self.ensure_one()
        return self.move_line_ids.filtered(
            lambda line: (
                line.id > self.released_line_id.id
                and (
                    line.parent_state == 'posted'
                    or (line.parent_state == 'draft' and line.move_type == 'out_invoice')
                )
            )
        )

    def _prepare_deferrals(self, account, lines, day):
        """Return what lines on one account defer, and what they accrue."""
        earned = {line: self._get_earned_share(line, day) for line in lines}
        earlier = lines.filtered(lambda line: line.parent_state == 'posted' and line.date <= day)
        deferred = {line: 1.0 - earned[line] for line in earlier}
        accrued = {line: earned[line] for line in lines - earlier}
        return [
            self._prepare_deferral('deferred', account, deferred),
            self._prepare_deferral('accrued', account, accrued),
        ]

    def _prepare_deferral(self, kind, account, shares):
        """Return a deferral.

        :param shares: {line: part of it that belongs to the other side of the closing day}
        """
        amount = -sum(line.amount_currency * share for line, share in shares.items())
        company_amount = -sum(line.balance * share for line, share in shares.items())
        return {
            'kind': kind,
            'contract_id': self.contract_id.id,
            'line_id': self.line_id.id,
            'billing_id': self.id,
            'account_id': account.id,
            'name': self.name,
            'period_start': self.period_start,
            'period_end': self.period_end,
            'amount': self.currency_id.round(amount),
            'company_amount': self.company_id.currency_id.round(company_amount),
            'currency_id': self.currency_id.id,
        }

    def _get_earned_share(self, line, day):
        """Return which part of a line of the row is earned up to a day, from 0 to 1.

        What gives unused days back stands for these alone. Override for further kinds.
        """
        self.ensure_one()
        if line.crm_contract_is_unused:
            return get_earned_share(self._get_spared_parts(), day)
        if self.kind == 'recurring':
            return get_earned_share([self._get_period()], day)
        weight = 'unit_amount' if self.kind == 'time' else 'amount'
        return get_worked_share([(item.date, item[weight]) for item in self.analytic_line_ids], day)
