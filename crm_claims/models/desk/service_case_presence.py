from __future__ import annotations

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import html2plaintext

# What the page of a case tells the other pages of it. The first says good day and is answered.
STATES = ('came', 'looking', 'writing', 'gone')
NOTIFICATION = 'crm_claims.presence'
SUBCHANNEL = 'presence'


class ServiceCaseMixin(models.AbstractModel):
    """Who else has the same case open, looks at it or writes. Odoo's bus carries it to those who
    may read the case; nothing of it is stored here."""

    _inherit = 'service.case.mixin'

    def action_tell_presence(self, state):
        """Tell the others who have the case open that the user came, looks, writes or is gone.

        Refused with an AccessError for who may not read the case and for customers.

        :param str state: one of `STATES`
        """
        self.ensure_one()
        self.check_access('read')
        self._check_present_user()
        if state not in STATES:
            raise UserError(self.env._('Nobody can be this on a case: %(state)s', state=state))
        self.env['bus.bus']._sendone(
            (self, SUBCHANNEL), NOTIFICATION, self._prepare_presence(state)
        )
        return True

    def action_find_crossing(self, seen_message_id):
        """Return what others wrote to or for the customer after a message, the newest first.

        :param int seen_message_id: the last message that the user has seen
        :return: [{'author': name, 'text': how it begins}]
        """
        self.ensure_one()
        self.check_access('read')
        return [
            {
                'author': message.author_id.name or message.email_from,
                'text': html2plaintext(message.body)[:300],
            }
            for message in self._search_crossing(seen_message_id)
        ]

    def _check_present_user(self):
        if not self.env.user._is_internal():
            raise AccessError(self.env._('Only colleagues are told of each other.'))

    def _prepare_presence(self, state):
        return {
            'model': self._name,
            'id': self.id,
            'user_id': self.env.uid,
            'name': self.env.user.name,
            'state': state,
        }
