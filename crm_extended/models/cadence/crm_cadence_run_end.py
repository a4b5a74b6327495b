from odoo import fields, models
from odoo.fields import Domain

from .crm_cadence_run import IS_RUNNING

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

    def _get_customers(self):
        return self.partner_id | self.lead_id.partner_id
