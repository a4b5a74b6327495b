from odoo import fields, models
from odoo.fields import Domain

from ...core.answers import get_answered_at


class ServiceCaseMixin(models.AbstractModel):
    """An answer that is no message: what an agent tells the customer on the phone."""

    _inherit = 'service.case.mixin'

    answer_count = fields.Integer(
        help='How many messages agents wrote to the customer, and how often they spoke with the '
        'customer since the case was opened.',
    )

    def _note_spoken_answer(self, spoken_at):
        """Note that an agent spoke with the customer, at that moment or at the end of the case's
        time that is next to it.

        What was said before a case was opened is at most its first answer. What the customer
        wrote afterwards is still to be answered.
        """
        # sudo: who speaks with the customer need not work on the case
        for case_sudo in self.sudo():
            is_later = spoken_at > case_sudo.date_open
            if is_later or not case_sudo.date_first_response:
                case_sudo._answer_by_speaking(spoken_at)

    def _answer_by_speaking(self, spoken_at):
        answered_at = get_answered_at(spoken_at, self.date_open, fields.Datetime.now())
        is_waiting = self.is_customer_waiting
        self.write(self._prepare_answer(answered_at))
        if is_waiting and not self.is_customer_waiting:
            written_at = self._get_written_after(answered_at)
            if written_at:
                self._note_customer_waiting(written_at)

    def _get_written_after(self, moment):
        """Return when the customer first wrote after a moment, or nothing."""
        written = self.message_ids.filtered_domain(
            Domain('date', '>', moment)
            & Domain('message_type', 'in', ('email', 'comment'))
            & Domain('subtype_id.internal', '=', False)
        )
        dates = [message.date for message in written if self._is_from_customer(message)]
        return min(dates, default=None)
