from __future__ import annotations

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import plaintext2html

# Everything that a portal user may read of a case, by whatever way. A field that is not here
# is internal.
PORTAL_FIELDS = frozenset(
    {
        'id',
        'display_name',
        'active',
        'number',
        'name',
        'description',
        'partner_id',
        'company_id',
        'team_id',
        'stage_id',
        'stage_kind',
        'priority',
        'date_open',
        'date_closed',
        'create_date',
        'write_date',
        'access_url',
        'access_token',
        'access_warning',
        'message_is_follower',
        'has_message',
    }
)

# The fields that a form of the portal may fill, and nothing else of what it posts.
PORTAL_INPUT = ('name', 'description')

SUBJECT_WIDTH = 250
MAX_FILES = 10
MAX_FILE_SIZE = 10 * 1024 * 1024  # bytes


class ServiceCaseMixin(models.AbstractModel):
    """A case as its customer sees it."""

    _inherit = 'service.case.mixin'
    _mail_post_access = 'read'
    _portal_path = None  # last part of the address of the list

    def _compute_access_url(self):
        result = super()._compute_access_url()
        for case in self:
            case.access_url = f'/my/service/{self._portal_path}/{case.id}'
        return result

    @api.model
    def _get_portal_fields(self) -> frozenset[str]:
        """Return the fields that portal users read; override to show more."""
        return PORTAL_FIELDS

    @api.model
    def _has_field_access(self, field, operation):
        is_portal = not self.env.su and self.env.user._is_portal()
        return super()._has_field_access(field, operation) and (
            not is_portal or field.name in self._get_portal_fields()
        )

    def _is_own_of(self, user) -> bool:
        """Tell whether the case is of the user's company: only they close, reopen and rate."""
        owner = self.commercial_partner_id
        return bool(owner) and owner in user.partner_id._get_crm_customers()

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        # sudo: who has to hear of the customer's message is not for the customer to read
        case = self.sudo() if self.env.user._is_portal() else self
        return super(ServiceCaseMixin, case)._notify_thread(message, msg_vals, **kwargs)

    # === NEW CASES === #

    @api.model
    def _get_portal_input(self) -> tuple[str, ...]:
        """Return the fields that the form for a new case fills; override to ask for more."""
        return PORTAL_INPUT

    @api.model
    def _create_from_portal(self, form: dict, files: list[tuple[str, bytes]]):
        """Create the case that the current portal user describes.

        :param form: what was posted, all text
        :param files: (name, content) of each
        :raise ValidationError: no subject; too many or too large files
        """
        self._check_portal_files(files)
        values = self._prepare_portal_values(form)
        # sudo: portal users create through here only, with the values prepared here
        case_sudo = self.sudo().create(values)
        if files:
            case_sudo.message_post(
                attachments=files,
                message_type='comment',
                subtype_xmlid='mail.mt_comment',
            )
        case_sudo._acknowledge()
        return case_sudo

    @api.model
    def _prepare_portal_values(self, form: dict) -> dict:
        """Return the values of a new case: those of the form that are allowed, and our own."""
        values = {name: form[name].strip() for name in self._get_portal_input() if form.get(name)}
        if not values.get('name'):
            raise ValidationError(self.env._('Tell us in a few words what it is about.'))
        values['name'] = values['name'][:SUBJECT_WIDTH]
        values['description'] = plaintext2html(values.get('description', ''))
        partner = self.env.user.partner_id
        return {
            **values,
            'partner_id': partner.id,
            'company_id': self.env.company.id,
            'medium_id': self.env['utm.medium'].sudo()._fetch_or_create_utm_medium('website').id,
        }

    @api.model
    def _check_portal_files(self, files):
        if len(files) > MAX_FILES:
            raise ValidationError(self.env._('Attach no more than %s files.', MAX_FILES))
        for name, content in files:
            if len(content) > MAX_FILE_SIZE:
                raise ValidationError(
                    self.env._(
                        '%(file)s is too large: a file may have up to %(size)s MB.',
                        file=name,
                        size=MAX_FILE_SIZE // 1024**2,
                    )
                )

    # === WHAT THE CUSTOMER MAY DO === #

    def _is_portal_closable(self) -> bool:
        """Tell whether the customer may say that the matter is settled."""
        return self.stage_kind in ('new', 'open', 'waiting') and self._get_mail_target() == self

    def _is_portal_reopenable(self) -> bool:
        """Tell whether the customer may say that the matter is not settled after all."""
        return (
            self.stage_kind == 'solved'
            and self._get_mail_target() == self
            and not self._is_past_grace()
        )

    def _apply_portal_move(self, move: str):
        """Close or reopen for the customer; sudo was checked by the caller.

        :raise UserError: the case is not where this can be done
        """
        is_allowed = {'close': self._is_portal_closable, 'reopen': self._is_portal_reopenable}
        if not is_allowed[move]():
            raise UserError(self.env._('This can no longer be done: the case has moved on.'))
        {'close': self.action_solve, 'reopen': self.action_reopen}[move]()

    def _get_portal_color(self) -> str:
        """Return the Bootstrap colour of the badge with the stage."""
        colors = {
            'new': 'info',
            'open': 'primary',
            'waiting': 'warning',
            'solved': 'success',
            'rejected': 'secondary',
        }
        return colors.get(self.stage_kind, 'secondary')
