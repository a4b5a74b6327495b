from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...core.post_names import get_key
from ...core.post_reading import LEFT_OUT

# So many unknown names of strangers a form remembers.
NAMES_PER_FORM = 60
NAME_LENGTH = 100
KEPT_FOR = timedelta(days=90)
VACUUM_LIMIT = 10_000
IN_NOTES = 'notes'


class CrmCaptureField(models.Model):
    """What one field of a website's own form is for us.

    The names that come in and are unknown are remembered, so that a manager sees what may be told.
    """

    _name = 'crm.capture.field'
    _description = 'Website Form Field'
    _inherit = ['crm.linked.mixin', 'crm.program.mixin']
    _parent_link = 'form_id'
    _order = 'form_id, name, id'

    form_id = fields.Many2one(
        comodel_name='crm.capture.form',
        required=True,
        index=True,
        ondelete='cascade',
    )
    name = fields.Char(
        string='Their Field',
        required=True,
        help='What the website calls the field: its name or its label. Capitals, accents, '
        'hyphens and numbers at the end make no difference.',
    )
    key = fields.Char(compute='_compute_key', store=True, index=True)
    target = fields.Selection(
        selection='_get_targets',
        string='Is',
        required=True,
        default=IN_NOTES,
        help='What the lead makes of it: a field, a property, or a line of the notes.',
    )
    date = fields.Date(
        string='Last Came',
        readonly=True,
        copy=False,
        help='When a post last had this field and nothing was told about it.',
    )

    _key_unique = models.Constraint(
        'UNIQUE (form_id, key)',
        'A form says once what a field of the website is.',
    )

    @api.depends('name')
    def _compute_key(self):
        for field in self:
            field.key = get_key(field.name or '')[:NAME_LENGTH]

    @api.constrains('target')
    def _check_target(self):
        """Refuse fields that are not offered, which scripts may name all the same."""
        targets = dict(self._get_targets())
        for field in self:
            if field.target not in targets:
                raise ValidationError(
                    self.env._(
                        '%(field)s cannot be %(target)s: choose one of those offered.',
                        field=field.name,
                        target=field.target,
                    )
                )

    # === WHAT A FIELD MAY BE === #

    @api.model
    def _get_targets(self):
        targets = {
            IN_NOTES: self.env._('A line of the notes'),
            LEFT_OUT: self.env._('Left out'),
            **self._get_targets_of_posts(),
        }
        of_leads = self.env['crm.lead']._get_crm_capture_targets()
        return [*targets.items(), *(one for one in of_leads if one[0] not in targets)]

    @api.model
    def _get_targets_of_posts(self):
        """Return what the website may send by our own names."""
        return {
            'name': self.env._('Title of the lead'),
            'contact_name': self.env._('Name of the person'),
            'first_name': self.env._('First name'),
            'middle_name': self.env._('Middle name'),
            'last_name': self.env._('Last name'),
            'second_last_name': self.env._('Second last name'),
            'email': self.env._('Email'),
            'phone': self.env._('Phone'),
            'company': self.env._('Company'),
            'message': self.env._('Message'),
            'street': self.env._('Street'),
            'city': self.env._('City'),
            'zip': self.env._('ZIP'),
            'website': self.env._('Website'),
            'function': self.env._('Job Position'),
            'lang': self.env._('Language'),
            'page': self.env._('Page'),
            'referrer': self.env._('Came From'),
            'utm_campaign': self.env._('Campaign'),
            'utm_medium': self.env._('Channel'),
            'utm_source': self.env._('Source'),
            'consent': self.env._('Consent'),
        }

    # === WHAT CAME IN === #

    @api.model
    def _remember(self, form, names):
        """Note the names of what went to the notes, in one statement."""
        keys = {get_key(name)[:NAME_LENGTH]: name[:NAME_LENGTH] for name in names}
        keys.pop('', None)
        if not keys or not self._has_room(form, keys):
            return
        today = fields.Date.context_today(self)
        rows = [
            SQL('(%s, %s, %s, %s, %s)', form.id, name, key, IN_NOTES, today)
            for key, name in sorted(keys.items())
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_capture_field (form_id, name, key, target, date)
                        VALUES %s
                   ON CONFLICT (form_id, key)
                 DO UPDATE SET date = EXCLUDED.date
                         WHERE crm_capture_field.date IS DISTINCT FROM EXCLUDED.date""",
                SQL(', ').join(rows),
            )
        )
        self.invalidate_model()

    @api.model
    def _has_room(self, form, keys):
        known = set(form.field_ids.mapped('key'))
        return len(known | keys.keys()) <= NAMES_PER_FORM

    @api.autovacuum
    def _gc_names(self):
        """Forget the names that nobody told anything about and that do not come any more."""
        limit_date = fields.Date.context_today(self) - KEPT_FOR
        names = self.search(
            [('target', '=', IN_NOTES), ('date', '<', limit_date)], limit=VACUUM_LIMIT
        )
        names.unlink()
        return len(names), len(names) == VACUUM_LIMIT


class CrmCaptureForm(models.Model):
    """The map of a form."""

    _inherit = 'crm.capture.form'

    field_ids = fields.One2many(
        comodel_name='crm.capture.field',
        inverse_name='form_id',
        string='Fields of the Website',
        copy=True,
    )

    def _get_field_map(self):
        """What stays in the notes needs no target: it has none."""
        told = {field.key: field.target for field in self.field_ids if field.target != IN_NOTES}
        return {**super()._get_field_map(), **told}

    def _note_names(self, raw_post):
        self.env['crm.capture.field']._remember(self, self._read_post(raw_post).names)
        return super()._note_names(raw_post)
