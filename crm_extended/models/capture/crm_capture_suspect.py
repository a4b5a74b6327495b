import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from ...core import capture
from .crm_capture_reading import Visit

# So much is kept aside, of a form and of one sender.
MOST_OF_FORM = 1000
MOST_OF_SENDER = 50
KEPT_FOR = timedelta(days=90)
VACUUM_LIMIT = 1000


class CrmCaptureSuspect(models.Model):
    """What a website sent that is too much, or too fast: kept aside until somebody decides."""

    _name = 'crm.capture.suspect'
    _description = 'Website Post Kept Aside'
    _inherit = ['crm.program.mixin']
    _order = 'date desc, id desc'

    name = fields.Char(string='From', readonly=True)
    form_id = fields.Many2one(
        comodel_name='crm.capture.form',
        required=True,
        readonly=True,
        index=True,
        ondelete='cascade',
    )
    date = fields.Datetime(required=True, readonly=True, index=True)
    reason = fields.Selection(
        selection=[
            ('rate', 'More than the form takes in an hour'),
            ('sender', 'More than one sender may'),
            ('fast', 'Faster than people type'),
        ],
        required=True,
        readonly=True,
    )
    email = fields.Char(readonly=True, index='btree_not_null')
    phone = fields.Char(readonly=True)
    content = fields.Text(readonly=True, help='What was sent, as it would stand in the lead.')
    raw_post = fields.Text(
        readonly=True,
        groups='base.group_system',
        help='The post as it came, in JSON.',
    )
    address = fields.Char(string='IP Address', readonly=True, groups='base.group_system')
    languages = fields.Char(readonly=True, groups='base.group_system')
    sender = fields.Char(readonly=True, groups='base.group_system')
    digest = fields.Char(
        string='Fingerprint', required=True, readonly=True, groups='base.group_system'
    )

    _digest_unique = models.Constraint(
        'UNIQUE (form_id, digest)',
        'What is sent twice is kept aside once.',
    )

    # === ACTIONS === #

    def action_accept(self):
        """Make of the posts what their forms make, whatever the rate.

        :raise UserError: a form refuses what was sent; then nothing is made of any
        """
        self.check_access('unlink')
        for suspect in self.sudo():
            suspect._accept()
        return True

    def action_discard(self):
        """Throw the posts away."""
        self.unlink()
        return True

    def _accept(self):
        form = self.form_id._find_by_token(self.form_id.token) or self.form_id
        raw_post = json.loads(self.raw_post or '{}')  # empty where a person is forgotten
        visit = self._get_visit()
        post = form._clean_visit(raw_post, visit)
        reference, is_new = self.env['crm.capture.post']._remember(form, post)
        if is_new:
            form._create_whole(raw_post, post, visit, reference)
        self.unlink()

    def _get_visit(self):
        kept = [('res_model', '=', self._name), ('res_id', '=', self.id)]
        files = self.env['ir.attachment'].search(kept, order='id')
        return Visit(
            files=tuple((file.name, file.raw) for file in files),
            address=self.address or '',
            languages=self.languages or '',
            moment=self.date,
        )

    # === KEEPING === #

    @api.model
    def _keep(self, form, reason, raw_post, post, visit):
        """Keep a post aside and tell it who looks after the form, once until all are decided.

        :return: whether it is kept: so many of a form and of one sender are
        """
        digest, sender = capture.get_digest(post), form._get_sender_key(visit)
        is_known, count, of_sender = self._get_numbers(form, digest, sender)
        if is_known or count >= MOST_OF_FORM or of_sender >= MOST_OF_SENDER:
            return is_known
        suspect = self.create(
            {
                **self._prepare_values(post),
                'form_id': form.id,
                'date': fields.Datetime.now(),
                'reason': reason,
                'raw_post': json.dumps(raw_post),
                'address': visit.address,
                'languages': visit.languages,
                'sender': sender,
                'digest': digest,
            }
        )
        files, _left = form._split_files(visit)
        form._attach_files(suspect, files)
        if not count:
            form._tell_suspicion()
        return True

    @api.model
    def _prepare_values(self, post):
        said = [post['name'], post['subject'], capture.get_message(post)]
        return {
            'name': capture.get_sender(post),
            'email': email_normalize(post['email']) or post['email'],
            'phone': post['phone'],
            'content': '\n\n'.join(filter(None, said)),
        }

    @api.model
    def _get_numbers(self, form, digest, sender):
        """Return whether a post is kept already, and how many are: of the form, of the sender."""
        query = SQL(
            """SELECT COALESCE(BOOL_OR(digest = %(digest)s), FALSE),
                      COUNT(*),
                      COUNT(*) FILTER (WHERE sender = %(sender)s)
                 FROM crm_capture_suspect
                WHERE form_id = %(form)s""",
            digest=digest,
            sender=sender,
            form=form.id,
        )
        self.flush_model()
        return self.env.execute_query(query)[0]

    @api.model
    def _forget(self, form, post):
        """Forget what was kept aside and came again when there was room."""
        digest = capture.get_digest(post)
        self.search([('form_id', '=', form.id), ('digest', '=', digest)]).unlink()

    @api.autovacuum
    def _gc_suspects(self):
        """Forget what nobody looked at for a season."""
        limit_date = fields.Datetime.now() - KEPT_FOR
        suspects = self.search([('date', '<', limit_date)], limit=VACUUM_LIMIT)
        suspects.unlink()
        return len(suspects), len(suspects) == VACUUM_LIMIT

    def unlink(self):
        """Their files go with them: Odoo's own rule asks for the rights on each."""
        # sudo: who may throw a post away throws its files away
        self.sudo().env['ir.attachment'].search(
            [('res_model', '=', self._name), ('res_id', 'in', self.ids)]
        ).unlink()
        return super().unlink()


class CrmCaptureForm(models.Model):
    """Who is told of what a form keeps aside."""

    _inherit = 'crm.capture.form'

    suspect_ids = fields.One2many(
        comodel_name='crm.capture.suspect',
        inverse_name='form_id',
        string='Kept Aside',
    )
    suspect_count = fields.Integer(string='Number Kept Aside', compute='_compute_suspect_count')

    @api.depends('suspect_ids')
    def _compute_suspect_count(self):
        kept = [('form_id', 'in', self.ids)]
        counts = dict(self.env['crm.capture.suspect']._read_group(kept, ['form_id'], ['__count']))
        for form in self:
            form.suspect_count = counts.get(form._origin, 0)

    def action_view_suspects(self):
        """Open the posts that the button counts."""
        return self._get_crm_list_action(
            'crm_extended.crm_capture_suspect_action', [('form_id', 'in', self.ids)], {}
        )

    def _get_responsible(self):
        """Return the user who looks after the form; override for forms of other teams."""
        return self.team_id.user_id or self.user_id or self.create_uid

    def _tell_suspicion(self):
        """Tell who looks after the form that something waits to be looked at."""
        user = self._get_responsible()
        form = self.with_context(lang=user.lang or self.env.lang)
        form.env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids,
            subject=form.env._('%(form)s: posts are kept aside', form=form.name),
            body=form.env._(
                'More came than the form takes, or faster than people type. Nothing is lost: '
                'look at what is kept aside, make leads of it or throw it away.'
            ),
            author_id=self.company_id.partner_id.id,
            model=form._name,
            res_id=form.id,
        )
