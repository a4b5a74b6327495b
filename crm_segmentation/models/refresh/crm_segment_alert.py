from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ...core.alert import get_move, has_moved

ALERT_ACTIVITY = 'mail.mail_activity_data_todo'
# A size is compared with that of a week ago.
WEEK = timedelta(days=7)


class CrmSegment(models.Model):
    """Tells the owner of a segment once when its size moves much.

    What was told is the size to compare with for a week, so that a move is told once and the next
    one again.
    """

    _inherit = 'crm.segment'

    alert_percent = fields.Float(
        string='Tell of Moves Over',
        help='The owner gets an activity when the number of members moves by more than so many '
        'percent against a week ago, once for each move. 0 for never.',
    )
    alert_size = fields.Integer(
        string='Size Told Of',
        readonly=True,
        copy=False,
        aggregator=False,
        help='Number of members that the owner was told of last.',
    )
    alert_date = fields.Date(
        string='Told On', readonly=True, copy=False, help='When the owner was told of a move last.'
    )

    _alert_percent_positive = models.Constraint(
        'CHECK (alert_percent >= 0)',
        'The percentage of a move that is told is positive. For no alert, set it to 0.',
    )

    def _record_run(self, duration, mark):
        result = super()._record_run(duration, mark)
        if self.alert_percent:
            self._alert()
        return result

    def _alert(self):
        before, now = self._get_size_before(), self.member_count
        if before is None or not has_moved(before, now, self.alert_percent):
            return
        # sudo: whoever applies a segment does not write what the program noted
        self.sudo().write({'alert_size': now, 'alert_date': fields.Date.today()})
        owner = self.user_id
        if owner.active and self.with_user(owner).has_access('read'):
            texts = self.with_context(lang=owner.lang).env
            self.activity_schedule(
                ALERT_ACTIVITY,
                user_id=owner.id,
                summary=texts._('Segment moved by %(move)s', move=get_move(before, now)),
                note=texts._(
                    'It had %(before)s members and has %(now)s now.', before=before, now=now
                ),
            )

    def _get_size_before(self):
        """Return the size to compare with, None if there is none.

        That is what was told within the last week, else the size of a week ago, else the first.
        """
        begin = fields.Date.today() - WEEK
        if self.alert_date and self.alert_date > begin:
            return self.alert_size
        sizes = self.env['crm.segment.size'].sudo()
        own = Domain('segment_id', '=', self.id)
        size = sizes.search(own & Domain('date', '<=', begin), order='date desc', limit=1)
        earlier = own & Domain('date', '<', fields.Date.today())
        size = size or sizes.search(earlier, order='date', limit=1)
        return size.member_count if size else None
