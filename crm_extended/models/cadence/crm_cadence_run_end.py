from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from .crm_cadence_run import IS_RUNNING, LINKS

WRITTEN = ('email', 'comment', 'sms')


class CrmCadenceRun(models.Model):
    """When a cadence ends before its last step: the customer answered, spoke with us, decided."""

    _inherit = 'crm.cadence.run'

    def _stop(self, reason):
        """End what is going on, for a reason."""
        self.filtered_domain(IS_RUNNING).write(
            {
                'state': 'stopped',
                'reason': reason,
                'step_id': False,
                'date_next': False,
                'date_end': fields.Datetime.now(),
            }
        )

    def _stop_over(self):
        """End what is over; the first reason counts."""
        for reason, find in self._get_endings():
            runs = self.filtered_domain(IS_RUNNING)
            if runs:
                find(runs)._stop(reason)

    def _get_endings(self):
        """Declare why a cadence ends: [(reason, function of runs that returns those)].

        A reason is one of the field's; to be extended.
        """
        return [
            ('won', lambda runs: runs.filtered(lambda run: run.lead_id.won_status == 'won')),
            ('lost', lambda runs: runs.filtered(lambda run: run.lead_id.won_status == 'lost')),
            ('archived', lambda runs: runs.filtered(lambda run: not run._get_documents().active)),
            ('called', lambda runs: runs._get_called()),
            ('answered', lambda runs: runs._get_answered()),
        ]

    def _get_called(self):
        """Return those with whose lead or customer a call was held since the start."""
        calls = self.env['crm.call'].search_fetch(
            Domain('state', '=', 'held')
            & Domain('date', '>=', min(self.mapped('date_start')))
            & (
                Domain('lead_id', 'in', self.lead_id.ids)
                | Domain('partner_id', 'in', self._get_customers().ids)
            ),
            ['date', 'lead_id', 'partner_id'],
        )
        return self.filtered(
            lambda run: any(
                call.date >= run.date_start
                and (
                    (call.lead_id and call.lead_id == run.lead_id)
                    or (call.partner_id and call.partner_id == run._get_customer())
                )
                for call in calls
            )
        )

    def _get_answered(self):
        """Return those whose lead or customer wrote to us since the start."""
        messages = self.env['mail.message'].search_fetch(
            Domain('date', '>=', min(self.mapped('date_start')))
            & Domain('message_type', 'in', WRITTEN)
            & Domain('is_internal', '=', False)
            & Domain('subtype_id.internal', '=', False)
            & Domain('author_id', 'not any', [('user_ids.share', '=', False)])
            & (
                Domain('author_id', 'in', self._get_customers().ids)
                | Domain('model', '=', 'crm.lead') & Domain('res_id', 'in', self.lead_id.ids)
                | Domain('model', '=', 'res.partner') & Domain('res_id', 'in', self.partner_id.ids)
            ),
            ['date', 'author_id', 'model', 'res_id'],
        )
        return self.filtered(
            lambda run: any(
                message.date >= run.date_start and run._is_written_by(message)
                for message in messages
            )
        )

    def _is_written_by(self, message):
        document = self._get_documents()
        is_there = (message.model, message.res_id) == (document._name, document.id)
        return is_there or (bool(message.author_id) and message.author_id == self._get_customer())

    # === AT ONCE === #

    @api.model
    def _end_over(self, leads, customers=()):
        """End what is over with leads and customers, whatever its clock says."""
        followed = Domain('lead_id', 'in', leads.ids)
        if customers:
            followed |= Domain('partner_id', 'in', customers.ids)
            followed |= Domain('lead_id.partner_id', 'in', customers.ids)
        self.search(IS_RUNNING & followed)._stop_over()

    @api.model
    def _end_answered(self, message):
        """End what goes on with whoever has just written a message, whatever its clock says."""
        if not _is_from_outside(message):
            return
        answered = Domain.OR(
            Domain(link, 'any', self._get_answered_domain(message, model_name))
            for model_name, link in LINKS.items()
        )
        self.search(IS_RUNNING & answered)._stop('answered')

    @api.model
    def _get_answered_domain(self, message, model_name):
        """Return which lead or customer a message is on, and which are those of who wrote it."""
        author_field = {'crm.lead': 'partner_id', 'res.partner': 'id'}[model_name]
        domains = [Domain('id', '=', message.res_id)] if message.model == model_name else []
        if message.author_id:
            domains.append(Domain(author_field, '=', message.author_id.id))
        email = email_normalize(message.email_from or '', strict=False)
        if email:
            domains.append(Domain('email_normalized', '=', email))
        return Domain.OR(domains)

    def _get_customers(self):
        return self.partner_id | self.lead_id.partner_id


def _is_from_outside(message):
    """Say whether somebody who is none of us wrote it, for us to read."""
    if message.message_type not in WRITTEN or message.is_internal:
        return False
    is_colleague = message.author_id and not message.author_id.partner_share
    return message.subtype_id and not message.subtype_id.internal and not is_colleague
