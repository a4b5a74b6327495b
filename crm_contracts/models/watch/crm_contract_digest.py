from odoo import api, fields, models
from odoo.fields import Domain

from ...core.days import move_day
from ...core.states import RUNNING_STATES

LAYOUT = 'mail.mail_notification_light'


class CrmContract(models.Model):
    _inherit = 'crm.contract'

    @api.model
    def _cron_send_renewal_digest(self):
        """Send the weekly mails that tell which contracts have to be renewed."""
        self.env['crm.contract.digest']._send_all()


class CrmContractDigest(models.AbstractModel):
    """The weekly mail that tells who is responsible which contracts have to be renewed.

    One mail a person, with three groups: what was to be renewed already, what became so since the
    last mail or used up its prepaid units, and what comes next.
    """

    _name = 'crm.contract.digest'
    _description = 'Renewal Digest'

    @api.model
    def _send_all(self):
        """Send the mails, each in a transaction of its own; who cannot get one stops nobody.

        A run that was interrupted goes on with those who have no mail of that day yet.
        """
        commit_progress = self.env['ir.cron']._commit_progress
        by_user = self._get_recipients()
        time_left = commit_progress(remaining=len(by_user))
        for user, contracts in by_user.items():
            if not time_left:
                break
            is_over = contracts._run_whole(lambda told, user=user: self._send(user, told))
            time_left = commit_progress(int(is_over))

    @api.model
    def _get_recipients(self):
        """Return {user: contracts to tell about}; who has no address leaves it to the next."""
        contracts = self.env['crm.contract'].search(self._get_domain())
        told = contracts.filtered_domain(Domain.OR(self._get_domains().values()))
        told |= contracts.filtered(self._is_over_prepaid)
        by_user = told._group_by_responsible(lambda user: user.active and user.email)
        return {user: own for user, own in by_user.items() if user}

    # === WHAT IS TOLD === #

    @api.model
    def _get_domain(self):
        """Return the domain of the contracts that may be told about and were not yet today."""
        watched = self.env['crm.contract']._get_prepaid_alert_domain()
        today = fields.Date.context_today(self)
        return (
            Domain.OR([*self._get_domains().values(), watched])
            & Domain('state', 'in', RUNNING_STATES)
            & Domain('term_ids', 'not any', [('date_digest', '=', today)])
        )

    @api.model
    def _get_domains(self):
        """Return {what is known by dates alone: domain of the contracts}."""
        companies = self.env['res.company'].sudo().search(Domain.TRUE)
        return {
            'to_renew': Domain('state', '=', 'to_renew'),
            'soon': Domain('state', '=', 'open')
            & Domain.OR(self._get_soon_domain(company) for company in companies),
        }

    @api.model
    def _get_soon_domain(self, company):
        today = fields.Date.context_today(self)
        last = move_day(today, days=company.crm_contract_digest_days)
        is_renewed = Domain('renewal_type', '!=', 'none') & Domain('date_closing', '=', False)
        return Domain('company_id', '=', company.id) & (
            (is_renewed & Domain('date_notice', '<=', last))
            | (~is_renewed & Domain('date_end', '<=', last))
        )

    @api.model
    def _is_over_prepaid(self, contract):
        return contract.prepaid_percentage >= 100

    @api.model
    def _get_groups(self, contracts):
        """Return {group: contracts}, each contract in the first group that fits."""
        to_renew = contracts.filtered(lambda contract: contract.state == 'to_renew')
        told = to_renew._get_current_terms().filtered('is_digest_due').contract_id
        old = to_renew & told.with_env(self.env)
        new = (to_renew | contracts.filtered(self._is_over_prepaid)) - old
        return {'old': old, 'new': new, 'soon': contracts - old - new}

    # === SENDING === #

    @api.model
    def _send(self, user, contracts):
        groups = self._get_groups(contracts)
        self.env['mail.mail'].sudo().create(self._prepare_mail(user, groups))
        contracts._get_current_terms().date_digest = fields.Date.context_today(self)
        (groups['old'] | groups['new'])._get_current_terms().is_digest_due = True

    @api.model
    def _prepare_mail(self, user, groups):
        """Return the values of the mail, in the language of who gets it."""
        env = self.with_context(lang=user.lang).env
        company = user.company_id
        titles = {
            'old': env._('Still to renew'),
            'new': env._('New: to renew, or without prepaid units left'),
            'soon': env._('In the next %(days)s days', days=company.crm_contract_digest_days),
        }
        body = env['ir.qweb']._render(
            'crm_contracts.renewal_digest',
            {
                'user': user,
                'groups': [
                    (title, groups[key].with_context(lang=user.lang).sorted('date_end'))
                    for key, title in titles.items()
                    if groups[key]
                ],
            },
        )
        return {
            'subject': env._(
                '%(company)s: contracts to look at (%(count)s)',
                company=company.name,
                count=sum(map(len, groups.values())),
            ),
            'body_html': env['mail.render.mixin']._render_encapsulate(
                LAYOUT, body, add_context={'company': company}
            ),
            'email_from': company.email_formatted or user.email_formatted,
            'email_to': user.email_formatted,
            'auto_delete': True,
            'state': 'outgoing',
        }
