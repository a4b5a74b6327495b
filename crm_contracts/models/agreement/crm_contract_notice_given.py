from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

from ...core.days import get_notice_end
from ...core.reactions import Reaction
from ...core.states import RUNNING_STATES
from .crm_contract_conditions_mixin import RENEWAL_TYPES

NOTICE_ACTIVITY = 'crm_contracts.mail_activity_type_notice'
NOTICE_FIELDS = (
    'date_notice_given',
    'date_notice_end',
    'notice_reason',
    'notice_renewal_type',
    'notice_was_open',
)


class CrmContractConditionsMixin(models.AbstractModel):
    """Whether the customer may give notice in the portal."""

    _inherit = 'crm.contract.conditions.mixin'

    portal_allow_notice = fields.Boolean(
        string='Notice in the Portal',
        default=True,
        help='The customer can give notice in the portal, and is told there when the contract '
        'ends then. Otherwise it has to write.',
    )


class CrmContract(models.Model):
    """Notice that the customer gives: the contract ends with the terms, and does not renew itself.

    Given in time, it ends with the current term; too late for it, a tacit contract ends with the
    next one. A contract without end ends after the days of notice.
    """

    _inherit = 'crm.contract'
    _reactions = (Reaction({'date_end', 'renewal_type'}, after='_stop_renewing'),)

    date_notice_given = fields.Date(
        string='Notice Given On',
        readonly=True,
        copy=False,
        tracking=True,
        help='Day on which the customer gave notice.',
    )
    date_notice_end = fields.Date(
        string='Ends by Notice On',
        readonly=True,
        copy=False,
        tracking=True,
        help='Last day of the contract by the notice of the customer.',
    )
    notice_reason = fields.Text(
        readonly=True, copy=False, help='Why the customer gave notice, if it said so.'
    )
    notice_renewal_type = fields.Selection(
        RENEWAL_TYPES,
        string='Renewal before Notice',
        readonly=True,
        copy=False,
        help='Comes back when the notice is taken back.',
    )
    notice_was_open = fields.Boolean(
        string='Open before Notice',
        readonly=True,
        copy=False,
        help='The contract had no end before the notice.',
    )

    # === ACTIONS === #

    def action_withdraw_notice(self):
        """Go on as if the customer had not given notice: with the end and renewal of before.

        :raises UserError: unless notice was given and the contract still runs
        """
        self.check_access('write')
        for contract in self:
            contract._check_notice_given()
            contract._withdraw_notice()
        return True

    # === GIVING NOTICE === #

    def _give_notice(self, day=None, reason=''):
        """End the contract with the terms, because the customer wants so; tell who is responsible.

        :param day: on which notice was given, by default today
        :param reason: in the customer's words
        :return: the last day of the contract
        :raises UserError: if the contract does not run or ends anyway
        """
        self.ensure_one()
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        last = self._get_notice_end(day)
        if not last:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" does not run, ends anyway, or was given notice of '
                    'already.',
                    contract=self.display_name,
                )
            )
        # sudo: what was given notice of is kept from being typed
        self.sudo().write(self._prepare_notice(day, last, reason))
        self.sudo()._stop_renewing()
        self._tell_responsible(
            NOTICE_ACTIVITY,
            lambda env: env._(
                'The customer gave notice: the contract ends on %(day)s',
                day=format_date(env, last),
            ),
            note=plaintext2html(reason) if reason else False,
        )
        return last

    def _get_notice_end(self, day):
        """Return the last day of the contract if notice is given on a day, or False.

        There is none of a contract that does not run, that ends anyway, or of which notice was
        given already.
        """
        self.ensure_one()
        is_tacit = self.renewal_type == 'tacit'
        ends_anyway = self.date_end and (
            self.renewal_type == 'none' or (self.date_end < day and not is_tacit)
        )
        if self.state not in RUNNING_STATES or self.date_notice_given or ends_anyway:
            return False
        return get_notice_end(
            day,
            self.notice_days,
            self.date_start,
            self.date_end or None,
            self.term_months if is_tacit else 0,
        )

    def _prepare_notice(self, day, last, reason):
        return {
            'date_notice_given': day,
            'date_notice_end': last,
            'notice_reason': reason,
            'notice_renewal_type': self.renewal_type,
            'notice_was_open': not self.date_end,
        }

    def _stop_renewing(self, vals=None):
        """Let the term in which the notice takes effect be the last one."""
        for contract in self.filtered('date_notice_end'):
            if contract.notice_was_open and not contract.date_end:
                contract.write({'renewal_type': 'none', 'date_end': contract.date_notice_end})
            elif contract._is_in_last_term() and contract.renewal_type != 'none':
                contract.renewal_type = 'none'
                contract._on_last_term()

    def _is_in_last_term(self):
        return self.date_end and self.date_end >= self.date_notice_end

    def _on_last_term(self):
        """Nothing is to be renewed any more; extend it with what follows."""
        if self.state == 'to_renew':
            self._transition_to('open')

    # === TAKING IT BACK === #

    def _check_notice_given(self):
        if not self.date_notice_given or self.state not in RUNNING_STATES:
            raise UserError(
                self.env._(
                    'No notice was given of the contract "%(contract)s", or it has ended.',
                    contract=self.display_name,
                )
            )

    def _withdraw_notice(self):
        before = {'renewal_type': self.notice_renewal_type}
        if self.notice_was_open and self.date_end == self.date_notice_end:
            before['date_end'] = False
        # sudo: what was given notice of is kept from being typed
        self.sudo().write({**dict.fromkeys(NOTICE_FIELDS, False), **before})
        self.sudo().activity_unlink([NOTICE_ACTIVITY])
