from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from ...core.days import get_range, is_overlapping
from ...core.states import RUNNING_STATES


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


class CrmContract(models.Model):
    """How contracts rest for some days and go on.

    Suspended days are not charged. The end of the contract stays where it was agreed, hours and
    costs that are really booked are billed as ever, and a suspended contract does not renew itself.
    """

    _inherit = 'crm.contract'

    suspension_ids = fields.One2many(
        'crm.contract.suspension', 'contract_id', string='Suspensions', readonly=True
    )
    is_suspended = fields.Boolean(
        string='Suspended',
        compute='_compute_is_suspended',
        search='_search_is_suspended',
        help='Today is a day of a suspension.',
    )
    is_resumable = fields.Boolean(
        compute='_compute_is_resumable',
        help='A suspension lasts, or is still to come and can be taken back.',
    )

    # === COMPUTE === #

    @api.depends('suspension_ids.date_from', 'suspension_ids.date_to')
    def _compute_is_suspended(self):
        today = fields.Date.context_today(self)
        for contract in self:
            contract.is_suspended = bool(contract.sudo().suspension_ids._get_on(today))

    @api.depends('suspension_ids.date_to')
    def _compute_is_resumable(self):
        for contract in self:
            contract.is_resumable = bool(contract.sudo().suspension_ids._get_unended())

    def _search_is_suspended(self, operator, value):
        if operator != 'in':
            return NotImplemented
        today = fields.Date.context_today(self)
        return Domain('suspension_ids', 'any', self.suspension_ids._get_domain(today))

    # === ACTIONS === #

    def action_suspend(self, date_from, date_to=None):
        """Let the contracts rest: what recurs is not charged for the days given.

        :param date_from: first day that is not charged, in the past too
        :param date_to: last day that is not charged; without one, until ``action_resume``
        :raises UserError: if a contract does not run, the dates are not in order, or a contract
            is suspended on one of the days already
        """
        date_from, date_to = fields.Date.to_date(date_from), fields.Date.to_date(date_to)
        self.check_access('write')
        self._check_suspendable(date_from, date_to)
        contracts = self.sudo()
        contracts._lock_for_billing()
        notes = contracts._get_suspension_notes(date_from, date_to)
        self.env['crm.contract.suspension'].sudo().create(
            [
                {'contract_id': contract.id, 'date_from': date_from, 'date_to': date_to}
                for contract in self
            ]
        )
        contracts._on_touch()
        self._message_log_batch(notes)
        return True

    def action_resume(self, date=None):
        """Let suspended contracts go on.

        :param date: first day that is charged again, by default today; the day on which the
            suspension began takes it back altogether
        :raises UserError: if a contract is not suspended on that day
        """
        day = fields.Date.to_date(date) or fields.Date.context_today(self)
        self.check_access('write')
        contracts = self.sudo()
        contracts._lock_for_billing()
        suspensions = contracts.suspension_ids._get_on(day)
        contracts._check_suspended(day, suspensions)
        taken_back = suspensions.filtered(lambda suspension: suspension.date_from == day)
        (suspensions - taken_back).date_to = fields.Date.subtract(day, days=1)
        taken_back.unlink()
        contracts._on_touch()
        note = self.env._('Resumed on %(day)s', day=format_date(self.env, day))
        self._message_log_batch({contract.id: note for contract in self})
        return True

    # === CHECKS === #

    def _check_suspendable(self, date_from, date_to):
        if not date_from or (date_to and date_to < date_from):
            raise UserError(
                self.env._('A suspension needs a first day, and cannot end before it starts.')
            )
        for contract in self:
            if contract.state not in RUNNING_STATES:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" is not running, so it cannot be suspended.',
                        contract=contract.display_name,
                    )
                )
        days = get_range(date_from, date_to)
        for suspension in self.suspension_ids:
            if is_overlapping(days, suspension._get_range()):
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" is suspended from %(start)s to %(end)s '
                        'already. Resume it first, or choose other days.',
                        contract=suspension.contract_id.display_name,
                        start=format_date(self.env, suspension.date_from),
                        end=format_date(self.env, suspension.date_to) or '…',
                    )
                )

    def _check_suspended(self, day, suspensions):
        for contract in self - suspensions.contract_id:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" is not suspended on %(day)s, so it cannot be '
                    'resumed then.',
                    contract=contract.display_name,
                    day=format_date(self.env, day),
                )
            )

    # === DAYS === #

    def _get_suspended_ranges(self):
        """Return [(first day, day after the last one)] of the suspensions; an open one: no end.

        Override to leave more days out of what recurs.
        """
        return [suspension._get_range() for suspension in self.suspension_ids]

    def _get_suspension_notes(self, date_from, date_to):
        """Return {contract id: what its chatter says of the suspension}; extend the texts."""
        start, end = format_date(self.env, date_from), format_date(self.env, date_to)
        note = (
            self.env._('Suspended from %(start)s to %(end)s', start=start, end=end)
            if date_to
            else self.env._('Suspended from %(start)s', start=start)
        )
        return dict.fromkeys(self.ids, note)
