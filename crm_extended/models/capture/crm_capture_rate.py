import secrets
from contextlib import ExitStack

from odoo import fields, models
from odoo.tools import hmac

from ...core import capture
from .crm_capture_form import RateExceeded


class CrmCaptureForm(models.Model):
    """How much a form takes, and of whom."""

    _inherit = 'crm.capture.form'

    sender_share = fields.Integer(
        string='Share of One Sender (%)',
        required=True,
        default=25,
        help='So much of the posts per hour may come from one address on the net, so that nobody '
        'uses up what all have. Set 100 where a service sends the posts of all visitors.',
    )
    least_seconds = fields.Integer(
        required=True,
        default=2,
        help='What is filled in faster is kept aside: people need longer. 0 for no such check. '
        'The HTML to paste tells how long it took.',
    )

    _sender_share_range = models.Constraint(
        'CHECK (sender_share BETWEEN 1 AND 100)',
        'The share of one sender is 1 to 100 percent.',
    )
    _least_seconds_range = models.Constraint(
        'CHECK (least_seconds BETWEEN 0 AND 60)',
        'A form may ask for 0 to 60 seconds.',
    )

    def _take(self, raw_post, post, visit):
        """Make what the form makes of a post, or keep it aside where it looks suspicious."""
        suspects = self.env['crm.capture.suspect']
        if capture.is_too_fast(post['seconds'], self.least_seconds):
            suspects._keep(self, 'fast', raw_post, post, visit)
            return secrets.token_hex(5).upper()
        try:
            with self.env.cr.savepoint():
                reference, is_new = self.env['crm.capture.post']._remember(self, post)
                if is_new:
                    reference = self._create_within_rate(raw_post, post, visit, reference)
        except RateExceeded as error:
            if suspects._keep(self, error.reason, raw_post, post, visit):
                raise RateExceeded(self._get_kept_message(), error.reason) from error
            raise
        if is_new:
            suspects._forget(self, post)
        return reference

    def _create_within_rate(self, raw_post, post, visit, reference):
        with ExitStack() as stack:
            self._count(stack, visit)
            reference = self._create_whole(raw_post, post, visit, reference)
            self.env.flush_all()
        return reference

    def _count(self, stack, visit):
        """Count a post of its sender and of the form.

        :raise RateExceeded: either has no room; then nothing is counted
        """
        counted, message = self.env['crm.capture.window']._counted, self._get_excess_message()
        if sender := self._get_sender_key(visit):
            share = capture.get_share(self.rate_limit, self.sender_share)
            if not stack.enter_context(counted(self, 'sender', share, sender)):
                raise RateExceeded(message, 'sender')
        if not stack.enter_context(counted(self, 'post', self.rate_limit)):
            raise RateExceeded(message)

    def _get_sender_key(self, visit):
        """Return whose post it is: a fingerprint, since an address is a person's."""
        network = capture.get_network(visit.address) if visit.address else ''
        return network and hmac(self.env(su=True), 'crm_capture_sender', network)

    def _get_excess_message(self):
        return self.env._('Too many requests. Please try again in an hour.')

    def _get_kept_message(self):
        return self.env._(
            'Too many requests. We have got yours, and look at it as soon as we can: '
            'you need not send it again.'
        )
