from odoo import api, fields, models

from ...core.phone_post import are_same_extension, clean_extension


class CrmPhoneExtension(models.Model):
    """Who sits at an extension of a telephone system, or answers a group or a number called."""

    _name = 'crm.phone.extension'
    _description = 'Phone Extension'
    _inherit = ['crm.linked.mixin']
    _order = 'line_id, number, id'
    _rec_name = 'number'
    _parent_link = 'line_id'

    line_id = fields.Many2one(
        comodel_name='crm.phone.line',
        required=True,
        index=True,
        ondelete='cascade',
    )
    number = fields.Char(
        string='Extension',
        required=True,
        help='As the telephone system tells it: an extension, a group, the number called, or the '
        'name or e-mail address of a user.',
    )
    user_ids = fields.Many2many(
        comodel_name='res.users',
        string='Rings At',
        required=True,
        domain=[('share', '=', False)],
    )

    _number_unique = models.Constraint(
        'UNIQUE (line_id, number)', 'This extension is in the list already.'
    )

    def _find_users(self, told):
        """Return who is at an extension, or is told by login or e-mail address.

        :param told: as ``core.phone_post`` cleans it
        """
        at_extension = self.filtered(
            lambda extension: are_same_extension(clean_extension(extension.number), told)
        )
        users = at_extension.user_ids or self.user_ids.filtered(
            lambda user: told and told in (user.login.lower(), (user.email or '').lower())
        )
        return users.filtered(lambda user: user.active and not user.share)

    @api.model
    def _get_own(self):
        """Return the user's extension, empty without one."""
        # sudo: lines are for managers, and this one is the user's own
        extensions_sudo = self.sudo().search([('user_ids', 'in', self.env.uid)])
        own = extensions_sudo.sorted(lambda extension: len(extension.user_ids))[:1]
        return own.number or ''
