from odoo import api, fields, models
from odoo.fields import Domain

from ...core.days import get_range


class CrmContractSuspension(models.Model):
    """Days on which a contract rests: no recurring period and no milestone is charged for them.

    Made and ended by ``action_suspend`` and ``action_resume`` of the contract.
    """

    _name = 'crm.contract.suspension'
    _description = 'Contract Suspension'
    _order = 'date_from desc, id desc'
    _check_company_auto = True

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    date_from = fields.Date(string='From', required=True, help='First day that is not charged.')
    date_to = fields.Date(
        string='To', help='Last day that is not charged; empty until the contract is resumed.'
    )

    _dates_ordered = models.Constraint(
        'CHECK (date_to >= date_from)', 'A suspension cannot end before it starts.'
    )
    # A range of one id instead of "=" spares an extension of the database.
    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int4range(contract_id, contract_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&)""",
        'The suspensions of a contract cannot overlap.',
    )

    @api.depends('contract_id', 'date_from', 'date_to')
    def _compute_display_name(self):
        for suspension in self:
            suspension.display_name = self.env._(
                '%(contract)s: suspended from %(start)s to %(end)s',
                contract=suspension.contract_id.display_name,
                start=suspension.date_from or '',
                end=suspension.date_to or '…',
            )

    @api.model
    def _get_domain(self, day):
        """Return the domain of the suspensions on a day."""
        return Domain('date_from', '<=', day) & (
            Domain('date_to', '=', False) | Domain('date_to', '>=', day)
        )

    def _get_on(self, day):
        """Return those of a day."""
        return self.filtered(
            lambda one: one.date_from <= day and (not one.date_to or one.date_to >= day)
        )

    def _get_unended(self):
        """Return those that last today or are still to come."""
        today = fields.Date.context_today(self)
        return self.filtered(lambda one: not one.date_to or one.date_to >= today)

    def _get_range(self):
        """Return the first day and the day after the last one; an open one has no end."""
        self.ensure_one()
        return get_range(self.date_from, self.date_to or None)
