from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

from ...core.days import get_notice_end
from ...core.states import RUNNING_STATES

NOTICE_ACTIVITY = 'crm_contracts.mail_activity_type_notice'


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
    """Notice that the customer gives: the contract is closed after the day that its terms say.

    Given in time, it ends with the current term; too late for it, a tacit contract ends with the
    next one. A contract without end ends after the days of notice.
    """

    _inherit = 'crm.contract'

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
        help='Last day of the contract by the notice of the customer.',
    )
    notice_reason = fields.Text(
        readonly=True, copy=False, help='Why the customer gave notice, if it said so.'
    )

    # === ACTIONS === #

    def action_give_notice(self, day=None, reason=''):
        """Enter the notice that the customer gave in another way than in the portal.

        :param day: on which notice was given, by default today
        :param reason: in the customer's words
        :return: the last day of the contract
        :raises UserError: if the contract does not run or ends anyway, or the day is to come
        """
        self.ensure_one()
        self.check_access('write')
        return self._give_notice(day, reason)

    def action_reopen(self):
        """The notice of contracts that go on is taken back."""
        result = super().action_reopen()
        # sudo: what was given notice of is kept from being typed
        noticed_sudo = self.filtered('date_notice_given').sudo()
        if noticed_sudo:
            noticed_sudo.write(
                {'date_notice_given': False, 'date_notice_end': False, 'notice_reason': False}
            )
            noticed_sudo.activity_unlink([NOTICE_ACTIVITY])
        return result

    # === GIVING NOTICE === #

    def _give_notice(self, day=None, reason=''):
        """Close the contract after the day that its terms say, and tell who is responsible.

        :param day: on which notice was given, by default today
        :param reason: in the customer's words
        :return: the last day of the contract
        :raises UserError: if the contract does not run or ends anyway, or the day is to come
        """
        self.ensure_one()
        # sudo: whoever gives notice in the portal locks what it may not write
        self.sudo()._lock_for_billing()
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        self._check_notice_day(day)
        last = self._get_notice_end(day)
        # sudo: what was given notice of is kept from being typed
        self.sudo().write(
            {'date_notice_given': day, 'date_notice_end': last, 'notice_reason': reason}
        )
        self.sudo()._close_after(last, reason or self.env._('Notice of the customer'))
        self._tell_responsible(
            NOTICE_ACTIVITY,
            lambda env: env._(
                'The customer gave notice: the contract ends on %(day)s',
                day=format_date(env, last),
            ),
            note=plaintext2html(reason) if reason else False,
        )
        return last

    def _check_notice_day(self, day):
        if day > fields.Date.context_today(self):
            raise UserError(self.env._('Notice was given today or before, not on a day to come.'))
        if not self._get_notice_end(day):
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" does not run, or it ends anyway.',
                    contract=self.display_name,
                )
            )

    def _get_notice_end(self, day):
        """Return the last day of the contract if notice is given on a day.

        False if it does not run or ends anyway.
        """
        self.ensure_one()
        is_tacit = self.renewal_type == 'tacit'
        ends_anyway = self.date_closing or (
            self.date_end
            and (self.renewal_type == 'none' or (self.date_end < day and not is_tacit))
        )
        if self.state not in RUNNING_STATES or ends_anyway:
            return False
        last = get_notice_end(
            day,
            self.notice_days,
            self.date_start,
            self.date_end or None,
            self.term_months if is_tacit else 0,
        )
        return max(last, self.date_start)
