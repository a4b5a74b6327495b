import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...core.order import get_units
from ...core.rhythm import get_next
from .crm_segment_run import SLICE_SIZE

_logger = logging.getLogger(__name__)

# What runs write: everything else is an edit, after which a parked segment is tried again.
RUN_FIELDS = {
    'effect_error',
    'last_duration',
    'last_error',
    'last_run',
    'next_refresh',
    'refresh_mark',
    'remaining_count',
}
FAILURE_ACTIVITY = 'mail.mail_activity_data_warning'


class CrmSegment(models.Model):
    """Keeps segments up to date at their own rhythm.

    What cannot be refreshed is parked with its reason and stops nobody else.
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
        default=fields.Datetime.now,
        copy=False,
        help='When the segment is refreshed by itself, within the hour. Empty until it is applied '
        'for the first time if it was made from a template.',
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

    # === RUNS === #

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
        units = self.search(self._get_due_domain())._get_refresh_units()
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=len(units))
        for unit in units:
            unit._refresh()
            if not commit_progress(1):
                break

    @api.model
    def _get_due_domain(self):
        return (
            Domain('next_refresh', '<=', fields.Datetime.now())
            & Domain('refresh_interval_unit', '!=', False)
            & Domain('last_error', '=', False)
        )

    def _get_refresh_units(self):
        """Return recordsets in the order of their application; a group is one of them."""
        segments = self._sorted_to_apply().filtered('active')
        groups = {segment.id: segment.group_id.id for segment in segments if segment.group_id}
        return [self.browse(unit) for unit in get_units(segments.ids, groups)]

    def _refresh(self, batch=SLICE_SIZE):
        """Apply one unit; leave alone what somebody else is applying or has deleted.

        :param batch: number of contacts of a segment after which to commit
        """
        segment = self.browse()
        try:
            if self.try_lock_for_update(allow_referencing=True) == self:
                for segment in self:
                    if not segment._apply_changes(incremental=True, batch=batch):
                        break
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception('Segment %s could not be refreshed', segment.id)
            self.exists()._park(segment, str(error) or type(error).__name__)

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
