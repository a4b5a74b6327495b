from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...core.days import NoticeDays
from ...core.states import RUNNING_STATES
from .crm_contract_renewals import RENEWAL_ACTIVITY

LAYOUT = 'mail.mail_notification_light'


class CrmContract(models.Model):
    """Tells customers that the term of their contract ends: once a term, neither early nor late.

    Some laws want a notice between an earliest and a latest day before the end. Where it cannot
    be sent in that time, who is responsible is told instead.
    """

    _inherit = 'crm.contract'

    notify_customer = fields.Boolean(tracking=True)

    @api.model
    def _get_daily_steps(self):
        """Tell the customers after the contracts were moved: what was closed needs no notice."""
        told, missed = self._get_notice_domains()
        return [
            *super()._get_daily_steps(),
            (told, lambda contracts: contracts._notify_customers()),
            (missed, lambda contracts: contracts._miss_customers()),
        ]

    # === WHO IS TOLD === #

    def _get_notice_domains(self):
        """Return the domains of the contracts whose customer is told today, and was not in time."""
        today = fields.Date.context_today(self)
        told, missed = Domain.FALSE, Domain.FALSE
        for company in self.env['res.company'].sudo().search(Domain.TRUE):
            own = Domain('company_id', '=', company.id)
            days = NoticeDays(
                company.crm_contract_notice_earliest, company.crm_contract_notice_latest
            )
            told |= own & _get_ending_domain(days.get_told(today))
            missed |= own & _get_ending_domain(days.get_missed(today))
        is_told = Domain(
            'term_ids', 'any', [('customer_notice', '!=', False), ('date_end', '>=', today)]
        )
        untold = (
            Domain('notify_customer', '=', True)
            & Domain('state', 'in', RUNNING_STATES)
            & Domain('date_closing', '=', False)
            & ~is_told
        )
        return untold & told, untold & missed

    # === WHAT HAPPENS AFTER THE TERM === #

    def _get_renewal_text(self):
        """Return how a tacit contract goes on, in one sentence with one date, or nothing.

        The date is the last one on which notice ends it with its term. Once that has passed it is
        the last one of the term.
        """
        self.ensure_one()
        if self.renewal_type != 'tacit' or not self.date_end or self.date_closing:
            return ''
        length = self._get_renewal_length_text()
        if self.date_notice < fields.Date.context_today(self):
            return self.env._(
                'After %(day)s it goes on for %(length)s.',
                day=format_date(self.env, self.date_end),
                length=length,
            )
        return self.env._(
            'It goes on for %(length)s unless notice is given by %(day)s.',
            length=length,
            day=format_date(self.env, self.date_notice),
        )

    def _get_renewal_length_text(self):
        known = {1: self.env._('another month'), 12: self.env._('another year')}
        return known.get(self.term_months) or self.env._(
            'another %(count)s months', count=self.term_months
        )

    def _get_notice_subject(self):
        """Return the subject of the notice to the customer."""
        self.ensure_one()
        if self._get_renewal_text():
            return self.env._('Your contract %s renews itself', self.code)
        return self.env._(
            'Your contract %(code)s ends on %(day)s',
            code=self.code,
            day=format_date(self.env, self.date_end),
        )

    # === WHAT THE NEXT TERM BRINGS === #

    def _get_notice_lines(self):
        """Return {recurring line that goes on: what a period of the next term costs}."""
        self.ensure_one()
        day = self._get_next_term_day()
        return {
            line: line._get_amount(line.quantity, line._get_price_on(day))
            for line in self.line_ids
            if line.kind == 'recurring' and (not line.date_end or line.date_end >= day)
        }

    def _get_notice_amount(self):
        """Return the amount agreed for the next term, as far as it is known."""
        prices = self._get_notice_revision().price_ids
        revised = prices.filtered(lambda price: price.kind == 'amount')
        return revised.price_new if revised else self.fixed_amount

    def _get_notice_rule(self):
        """Return in words by what the prices still change with the next term, or nothing."""
        is_open = self._get_rule().changes_prices and not self._get_notice_revision()
        return self._get_revision_text() if is_open else ''

    def _get_notice_revision(self):
        """Return the revision that was made for the next term already, if any."""
        day = self._get_next_term_day()
        return self.sudo().revision_ids.filtered(lambda revision: revision.date == day)

    # === TELLING === #

    def _notify_customers(self):
        """Send the notices; without an address nobody was told."""
        reachable = self.filtered('partner_id.email')
        for company, contracts in reachable.grouped('company_id').items():
            template = company.crm_contract_notice_template_id or self.env.ref(
                'crm_contracts.mail_template_renewal_notice'
            )
            template.send_mail_batch(contracts.ids, email_layout_xmlid=LAYOUT)
        reachable._get_current_terms().write(
            {'customer_notice': 'sent', 'date_customer_notice': fields.Date.context_today(self)}
        )
        (self - reachable)._miss_customers()

    def _miss_customers(self):
        """Tell who is responsible that the customer has to be told in another way."""
        self._get_current_terms().customer_notice = 'missed'
        self.with_context(mail_activity_quick_update=True)._tell_responsible(
            RENEWAL_ACTIVITY,
            lambda env: env._('Tell the customer: no notice was sent in time'),
        )


def _get_ending_domain(span):
    return Domain('date_end', '>=', span.start) & Domain('date_end', '<=', span.end)
