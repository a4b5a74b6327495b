import time

from psycopg2.errors import ForeignKeyViolation, SerializationFailure

from odoo import fields, models
from odoo.exceptions import LockError

from ...core.rhythm import get_remainders

# Number of contacts that a scheduled run changes in one transaction: some seconds of work.
SLICE_SIZE = 100_000


class CrmSegment(models.Model):
    """Applies a segment: the difference between its contacts and its members is worked off.

    By hand that is one transaction. A scheduled run commits after every slice of a large
    difference: each slice is complete in itself, and the next run makes up for what an
    interrupted one left.
    """

    _inherit = 'crm.segment'

    remaining_count = fields.Integer(
        string='Still to Change',
        readonly=True,
        copy=False,
        aggregator=False,
        help='Contacts that the run under way, or an interrupted one, has still to change.',
    )

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
        self.sudo().write({'refresh_mark': False, 'remaining_count': remaining})
        last_run = self.last_run
        self.env['ir.cron']._commit_progress()
        self.env.invalidate_all()
        self.env['crm.segment.membership']._tune_statements()
        return bool(self.try_lock_for_update(allow_referencing=True) and self.last_run == last_run)
