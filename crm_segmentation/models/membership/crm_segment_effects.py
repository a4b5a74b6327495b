from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_extended.models.shared.crm_batch_mixin import LATER

DIRECTIONS = ('enter', 'leave')
EFFECTS_AT_ONCE = 500


class CrmSegment(models.Model):
    """What segments do to the contacts that enter or leave.

    The change of the set marks its memberships as pending; a scheduled action works the marks
    off in committed batches. A mark goes in the transaction of its effect, so each effect
    happens once, whenever the work is interrupted.
    """

    _inherit = 'crm.segment'

    enter_user_id = fields.Many2one(
        'res.users',
        string='Salesperson on Entering',
        domain=[('share', '=', False)],
        help='Becomes the salesperson of the contacts that enter. One that somebody chose by hand '
        'stays; of several segments the first in the list decides.',
    )
    leave_user_id = fields.Many2one(
        'res.users',
        string='Salesperson on Leaving',
        domain=[('share', '=', False)],
        help='Becomes the salesperson of the contacts that leave. One that somebody chose by hand '
        'stays.',
    )
    enter_action_id = fields.Many2one(
        'ir.actions.server',
        string='Action on Entering',
        ondelete='restrict',
        copy=False,
        groups='base.group_system',
        domain=[('model_id.model', '=', 'res.partner')],
        help='Runs on the contacts that enter, some hundred at a time.',
    )
    leave_action_id = fields.Many2one(
        'ir.actions.server',
        string='Action on Leaving',
        ondelete='restrict',
        copy=False,
        groups='base.group_system',
        domain=[('model_id.model', '=', 'res.partner')],
        help='Runs on the contacts that leave, some hundred at a time.',
    )
    effect_error = fields.Text(
        string='Effects Failed',
        readonly=True,
        copy=False,
        help='Why contacts still wait for what happens on entering or leaving. They are tried '
        'again every day.',
    )

    # === CONSTRAINTS === #

    @api.constrains('author_id', 'enter_user_id', 'leave_user_id')
    def _check_may_change_contacts(self):
        """Let nobody change contacts by a segment who may not change them otherwise."""
        for segment in self.filtered(lambda one: one.enter_user_id or one.leave_user_id):
            partners = self.env['res.partner']
            users = segment.author_id | self.env.user
            if not all(partners.with_user(user).has_access('write') for user in users):
                raise AccessError(
                    self.env._(
                        'The segment "%(segment)s" gives contacts a salesperson, so only who may '
                        'change contacts may define it.',
                        segment=segment.name,
                    )
                )

    # === EFFECTS === #

    def _get_effect_fields(self, direction):
        """Return the fields that ask for an effect; extended by who adds kinds of effects."""
        return [f'{direction}_user_id', f'{direction}_action_id']

    def _has_effects(self, direction):
        self.ensure_one()
        return any(self.sudo()[name] for name in self._get_effect_fields(direction))

    def _apply_effects(self, direction, memberships):
        """Do to contacts what the segment asks for; extended by who adds kinds of effects."""
        partners = memberships.partner_id
        if salesperson := self[f'{direction}_user_id']:
            # One mail for each of a thousand contacts tells the salesperson nothing.
            self._filter_unassigned(partners).with_context(
                mail_auto_subscribe_no_notify=True
            ).write({'user_id': salesperson.id})
        if action := self[f'{direction}_action_id']:
            action.with_context(
                active_model=partners._name, active_ids=partners.ids, active_id=partners[:1].id
            ).run()

    def _filter_unassigned(self, partners):
        """Return the contacts whose salesperson this segment decides.

        None was chosen by hand, that is another one than segments give, and they are in no
        earlier segment that gives one.
        """
        givers = self.with_context(active_test=False).search(
            Domain('enter_user_id', '!=', False) | Domain('leave_user_id', '!=', False)
        )
        given = givers.enter_user_id | givers.leave_user_id
        earlier = givers.filtered(
            lambda giver: (
                giver.enter_user_id
                and giver.active
                and (giver.sequence, giver.id) < (self.sequence, self.id)
            )
        )
        held = self.env['crm.segment.membership'].search(
            Domain('segment_id', 'in', earlier.ids)
            & Domain('date_out', '=', False)
            & Domain('partner_id', 'in', partners.ids)
        )
        open_ones = partners.filtered(lambda one: not one.user_id or one.user_id in given)
        return open_ones - held.partner_id

    # === WORKING THEM OFF === #

    def action_run_effects(self):
        """Try again what failed on entering or leaving."""
        self.check_access('write')
        self._trigger_effects()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._('The contacts that wait are tried again now.'),
            },
        }

    def action_enter_members(self):
        """Do to the members of today as well what happens to contacts that enter.

        :raise UserError: if nothing happens on entering, or there are no members
        """
        self.ensure_one()
        self.check_access('write')
        count = self._has_effects('enter') and self._mark_members_as_entering()
        if not count:
            raise UserError(
                self.env._(
                    'There is nothing to do: the segment has no members, or nothing is chosen '
                    'that happens on entering.'
                )
            )
        self._trigger_effects()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._('Members that follow in a moment: %(count)s.', count=count),
            },
        }

    def _mark_members_as_entering(self):
        """Let the members wait for what happens on entering; return how many there are."""
        # sudo: memberships are written by the program alone
        memberships = self.env['crm.segment.membership'].sudo()
        memberships.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
            WITH marked AS (
                UPDATE crm_segment_membership SET enter_pending = TRUE
                 WHERE segment_id = %s AND date_out IS NULL RETURNING 1
            )
            SELECT count(*) FROM marked
                """,
                self.id,
            )
        )
        memberships.invalidate_model(['enter_pending'])
        return rows[0][0]

    def _trigger_effects(self):
        self.env.ref('crm_segmentation.ir_cron_segment_effects').sudo()._trigger()

    @api.model
    def _cron_run_effects(self):
        """Work off what is pending, in committed batches."""
        pending = Domain('enter_pending', '=', True) | Domain('leave_pending', '=', True)
        memberships = self.env['crm.segment.membership']
        counts = memberships._read_group(pending, ['segment_id'], ['__count'])
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=sum(count for _segment, count in counts))
        for segment, _count in counts:
            try:
                if not segment._run_pending_effects():
                    break
            except LATER:
                # Somebody else works on the same contacts: what is left waits for the next call.
                self.env.cr.rollback()

    def _run_pending_effects(self):
        """Work off one segment, in rounds: what happened to a contact later has to wait.

        :return: whether there is time left
        """
        is_progress = True
        while is_progress:
            is_progress, time_left = self._run_effects_round()
            if not time_left:
                return False
        return True

    def _run_effects_round(self):
        """Work off the first pending membership of each contact, its entry before its exit.

        :return: whether another round has something to do, whether there is time left
        """
        failures, done, has_later = [], 0, False
        for direction in DIRECTIONS:
            last_id = 0
            while batch := self._get_pending_memberships(direction, last_id):
                last_id = batch[-1].id
                first = batch._filter_first_pending()
                reasons = self._run_effects(direction, first)
                failures += reasons
                done += len(first) - len(reasons)
                has_later |= first != batch
                self._record_failures(failures)
                if not self.env['ir.cron']._commit_progress(len(first)):
                    return False, False
        self._record_failures(failures)
        return bool(has_later and done), True

    def _get_pending_memberships(self, direction, last_id):
        """Return the next locked memberships; who still waits to enter does not leave yet."""
        domain = (
            Domain('segment_id', '=', self.id)
            & Domain(f'{direction}_pending', '=', True)
            & Domain('id', '>', last_id)
        )
        if direction == 'leave':
            domain &= Domain('enter_pending', '=', False)
        memberships = self.env['crm.segment.membership']
        return memberships.search(domain, order='id', limit=EFFECTS_AT_ONCE).try_lock_for_update()

    def _run_effects(self, direction, memberships):
        """Apply the effects and take the marks away, or neither where it fails.

        :return: list of reasons, one for each contact that still waits
        """
        reasons = []

        def apply(some):
            self._apply_effects(direction, some)
            some[f'{direction}_pending'] = False

        def give_up(_membership, error):
            reasons.append(str(error) or type(error).__name__)

        if memberships:
            self._run_within(memberships, apply, give_up)
        return reasons

    def _record_failures(self, reasons):
        self.sudo().effect_error = (
            self.env._(
                'Contacts that wait: %(count)s. %(reason)s', count=len(reasons), reason=reasons[-1]
            )
            if reasons
            else False
        )
