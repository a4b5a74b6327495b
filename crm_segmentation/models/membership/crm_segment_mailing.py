from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

MAILING_LIST = 'mailing.list'
# Nobody has this group without Email Marketing, so the fields are out of sight without it.
MAILING_USERS = 'mass_mailing.group_mass_mailing_user'


class CrmSegment(models.Model):
    """Subscribes the contacts that enter to a mailing list, and takes them off on leaving.

    The list is referred to by the name of its model and its id, so that segments outlive Email
    Marketing. When that is uninstalled its models go, and the database empties the link to them:
    an id alone means nothing, not even when Email Marketing is installed again.
    """

    _inherit = 'crm.segment'

    mailing_list_id = fields.Many2oneReference(
        model_field='mailing_list_model',
        copy=False,
        groups=MAILING_USERS,
        help='Contacts that enter are subscribed to this list. Who leaves is taken off it again, '
        'if a segment had put them on it. Subscriptions made by hand stay, and who unsubscribed '
        'or is on the blacklist is never subscribed.',
    )
    mailing_model_id = fields.Many2one(
        'ir.model',
        string='Model of the Mailing List',
        compute='_compute_mailing_model_id',
        store=True,
        ondelete='set null',
        groups=MAILING_USERS,
    )
    mailing_list_model = fields.Char(
        string='Name of the Model of the Mailing List',
        related='mailing_model_id.model',
        groups=MAILING_USERS,
    )
    mailing_skipped_count = fields.Integer(
        string='Without E-Mail',
        compute='_compute_mailing_skipped_count',
        help='Members that have no e-mail address and are not subscribed to the mailing list.',
    )

    @api.depends('mailing_list_id')
    def _compute_mailing_model_id(self):
        model = self.env['ir.model'].sudo()._get(MAILING_LIST)
        for segment in self:
            segment.mailing_model_id = model if segment.mailing_list_id else False

    @api.depends('mailing_model_id')
    def _compute_mailing_skipped_count(self):
        filling = self.sudo().filtered('mailing_model_id')
        counts = dict(
            self.env['crm.segment.membership']._read_group(
                Domain('segment_id', 'in', filling.ids)
                & Domain('date_out', '=', False)
                & Domain('partner_id.email_normalized', '=', False),
                ['segment_id'],
                ['__count'],
            )
        )
        for segment in self:
            segment.mailing_skipped_count = counts.get(segment._origin, 0)

    @api.constrains('mailing_list_id')
    def _check_mailing_list(self):
        for segment in self.filtered('mailing_list_id'):
            if not segment._get_mailing_list():
                raise ValidationError(
                    self.env._(
                        'The mailing list of the segment "%(segment)s" does not exist. '
                        'Choose another one.',
                        segment=segment.name,
                    )
                )

    def action_view_mailing_skipped(self):
        """Open the members that have no e-mail address and are not on the mailing list."""
        self.ensure_one()
        return self._get_members_action(
            self.name, self._get_membership_domain() & Domain('email_normalized', '=', False)
        )

    # === EFFECTS === #

    def _get_mailing_list(self):
        """Return the list that the segment fills; nothing if there is none any more."""
        if self.mailing_list_model not in self.env:
            return None
        return self.env[self.mailing_list_model].browse(self.mailing_list_id).exists()

    def _get_effect_fields(self, direction):
        return [*super()._get_effect_fields(direction), 'mailing_model_id']

    def _apply_effects(self, direction, memberships):
        super()._apply_effects(direction, memberships)
        if not (mailing_list := self._get_mailing_list()):
            return
        if direction == 'enter':
            memberships._subscribe(mailing_list)
        else:
            memberships._unsubscribe()
