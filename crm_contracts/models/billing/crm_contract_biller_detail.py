from odoo import models
from odoo.tools import format_date

from ...core.time import is_nothing


class CrmContractBiller(models.AbstractModel):
    """How much of hours and costs an invoice shows its customer."""

    _inherit = 'crm.contract.biller'

    # === HOURS === #

    def _get_employee_shown(self, contract, item):
        """Return whose time a line is, or nobody where it is that of several."""
        employee = item.employee_id
        return employee if contract.time_detail in ('employee', 'entry') else employee.browse()

    def _get_parts_shown(self, contract, items, settled):
        """Return hours of one price in the parts that have lines of their own.

        What corrections take back is taken from all of them together.
        """
        parts = self._split_hours(contract.time_detail, items)
        if any(self._is_taken_back(contract, part, settled) for part in parts):
            return [items]
        return parts

    def _is_taken_back(self, contract, items, settled):
        """Say whether there are no more hours than corrections."""
        return is_nothing(self._get_time(contract, items, settled))

    def _split_hours(self, detail, items):
        if detail == 'task':
            return list(items.grouped('task_id').values())
        return list(items) if detail == 'entry' else [items]

    def _get_time_name(self, contract, employee, items):
        """Return what a line of hours says of them, besides their service."""
        env = self._for_customer(contract).env
        if contract.time_detail == 'task' and len(items.task_id) == 1:
            return items.task_id.name
        if contract.time_detail in ('one', 'task'):
            return env._('Hours')
        name = employee.name or env._('nobody')
        if contract.time_detail == 'entry' and len(items) == 1:
            return f'{name}: {format_date(env, items.date)} {items.name}'
        return name

    # === COSTS === #

    def _get_costs_shown(self, contract, costs):
        """Return costs of one product in the parts that have lines of their own."""
        if contract.cost_detail == 'product' or not all(map(_is_of_a_document, costs)):
            return [costs]
        return [[cost] for cost in costs]

    def _get_cost_name(self, contract, product, costs):
        """Return what a line of costs says of them, in the language of the customer."""
        name = product.with_env(self.env).display_name or self.env._('Costs')
        if contract.cost_detail == 'product' or len(costs) > 1:
            return name
        item = self.env['account.analytic.line'].browse(costs[0].item_id)
        document = item.move_line_id.move_id
        source = (document.partner_id.name, document.ref or document.name)
        day = format_date(self.env, document.invoice_date or item.date)
        text = ', '.join(filter(None, (day, *source)))
        return f'{name}: {item.name} ({text})'


def _is_of_a_document(cost):
    """Say whether a cost is that of one document, no refund and no correction of others."""
    return bool(cost.item_id) and cost.amount > 0
