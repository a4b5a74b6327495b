from datetime import timedelta

from odoo import api, models
from odoo.tools import config

# Odoo's own queue sends every hour.
LONGEST_WAIT = timedelta(days=1)
MOST_NAMED = 3


class CrmHealth(models.TransientModel):
    """Mails of the documents of the suite: whether they leave, and whether any arrive."""

    _inherit = 'crm.health'

    @api.model
    def _get_health_checks(self):
        return [
            *super()._get_health_checks(),
            *self._get_health_mails(),
            *self._get_health_mail_servers(),
        ]

    @api.model
    def _get_health_mails(self):
        ours = [('model', 'in', self._get_health_mail_models())]
        limit = self._get_health_limit(LONGEST_WAIT)
        failed = [('state', '=', 'exception'), *ours]
        late = [('state', '=', 'outgoing'), ('create_date', '<', limit), *ours]
        # what is planned for later does not wait
        late += ['|', ('scheduled_date', '=', False), ('scheduled_date', '<', limit)]
        return [
            self._prepare_health_count(
                ('mail.mail', failed),
                'mail.failed',
                'mail',
                self.env._('Mails that could not leave'),
                self.env._('Look at the reason in each, mend it, and send it again.'),
                detail=self._get_health_documents(failed),
            ),
            self._prepare_health_count(
                ('mail.mail', late),
                'mail.late',
                'mail',
                self.env._('Mails that wait for more than a day'),
                self.env._('Does the job of the mail queue run?'),
                state='act',
                detail=self._get_health_documents(late),
            ),
        ]

    @api.model
    def _get_health_mail_servers(self):
        has_server = self.env['ir.mail_server'].search_count([('active', '=', True)], limit=1)
        is_local = config['smtp_server'] in (False, '', 'localhost')
        return [
            self._prepare_health_check(
                'mail.server',
                'mail',
                self.env._('Outgoing mail server'),
                'look' if is_local and not has_server else 'good',
                self.env._('None is set: mails leave only if this machine sends mails itself.'),
            ),
            self._prepare_health_count(
                ('fetchmail.server', [('active', '=', True), ('error_date', '!=', False)]),
                'mail.fetching',
                'mail',
                self.env._('Incoming mail servers that fail'),
                self.env._('Test the connection: what customers write does not arrive.'),
                state='act',
            ),
        ]

    @api.model
    def _get_health_mail_models(self):
        """Return the names of the models whose mails are ours."""
        addons = self._get_health_addons()
        ours = [
            name
            for name, model in self.env.registry.items()
            if model._original_module in addons
            and not model._abstract
            and 'message_ids' in model._fields
        ]
        return sorted([*ours, 'crm.lead'])

    @api.model
    def _get_health_documents(self, domain):
        """Return what some of the mails are about, as far as the user may read it."""
        names = []
        for mail in self.env['mail.mail'].search(domain, limit=MOST_NAMED, order='id desc'):
            document = self.env[mail.model].browse(mail.res_id).sudo(False)
            if document.exists() and document.has_access('read'):
                names.append(document.display_name)
        return ', '.join(names)
