from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.mail_senders import PROVIDERS, get_domain


class ServiceCaseMixin(models.AbstractModel):
    """A case that turns out to be spam is archived as such, and its sender blocked if wanted."""

    _inherit = 'service.case.mixin'

    is_spam = fields.Boolean(
        string='Spam',
        compute='_compute_is_spam',
        store=True,
        precompute=True,
        copy=False,
        help='Somebody marked it as spam. It is archived, and answers do not bring it back.',
    )
    is_sender_blocked = fields.Boolean(
        compute='_compute_is_sender_blocked',
        help='Mails of its sender are set aside.',
    )

    @api.depends('active')
    def _compute_is_spam(self):
        """What is taken up again was no spam."""
        for case in self:
            case.is_spam = case.is_spam and not case.active

    @api.depends('email_normalized')
    def _compute_is_sender_blocked(self):
        blocked = self.env['service.mail.block']._find_blocked(self.mapped('email_normalized'))
        for case in self:
            case.is_sender_blocked = case.email_normalized in blocked

    # === ACTIONS === #

    def action_mark_spam(self):
        """Archive the cases as spam. Nobody is told; *Not Spam* takes it back.

        What was merged is left as it is.
        """
        self.check_access('write')
        cases = self.filtered(lambda case: not case.merged_into_id)
        cases.active = False
        # sudo: the mark is set by this alone
        cases.sudo().is_spam = True
        cases._message_log_batch(
            bodies=dict.fromkeys(cases.ids, self.env._('Marked as spam and archived.'))
        )
        return True

    def action_unmark_spam(self):
        """Take cases up again that were no spam; their senders stay blocked until unblocked."""
        self.check_access('write')
        self.with_context(active_test=False).filtered('is_spam').active = True
        return True

    def action_block_sender(self):
        """Set aside whatever the senders of the cases write from now on."""
        self.check_access('write')
        return self._block(self.filtered('email_normalized').mapped('email_normalized'))

    def action_block_domain(self):
        """Set aside whatever comes from the domains of the senders.

        Refused with a UserError for those of mail providers, who are everybody's.
        """
        self.check_access('write')
        domains = {get_domain(case.email_normalized) for case in self if case.email_normalized}
        everybodys = domains & PROVIDERS
        if everybodys:
            raise UserError(
                self.env._(
                    'Everybody may write from %(domains)s. Block the address only.',
                    domains=sorted(everybodys),
                )
            )
        return self._block(domains)

    def action_unblock_sender(self):
        """Let the senders of the cases write again.

        Refused with a UserError for what somebody else blocked, unless to managers.
        """
        self.check_access('write')
        self.env['service.mail.block']._unblock(self.mapped('email_normalized'))
        return True

    def _block(self, names):
        # sudo: agents block whom they get mail from; the list is the managers'
        self.env['service.mail.block'].sudo()._block(names)
        self.invalidate_recordset(['is_sender_blocked'])
        return True

    # === ANSWERS OF THE CUSTOMER === #

    def _apply_customer_reply(self):
        """Spam stays where it is, whatever its sender adds."""
        return None if self.sudo().is_spam else super()._apply_customer_reply()
