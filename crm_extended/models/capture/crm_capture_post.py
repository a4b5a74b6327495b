import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...core.capture import get_digest

REPEAT_WITHIN = timedelta(minutes=1)
KEPT_FOR = timedelta(days=2)
VACUUM_LIMIT = 10_000


class CrmCapturePost(models.Model):
    """What a website form sent lately, to recognise the second click of a double click."""

    _name = 'crm.capture.post'
    _description = 'Website Form Post'
    _order = 'date desc, id desc'
    _rec_name = 'reference'

    form_id = fields.Many2one(
        comodel_name='crm.capture.form',
        required=True,
        readonly=True,
        ondelete='cascade',
    )
    digest = fields.Char(
        string='Fingerprint',
        required=True,
        readonly=True,
        help='Fingerprint of what was sent; the text is not kept.',
    )
    date = fields.Datetime(required=True, readonly=True, index=True)
    reference = fields.Char(
        required=True,
        readonly=True,
        help='What the sender was told; the lead carries it too.',
    )

    _digest_unique = models.Constraint(
        'UNIQUE (form_id, digest)',
        'A form remembers each content once.',
    )

    @api.model
    def _remember(self, form, post):
        """Remember the post, unless the same one came a moment ago.

        Two at once: the second waits for the first, fails to serialise and is tried again by
        the server, which then finds the first.

        :return: (reference, whether the post is new)
        """
        values = {
            'form': form.id,
            'digest': get_digest(post),
            'now': fields.Datetime.now(),
            'reference': secrets.token_hex(5).upper(),
        }
        values['before'] = values['now'] - REPEAT_WITHIN
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO crm_capture_post (form_id, digest, date, reference)
                    VALUES (%(form)s, %(digest)s, %(now)s, %(reference)s)
               ON CONFLICT (form_id, digest)
             DO UPDATE SET date = EXCLUDED.date, reference = EXCLUDED.reference
                     WHERE crm_capture_post.date < %(before)s
                 RETURNING reference""",
                **values,
            )
        )
        if rows:
            return values['reference'], True
        known = self.search([('form_id', '=', form.id), ('digest', '=', values['digest'])])
        return known.reference, False

    @api.model
    def _replace_reference(self, form, reference, told):
        """Remember that the sender was told something else than the reference of the post."""
        posts = self.search([('form_id', '=', form.id), ('reference', '=', reference)])
        posts.reference = told

    @api.autovacuum
    def _gc_posts(self):
        """Forget the posts that cannot be repeated by accident any more."""
        limit_date = fields.Datetime.now() - KEPT_FOR
        posts = self.search([('date', '<', limit_date)], limit=VACUUM_LIMIT)
        posts.unlink()
        return len(posts), len(posts) == VACUUM_LIMIT
