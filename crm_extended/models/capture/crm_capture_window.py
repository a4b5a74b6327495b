from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.capture import get_window_start

# What is counted, and over which time.
WINDOWS = {
    'post': timedelta(hours=1),
    'sender': timedelta(hours=1),
    'name': timedelta(days=1),
    'mail': timedelta(days=1),
}
KEPT_FOR = timedelta(days=2)
VACUUM_LIMIT = 10_000


class CrmCaptureWindow(models.Model):
    """How much a website form took in one hour (posts) or one day (new campaign names, mails)."""

    _name = 'crm.capture.window'
    _description = 'Website Form Counter'
    _order = 'date_start desc, id desc'
    _rec_name = 'date_start'

    form_id = fields.Many2one(
        comodel_name='crm.capture.form',
        required=True,
        readonly=True,
        ondelete='cascade',
    )
    kind = fields.Selection(
        selection=[
            ('post', 'Posts per Hour'),
            ('sender', 'Posts of One Sender per Hour'),
            ('name', 'New Names per Day'),
            ('mail', 'Mails to One Address per Day'),
        ],
        required=True,
        readonly=True,
    )
    sender = fields.Char(
        required=True,
        readonly=True,
        default='',
        help='Whose posts or mails are counted, as a fingerprint; empty where it is everybody.',
    )
    date_start = fields.Datetime(string='From', required=True, readonly=True)
    hits = fields.Integer(string='Number', required=True, readonly=True)

    _window_unique = models.Constraint(
        'UNIQUE (form_id, kind, sender, date_start)',
        'A form has one counter for each window and sender.',
    )
    _date_start_idx = models.Index('(date_start)')

    @api.model
    @contextmanager
    def _counted(self, form, kind, limit, sender=''):
        """Count what happens in the block, unless the window of the form is full.

        What fails does not count: the server tries again after a conflict with another post.

        :param sender: who has a window of his own
        :return: whether there was room
        """
        start = get_window_start(fields.Datetime.now(), WINDOWS[kind])
        window = {'form': form.id, 'kind': kind, 'start': start, 'sender': sender}
        has_room = self._execute_alone(self._get_take_query(limit=limit, **window))
        try:
            yield has_room
        except Exception:
            if has_room:
                self._execute_alone(self._get_give_back_query(**window))
            raise

    @api.model
    def _execute_alone(self, query):
        """Execute one statement on the counters and tell whether it changed a row.

        The numbers are exact whoever counts at the same time: the statement has a short
        transaction of its own, which locks before it looks. The table lock is what makes that
        work under repeatable reads, because it comes before the snapshot.
        """
        with self.env.registry.cursor() as cr:
            cr.execute(SQL('LOCK TABLE crm_capture_window IN SHARE ROW EXCLUSIVE MODE'))
            cr.execute(query)
            return bool(cr.rowcount)

    @api.model
    def _get_take_query(self, **values):
        return SQL(
            """INSERT INTO crm_capture_window (form_id, kind, sender, date_start, hits)
                    SELECT %(form)s, %(kind)s, %(sender)s, %(start)s, 1 WHERE %(limit)s > 0
               ON CONFLICT (form_id, kind, sender, date_start)
             DO UPDATE SET hits = crm_capture_window.hits + 1
                     WHERE crm_capture_window.hits < %(limit)s""",
            **values,
        )

    @api.model
    def _get_give_back_query(self, **values):
        return SQL(
            """UPDATE crm_capture_window SET hits = hits - 1
                WHERE form_id = %(form)s AND kind = %(kind)s AND sender = %(sender)s
                  AND date_start = %(start)s""",
            **values,
        )

    @api.autovacuum
    def _gc_windows(self):
        """Forget the windows that nobody counts in any more."""
        limit_date = fields.Datetime.now() - KEPT_FOR
        windows = self.search([('date_start', '<', limit_date)], limit=VACUUM_LIMIT)
        windows.unlink()
        return len(windows), len(windows) == VACUUM_LIMIT
