from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...core.states import RUNNING_STATES

LAYOUT = 'mail.mail_notification_light'


class CrmContract(models.Model):
    """The weekly mail that tells who is responsible which contracts have to be renewed.

    One mail a person, with three groups: what was to be renewed already, what became so since the
    last mail or used up its prepaid units, and what comes next.
    """

    _inherit = 'crm.contract'

    @api.model
    def _cron_send_renewal_digest(self):
        """Send the mails, each in a transaction of its own; who cannot get one stops nobody.

        A run that was interrupted goes on with those who have no mail of that day yet.
        """
        commit_progress = self.env['ir.cron']._commit_progress
        by_user = self._get_digest_recipients()
        time_left = commit_progress(remaining=len(by_user))
        for user, contracts in by_user.items():
            if not time_left:
                break
            is_over = contracts._run_whole(lambda told, user=user: told._send_digest(user))
            time_left = commit_progress(int(is_over))

    def _get_digest_recipients(self):
        """Return {user: contracts to tell about}; who has no address leaves it to the next."""
        contracts = self.search(self._get_digest_domain())
        by_user = contracts._filter_digest()._group_by_responsible(
            lambda user: user.active and user.email
        )
        return {user: own for user, own in by_user.items() if user}

    # === WHAT IS TOLD === #

    def _get_digest_domain(self):
        """Return the domain of the contracts that may be told about and were not yet today."""
        today = fields.Date.context_today(self)
        return (
            Domain.OR([*self._get_digest_domains().values(), self._get_prepaid_alert_domain()])
            & Domain('state', 'in', RUNNING_STATES)
            & Domain('term_ids', 'not any', [('date_digest', '=', today)])
        )

    def _get_digest_domains(self):
        """Return {what is known by dates alone: domain of the contracts}."""
        companies = self.env['res.company'].sudo().search(Domain.TRUE)
        return {
            'to_renew': Domain('state', '=', 'to_renew'),
            'soon': Domain('state', '=', 'open')
            & Domain.OR(self._get_soon_domain(company) for company in companies),
        }

    def _get_soon_domain(self, company):
        last = fields.Date.context_today(self) + timedelta(days=company.crm_contract_digest_days)
        is_renewed = Domain('renewal_type', '!=', 'none')
        return Domain('company_id', '=', company.id) & (
            (is_renewed & Domain('date_notice', '<=', last))
            | (~is_renewed & Domain('date_end', '<=', last))
        )

    def _filter_digest(self):
        return self.filtered_domain(Domain.OR(self._get_digest_domains().values())) | self.filtered(
            self._is_over_prepaid
        )

    @api.model
    def _is_over_prepaid(self, contract):
        return contract.prepaid_percentage >= 100

    def _get_digest_groups(self):
        """Return {group: contracts}, each contract in the first group that fits."""
        to_renew = self.filtered(lambda contract: contract.state == 'to_renew')
        told = to_renew._get_current_terms().filtered('is_digest_due').contract_id
        old = to_renew & told.with_env(self.env)
        new = (to_renew | self.filtered(self._is_over_prepaid)) - old
        return {'old': old, 'new': new, 'soon': self - old - new}

    # === SENDING === #

    def _send_digest(self, user):
        groups = self._get_digest_groups()
        self.env['mail.mail'].sudo().create(self._prepare_digest(user, groups))
        self._get_current_terms().date_digest = fields.Date.context_today(self)
        (groups['old'] | groups['new'])._get_current_terms().is_digest_due = True

    def _prepare_digest(self, user, groups):
        """Return the values of the mail, in the language of who gets it."""
        told = self.with_context(lang=user.lang)
        company = user.company_id
        body = told.env['ir.qweb']._render(
            'crm_contracts.renewal_digest',
            {
                'user': user,
                'groups': [
                    (title, groups[key].with_context(lang=user.lang).sorted('date_end'))
                    for key, title in told._get_digest_titles(company).items()
                    if groups[key]
                ],
            },
        )
        return {
            'subject': told.env._(
                '%(company)s: %(count)s contracts to look at',
                company=company.name,
                count=len(self),
            ),
            'body_html': told.env['mail.render.mixin']._render_encapsulate(
                LAYOUT, body, add_context={'company': company}
            ),
            'email_from': company.email_formatted or user.email_formatted,
            'email_to': user.email_formatted,
            'auto_delete': True,
            'state': 'outgoing',
        }

    def _get_digest_titles(self, company):
        """Return {group: title}, in the order of the mail."""
        return {
            'old': self.env._('Still to renew'),
            'new': self.env._('New: to renew, or without prepaid units left'),
            'soon': self.env._('In the next %(days)s days', days=company.crm_contract_digest_days),
        }
