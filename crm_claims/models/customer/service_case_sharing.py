from __future__ import annotations

from markupsafe import Markup
from werkzeug.urls import url_encode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq

from ...core.mails import ANSWERED_BY_NOBODY


class ServiceCaseMixin(models.AbstractModel):
    """Who of the customers sees one case: nobody but its contact, or somebody else besides.

    Whoever a case is shared with follows it and gets a link of his own, which ends with the
    sharing.
    """

    _inherit = 'service.case.mixin'

    is_private = fields.Boolean(
        string='Private',
        tracking=True,
        help='In the portal only the contact of the case sees it, not the colleagues of the same '
        'company. Agents see it as they see others.',
    )
    shared_partner_ids = fields.Many2many(
        'res.partner',
        string='Shared with',
        copy=False,
        tracking=True,
        help='Who else sees this case and writes on it. Each gets a link by mail; taking somebody '
        'out ends it.',
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        for case in cases.filtered('shared_partner_ids'):
            case._tell_shared(case.shared_partner_ids)
        return cases

    def write(self, vals):
        if 'shared_partner_ids' not in vals:
            return super().write(vals)
        before = {case: case.shared_partner_ids for case in self}
        result = super().write(vals)
        for case in self:
            case._tell_shared(case.shared_partner_ids - before[case])
            case._end_sharing(before[case] - case.shared_partner_ids)
        return result

    # === SHARING === #

    def _tell_shared(self, partners):
        """Let them follow the case, and send each a link of his own.

        :raise UserError: somebody has no address
        """
        self.ensure_one()
        for partner in partners:
            if not partner.email_normalized:
                raise UserError(
                    self.env._(
                        '%(case)s cannot be shared with %(partner)s, who has no email address. '
                        'Enter one first.',
                        case=self.display_name,
                        partner=partner.display_name,
                    )
                )
            case = self.with_context(lang=partner.lang or self._get_customer_lang())
            case.message_notify(
                partner_ids=partner.ids,
                subject=self.display_name,
                body=case._get_sharing_text(partner),
                author_id=self.company_id.partner_id.id,
                email_from=self._get_email_sender(),
                mail_headers=ANSWERED_BY_NOBODY,
                email_layout_xmlid='mail.mail_notification_light',
            )
        self.message_subscribe(partners.ids)

    def _get_sharing_text(self, partner) -> Markup:
        words = self.env._(
            '%(user)s shares %(case)s with you: you can read it and write on it.',
            user=self.env.user.name,
            case=self.display_name,
        )
        link = Markup('<a href="%s">%s</a>') % (self._get_own_link(partner), self.env._('Open it'))
        return Markup('<p>%s</p><p>%s</p>') % (words, link)

    def _get_own_link(self, partner) -> str:
        """Return the address with which one partner sees the case, as long as it is shared."""
        # sudo: who may share a case need not write its token
        case_sudo = self.sudo()
        case_sudo._portal_ensure_token()
        query = url_encode({'pid': partner.id, 'hash': case_sudo._sign_token(partner.id)})
        return f'{self.get_base_url()}{self.access_url}?{query}'

    def _end_sharing(self, partners):
        """Their links and the rules of the portal show nothing from now on, no mail tells more."""
        customers = self.partner_id | self.commercial_partner_id
        self.message_unsubscribe((partners - customers).ids)

    @api.model
    def _find_shared(self, case_id: int, partner_id: str | None, signature: str | None):
        """Return the case for the link of one it is shared with, with all rights; else none."""
        is_signed = bool(signature) and signature.isascii()
        if not is_signed or not (partner_id or '').isdecimal():
            return self.browse()
        # sudo: the signature is what gives access, and only as long as the case is shared
        case_sudo = self.sudo().browse(case_id).exists()
        partner = case_sudo.shared_partner_ids.filtered(lambda found: str(found.id) == partner_id)
        is_valid = partner and consteq(signature, case_sudo._sign_token(partner.id))
        return case_sudo if is_valid else self.browse()

    @api.model
    def _get_thread_with_access(self, thread_id, *, pid=None, **kwargs):
        """A link of one's own is for the customer and for who the case is shared with now."""
        is_known = pid and self._is_link_of(thread_id, pid)
        return super()._get_thread_with_access(thread_id, pid=pid if is_known else None, **kwargs)

    @api.model
    def _is_link_of(self, case_id, partner_id) -> bool:
        # sudo: only whether the link may be looked at is told
        case_sudo = self.sudo().browse(case_id).exists()
        known = case_sudo.partner_id | case_sudo.shared_partner_ids
        return str(partner_id) in map(str, known.ids)

    # === THE CUSTOMER === #

    def _is_own_of(self, user):
        """A private case is its contact's alone."""
        is_hidden = self.is_private and self.partner_id != user.partner_id
        return super()._is_own_of(user) and not is_hidden

    @api.model
    def _prepare_portal_values(self, form):
        return {**super()._prepare_portal_values(form), 'is_private': bool(form.get('is_private'))}
