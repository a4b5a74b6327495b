import time

from psycopg2.errors import ForeignKeyViolation, SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain

from ...core.order import get_units
from ...core.rhythm import get_next, get_remainders
from ..segment.reasons import say_reason

# What runs write: everything else is an edit, after which a parked segment is tried again.
RUN_FIELDS = {
    'alert_date',
    'alert_size',
    'effect_error',
    'is_changed',
    'last_duration',
    'last_error',
    'last_run',
    'next_refresh',
    'refresh_mark',
    'remaining_count',
}
FAILURE_ACTIVITY = 'mail.mail_activity_data_warning'
# Number of contacts that a scheduled run changes in one transaction: some seconds of work.
SLICE_SIZE = 100_000


class CrmSegment(models.Model):
    """Applies segments, by hand or at their own rhythm, and parks what cannot be refreshed.

    The difference between the contacts of a segment and its members is worked off: by hand in one
    transaction. A scheduled run commits after every slice of a large difference: each slice is
    complete in itself, and the next run makes up for what an interrupted one left.
    """

    _name = 'crm.segment'
    _inherit = ['mail.thread', 'mail.activity.mixin', 'crm.segment']

    user_id = fields.Many2one(
        'res.users',
        string='Owner',
        default=lambda self: self.env.user,
        domain=[('share', '=', False)],
        help='Gets an activity when the segment cannot be refreshed.',
    )
    refresh_interval_number = fields.Integer(
        string='Refresh Every', default=1, help='In hours, days, weeks or months.'
    )
    refresh_interval_unit = fields.Selection(
        [('hours', 'Hours'), ('days', 'Days'), ('weeks', 'Weeks'), ('months', 'Months')],
        default='days',
        help='Without a unit the segment is never refreshed by itself.',
    )
    next_refresh = fields.Datetime(
        copy=False,
        help='When the segment is refreshed by itself, within the hour. Empty until somebody '
        'applied it for the first time.',
    )
    state = fields.Selection(
        [('draft', 'Draft'), ('active', 'Active')],
        compute='_compute_state',
        store=True,
        help='A draft has no members and waits until somebody applies it, or for its next refresh '
        'where somebody set one.',
    )
    unapplied_parents = fields.Char(
        compute='_compute_unapplied_parents',
        help='Segments of the criteria that nobody applied yet, so that they have no members.',
    )
    last_run = fields.Datetime(string='Last Applied', readonly=True, copy=False)
    last_duration = fields.Float(
        string='Duration',
        readonly=True,
        copy=False,
        aggregator=False,
        help='Seconds that the last run took.',
    )
    last_error = fields.Text(
        string='Refresh Failed',
        readonly=True,
        copy=False,
        help='Why the segment could not be refreshed. It is tried again when it is changed or '
        'applied by hand.',
    )
    remaining_count = fields.Integer(
        string='Still to Change',
        readonly=True,
        copy=False,
        aggregator=False,
        help='Contacts that the run under way, or an interrupted one, has still to change.',
    )
    size_ids = fields.One2many('crm.segment.size', 'segment_id', string='History of Size')

    _refresh_interval_positive = models.Constraint(
        'CHECK (refresh_interval_number > 0)',
        'The number of hours, days, weeks or months between two refreshes must be positive. '
        'For no refresh, empty the unit.',
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() - RUN_FIELDS:
            (self | self.group_id.segment_ids).filtered('last_error')._unpark()
        return result

    @api.depends('last_run')
    def _compute_state(self):
        for segment in self:
            segment.state = 'active' if segment.last_run else 'draft'

    @api.depends('parent_ids.last_run', 'not_parent_ids.last_run')
    def _compute_unapplied_parents(self):
        for segment in self:
            used = segment.sudo().parent_ids | segment.sudo().not_parent_ids
            names = used.filtered(lambda one: not one.last_run).mapped('name')
            segment.unapplied_parents = ', '.join(names)

    # === RUNS === #

    def action_apply(self):
        """Bring members and tags of the segments to what the criteria say now."""
        self.check_access('write')
        self._check_measured_models()
        changes = self._apply().values()
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._(
                    '%(entered)s contacts entered, %(left)s left.',
                    entered=sum(change['enter'] for change in changes),
                    left=sum(change['leave'] for change in changes),
                ),
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def _apply(self):
        """Apply each segment, and the rest of its exclusive group, as a difference of two sets.

        :return: {segment id: {'enter', 'leave': number of contacts}}
        """
        segments = self._sorted_to_apply()
        segments._lock_to_apply()
        return {segment.id: segment._apply_changes() for segment in segments.sudo()}

    def _lock_to_apply(self):
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._(
                    'Somebody else is applying %(segments)s at this moment. Try again in a moment.',
                    segments=self.mapped('display_name'),
                )
            ) from error

    def _apply_changes(self, incremental=False, batch=None):
        """Bring members and tags of one segment to what the criteria say now.

        :param incremental: look only at contacts that changed, where that is enough
        :param batch: commit whenever so many contacts are changed; None for never
        :return: {'enter', 'leave': number of contacts} since the last commit, None if the run
            was interrupted
        """
        self.ensure_one()
        start = time.monotonic()
        mark = self._get_refresh_mark() if incremental else False
        suspects = self._load_suspects(mark) if incremental else None
        query = self._get_target_query(suspects, self._get_applied_barred_domain())
        try:
            self.env['crm.segment.membership'].sudo()._load_difference(self, query, suspects)
            change = self._work_off_difference(batch)
        except ForeignKeyViolation as error:
            # A contact was deleted or merged meanwhile. As after any collision of two
            # transactions the caller tries again.
            raise SerializationFailure(str(error)) from error
        if change:
            self._record_change(change)
            self._record_run(time.monotonic() - start, mark)
        return change

    def _work_off_difference(self, batch):
        """Change the members slice by slice, and commit before and between several slices.

        :return: {'enter', 'leave': number of contacts} of the last slice, None if interrupted
        """
        memberships = self.env['crm.segment.membership'].sudo()
        count = memberships._count_difference()
        change, last_id = {'enter': 0, 'leave': 0}, 0
        remainders = get_remainders(count, batch)
        if len(remainders) > 1 and not self._commit_slice(change, count):
            return None
        for remaining in remainders:
            contacts, last_id = memberships._get_slice(last_id, batch or count)
            change = memberships._apply_slice(self, contacts)
            if remaining and not self._commit_slice(change, remaining):
                return None
        memberships._drop_difference()
        return change

    def _record_change(self, change):
        """Note the change of a slice, and have done what it asks for."""
        self.env['crm.segment.size'].sudo()._record(self, change)
        if self._has_effects('enter') or self._has_effects('leave'):
            self._trigger_effects()

    def _commit_slice(self, change, remaining):
        """Commit what was done and say whether to go on.

        Whoever applied, holds or deleted the segment in the meantime takes over. Time does not
        count: beginning anew costs more than going on, and what is committed survives a limit.
        """
        self._record_change(change)
        begun = {'next_refresh': self.next_refresh or fields.Datetime.now()}
        self.sudo().write({'refresh_mark': False, 'remaining_count': remaining, **begun})
        last_run = self.last_run
        self.env['ir.cron']._commit_progress()
        self.env.invalidate_all()
        self.env['crm.segment.membership']._tune_statements()
        return bool(self.try_lock_for_update(allow_referencing=True) and self.last_run == last_run)

    def _record_run(self, duration, mark):
        """Note what a run did, and when the next one is due.

        :param duration: in seconds
        :param mark: what the next run has to know
        """
        self.ensure_one()
        if self.last_error:
            self._unpark()
        # sudo: whoever applies a segment does not write what a run notes
        self.sudo().write(
            {
                'last_run': fields.Datetime.now(),
                'last_duration': duration,
                'next_refresh': self._get_next_refresh(),
                'refresh_mark': mark,
                'remaining_count': 0,
            }
        )

    def _get_next_refresh(self):
        return get_next(
            self.next_refresh,
            fields.Datetime.now(),
            self.refresh_interval_unit,
            self.refresh_interval_number,
        )

    # === CRON === #

    @api.model
    def _cron_refresh(self):
        """Apply what is due, each segment or exclusive group in a transaction of its own.

        What an interrupted run did not reach is still due for the next one.
        """
        self.env['crm.segment.size']._fill_gaps()
        units = self.search(self._get_due_domain())._get_refresh_units()
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=len(units))
        for unit in units:
            unit._filter_begun()._refresh()
            if not commit_progress(1):
                break

    @api.model
    def _get_due_domain(self):
        return (
            Domain('next_refresh', '<=', fields.Datetime.now())
            & Domain('refresh_interval_unit', '!=', False)
            & Domain('last_error', '=', False)
        )

    def _filter_begun(self):
        """Leave out what nobody applied yet, also where it is in a group that is due."""
        return self.filtered(lambda segment: segment.last_run or segment.next_refresh)

    def _get_refresh_units(self):
        """Return recordsets in the order of their application; a group is one of them."""
        segments = self._sorted_to_apply().filtered('active')
        groups = {segment.id: segment.group_id.id for segment in segments if segment.group_id}
        return [self.browse(unit) for unit in get_units(segments.ids, groups)]

    def _refresh(self, batch=SLICE_SIZE):
        """Apply one unit; leave alone what somebody else is applying or has deleted.

        :param batch: number of contacts of a segment after which to commit
        """
        reached = self.browse()

        def refresh(unit):
            nonlocal reached
            if unit.try_lock_for_update(allow_referencing=True) == unit:
                for reached in unit:
                    if not reached._apply_changes(incremental=True, batch=batch):
                        break

        def park(unit, error):
            unit.exists()._park(reached, say_reason(self.env, error))

        self._run_whole(refresh, park)

    # === PARKING === #

    def _park(self, failed, reason):
        """Leave a unit out of the refresh until it is changed or applied, and tell the owner."""
        for segment in self:
            segment.sudo().last_error = (
                reason
                if segment == failed
                else self.env._(
                    'Waits for "%(segment)s" of the same exclusive group: %(reason)s',
                    segment=failed.name,
                    reason=reason,
                )
            )
        owner = failed.user_id
        if owner.active and failed.with_user(owner).has_access('read'):
            failed.activity_schedule(
                FAILURE_ACTIVITY,
                user_id=owner.id,
                summary=failed.with_context(lang=owner.lang).env._('Segment cannot be refreshed'),
                note=reason,
            )

    def _unpark(self):
        self.sudo().write({'last_error': False, 'next_refresh': fields.Datetime.now()})
        self.activity_unlink([FAILURE_ACTIVITY])
