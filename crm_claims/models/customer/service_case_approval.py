from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...core.mails import ANSWERED_BY_NOBODY


class ServiceCaseMixin(models.AbstractModel):
    """Asking somebody for approval: an activity of his, which is done when he approves."""

    _inherit = 'service.case.mixin'

    is_approval_waiting = fields.Boolean(
        string='Waiting for Approval',
        compute='_compute_is_approval_waiting',
        search='_search_is_approval_waiting',
    )
    can_approve = fields.Boolean(
        compute='_compute_can_approve',
        help='Whether the current user is asked to approve.',
    )

    # === COMPUTE METHODS === #

    @api.depends('activity_ids.activity_type_id', 'activity_ids.active')
    def _compute_is_approval_waiting(self):
        for case in self:
            case.is_approval_waiting = bool(case._get_approval_requests())

    @api.model
    def _search_is_approval_waiting(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain(
            'activity_ids', 'any', [('activity_type_id', '=', self._get_approval_type().id)]
        )

    @api.depends('activity_ids.activity_type_id', 'activity_ids.active', 'activity_ids.user_id')
    @api.depends_context('uid')
    def _compute_can_approve(self):
        for case in self:
            case.can_approve = self.env.user in case._get_approval_requests().user_id

    # === ACTIONS === #

    def action_approve(self, note=None):
        """Approve what one is asked to.

        :param str note: plain text for the chatter
        :raise UserError: nobody asks the user
        """
        for case in self:
            case._get_own_requests()._action_done(feedback=note or self.env._('Approved'))
        return True

    def action_refuse_approval(self, reason):
        """Refuse what one is asked to approve, noting the reason in the chatter.

        :param str reason: plain text
        :raise UserError: nobody asks the user
        """
        for case in self:
            requests = case._get_own_requests()
            words = self.env._('Not approved: %(reason)s', reason=reason)
            case._message_log(body=words)
            case._tell_asker(requests.create_uid.partner_id, words)
            # sudo: who is asked may end the request, whoever made it
            requests.sudo().unlink()
        return True

    # === BUSINESS METHODS === #

    @api.model
    def _get_approval_type(self):
        approval = self.env.ref(
            f'crm_claims.mail_activity_type_{self._table}_approval', raise_if_not_found=False
        )
        return approval or self.env['mail.activity.type']

    def _get_approval_requests(self):
        """Return the activities with which approval is asked for and not given yet."""
        approval = self._get_approval_type()
        # sudo: that a case waits is for everybody to see who sees the case
        return self.sudo().activity_ids.filtered(
            lambda found: found.active and found.activity_type_id in approval
        )

    def _get_own_requests(self):
        requests = self._get_approval_requests().filtered(
            lambda request: request.user_id == self.env.user
        )
        if not requests:
            raise UserError(
                self.env._('Nobody asks you to approve %(case)s.', case=self.display_name)
            )
        return requests.sudo(False)

    def _get_approvers(self):
        """Return the users who may approve: the leader of the team and managers."""
        self.ensure_one()
        manager = self.env.ref('crm_claims.crm_claims_group_manager')
        managers = self.env['res.users'].search(
            [
                ('all_group_ids', 'in', manager.ids),
                ('share', '=', False),
                ('company_ids', 'in', self.company_id.ids),
            ]
        )
        return self.team_id.leader_id | managers

    def _ask_approval(self, approver, what_for: str):
        """Ask a user for approval; what may not be asked the activity refuses."""
        self.check_access('write')
        approval = self._get_approval_type()
        self.activity_schedule(
            activity_type_id=approval.id,
            user_id=approver.id,
            note=plaintext2html(what_for),
        )

    def _tell_asker(self, partner, words: str):
        self.message_notify(
            partner_ids=partner.ids,
            subject=self.display_name,
            body=words,
            author_id=self.env.user.partner_id.id,
            email_from=self._get_email_sender(),
            mail_headers=ANSWERED_BY_NOBODY,
        )

    def _on_approved(self):
        """Act on an approval that was given; override to note what it was given for."""
