from __future__ import annotations

import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, formataddr
from odoo.tools.mail import email_normalize_all, html_to_inner_content, parse_contact_from_email

from ...core.mail_forwards import get_bare_subject
from ...core.mail_senders import get_numbers
from ...core.mails import ANSWERED_BY_NOBODY, get_subject, get_usable_address
from ...core.stages import get_reply_move

# So many cases of one sender within an hour are acknowledged; a robot opens more.
ACKNOWLEDGED_PER_HOUR = 5


class ServiceCaseMixin(models.AbstractModel):
    """How a case comes in by mail, is acknowledged, and moves with the customer's answers."""

    _inherit = 'service.case.mixin'
    _primary_email = 'email_from'

    email_normalized = fields.Char(
        compute='_compute_email_normalized',
        store=True,
        precompute=True,
        index='btree_not_null',
        help='The bare address of the e-mail, to find the cases of a sender.',
    )
    is_opened_by_mail = fields.Boolean(
        string='Opened by Mail',
        copy=False,
        readonly=True,
        help='A mail opened it: what was entered or imported is no sign of a sender who floods.',
    )

    @api.depends('email_from')
    def _compute_email_normalized(self):
        for case in self:
            case.email_normalized = get_usable_address(
                email_normalize(case.email_from, strict=False)
            )

    # === ACTIONS === #

    def action_create_customer(self):
        """Make contacts of the senders who are none; who has the address already is linked."""
        unknown = self.filtered(lambda case: case.email_from and not case.partner_id)
        partners = unknown._partner_find_from_emails(
            {case: [case.email_from] for case in unknown},
        )
        for case in unknown:
            case.partner_id = partners[case.id][:1]
        return True

    # === MAIL GATEWAY === #

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Open a case with what the mail says of its sender and its subject."""
        values = {
            **self._prepare_mail_values(msg_dict, custom_values or {}),
            **(custom_values or {}),
            'is_opened_by_mail': True,
        }
        # Odoo puts the sender over what the values say
        sender = values.pop('email_from', msg_dict.get('email_from'))
        case = super().message_new({**msg_dict, 'email_from': sender}, values)
        # The mail itself is posted next, on what is returned here: it is acknowledged then.
        return case.with_context(service_mail_opens_case=True)

    @api.model
    def _prepare_mail_values(self, msg_dict, alias_values):
        """Return the values of a case that a mail opens; what the alias says comes first."""
        team = self.env['service.team'].browse(alias_values.get('team_id'))
        sender = self.env['res.partner'].browse(msg_dict.get('author_id') or None)
        company = team.company_id or sender.company_id or self.env.company
        is_usable = sender.company_id in (company, self.env['res.company'])
        return {
            'name': self._get_mail_subject(msg_dict),
            'partner_id': sender.id if is_usable else False,
            'company_id': company.id,
            'medium_id': self.env['utm.medium']._fetch_or_create_utm_medium('email').id,
        }

    @api.model
    def _get_mail_subject(self, msg_dict):
        """Return the subject or, where it says nothing, how the mail begins."""
        words = msg_dict.get('subject') or ''
        if not get_bare_subject(words).strip():
            words = html_to_inner_content(msg_dict.get('body') or '')[:1000]
        return get_subject(words) or self.env._('Mail without a subject')

    def _get_mail_target(self):
        """Return the case that gets the mail for this one: that which it was merged into."""
        case = self
        while case.merged_into_id:
            case = case.merged_into_id
        return case

    @api.model
    def _find_numbered(self, subject: str, email: str, company=None):
        """Return the case whose number a subject names, if who writes belongs to it.

        Of several the one of the company that the mail is for, and the one that is named first.
        """
        numbers = get_numbers(subject)
        if not numbers or not email:
            return self.browse()
        # sudo: whose the mail is decides, not who receives it; a number is of its company
        companies_sudo = self.env['res.company'].sudo().search([('active', 'in', (True, False))])
        cases_sudo = self.sudo().with_context(active_test=False)
        found_sudo = cases_sudo.search(
            [('company_id', 'in', companies_sudo.ids), ('number', 'in', numbers)]
        )
        own_sudo = found_sudo.filtered(lambda case: case._is_correspondent(email))
        best_sudo = own_sudo.sorted(
            lambda case: (case.company_id != company, numbers.index(case.number))
        )
        return best_sudo[:1].sudo(False)

    def _is_correspondent(self, email: str) -> bool:
        """Tell who takes part in a case: its customer and the customer's people, who was copied or
        follows it, and colleagues who may read it."""
        case_sudo = self.sudo()
        partners_sudo = self.env['mail.thread']._find_senders([email])
        addresses = {
            case_sudo.email_normalized,
            *email_normalize_all(case_sudo.email_cc or ''),
            *case_sudo.message_partner_ids.mapped('email_normalized'),
        }
        return (
            email in addresses
            or case_sudo._is_customer_among(partners_sudo)
            or any(
                user._is_internal() and self.with_user(user).has_access('read')
                for user in partners_sudo.user_ids
            )
        )

    def _is_customer_among(self, partners) -> bool:
        """Tell whether one of the contacts is of the customer; override to tell fewer."""
        customer = self.commercial_partner_id
        return bool(customer) and customer in partners.commercial_partner_id

    @api.model
    def _detect_loop_sender_domain(self, email_from_normalized):
        """Mails alone make a loop: imported cases and those of a call do not."""
        return [
            ('email_normalized', '=', email_from_normalized),
            ('is_opened_by_mail', '=', True),
        ]

    # === ADDRESSES === #

    def _get_team_addresses(self) -> dict[int, str]:
        """Return {id: the address that its team has for this kind of case}, where there is one."""
        aliases_sudo = self.sudo().team_id.alias_ids.filtered(
            lambda alias: alias.case_model == self._name and alias.alias_name and alias.alias_domain
        )
        address_by_team = {alias.team_id: alias.alias_full_name for alias in aliases_sudo}
        return {
            case.id: address_by_team[case.team_id]
            for case in self
            if case.team_id in address_by_team
        }

    def _get_email_sender(self) -> str:
        """Return whom automatic mails come from: the company, at the address of the team.

        The templates use it too. A team without an address writes from that of the company.
        """
        self.ensure_one()
        company_sudo = self.sudo().company_id
        address = self._get_team_addresses().get(self.id)
        return formataddr((company_sudo.name, address)) if address else company_sudo.email_formatted

    def _get_email_reply_to(self) -> str:
        """Return where answers to automatic mails go; the templates ask for it by themselves."""
        addresses = self._notify_get_reply_to(
            default=self._get_email_sender(), author_id=self.company_id.partner_id.id
        )
        return addresses[self.id]

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Answers come back to the address that the team has for this kind of case."""
        addresses = self._get_team_addresses()
        with_address = self.filtered(lambda case: case.id in addresses)
        result = {
            case.id: case._notify_get_reply_to_formatted_email(
                addresses[case.id],
                author_id=author_id,
            )
            for case in with_address
        }
        others = self - with_address
        if others or not self:
            result.update(super(ServiceCaseMixin, others)._notify_get_reply_to(default, author_id))
        return result

    # === ANSWERS OF THE CUSTOMER === #

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        if self.env.context.get('service_mail_opens_case'):
            if self._is_acknowledged_at_once():
                self.with_context(service_mail_opens_case=False)._acknowledge()
        elif self._is_customer_reply(message, msg_values):
            self._apply_customer_reply()
        return result

    def _is_opening_message(self) -> bool:
        """Tell that what is posted now is the mail that opens the case, or one of the customer's
        that a colleague passes on: whoever wrote it, it answers nobody."""
        context = self.env.context
        return bool(context.get('service_mail_opens_case') or context.get('service_mail_original'))

    def _is_acknowledged_at_once(self) -> bool:
        """Tell whether the mail that opens the case is one whose sender waits for an answer."""
        return not self.env.context.get('service_mail_signs')

    def _is_customer_reply(self, message, msg_values) -> bool:
        """Tell what the customer, or somebody else outside, wrote on the matter, by mail or in the
        portal. What a machine answers is a note."""
        return (
            message.message_type in ('email', 'comment')
            and not message.subtype_id.internal
            and not msg_values.get('rating_id')
            and self._is_from_customer(message)
        )

    def _is_from_customer(self, message) -> bool:
        """Tell who is not of us, or is the customer himself: colleagues have requests too."""
        case_sudo, author = self.sudo(), message.author_id
        is_own_request = author == case_sudo.partner_id and author != case_sudo.user_id.partner_id
        return not self._is_internal_author(message) or is_own_request

    @api.model
    def _is_internal_author(self, message) -> bool:
        author = message.author_id
        return bool(author) and not author.partner_share

    def _apply_customer_reply(self):
        """Take up what waited for the customer, what he does not think solved, and what was
        archived. What was merged stays so."""
        # sudo: the customer answers; that this moves the case is our rule, not his right
        case_sudo = self.sudo()
        is_archived = not case_sudo.active and not case_sudo.merged_into_id
        if is_archived and not case_sudo._bring_back():
            return
        stages = case_sudo._get_stages()._filter_for_team(case_sudo.team_id)
        kind = get_reply_move(case_sudo.stage_kind, stages.mapped('kind'))
        if kind:
            case_sudo._transition_to(kind)

    def _bring_back(self) -> bool:
        """Take a case out of the archive, and tell whether it can be: an answer is never refused
        for what stands against that."""
        try:
            with self.env.cr.savepoint():
                self.active = True
        except UserError as error:
            self._message_log(body=str(error))
        return self.active

    # === AUTOMATIC MAILS === #

    def _acknowledge(self):
        """Tell the customers the numbers of their new cases. Sent after the commit."""
        for case in self:
            template = case.sudo().team_id._get_acknowledgement_template(self._name)
            if template and case._is_acknowledged():
                case._post_automatic_mail(template)

    def _is_acknowledged(self) -> bool:
        """Tell whether an acknowledgement reaches a person, and not a robot or ourselves."""
        email = self.email_normalized
        if not email or self.env['mail.alias.domain'].sudo()._find_aliases([email]):
            return False
        hour_ago = self.env.cr.now() - datetime.timedelta(hours=1)
        recent = [*self._detect_loop_sender_domain(email), ('create_date', '>=', hour_ago)]
        limit = ACKNOWLEDGED_PER_HOUR + 1
        # sudo: the customer's cases count, whoever may see them
        return self.sudo().with_context(active_test=False).search_count(recent, limit) < limit

    def _post_automatic_mail(self, template):
        """Post what the template says, to the customer alone, in the customer's language.

        Odoo sends it after the commit; its head asks other programs not to answer.
        """
        lang = self._get_customer_lang()
        is_partners_own = self.partner_id.email_normalized == self.email_normalized
        rendered = {
            name: template._render_field(name, self.ids, set_lang=lang)[self.id]
            for name in ('subject', 'body_html')
        }
        return self.message_post(
            author_id=self.company_id.partner_id.id,
            email_from=self._get_email_sender(),
            body=rendered['body_html'],
            subject=rendered['subject'],
            message_type='auto_comment',
            subtype_xmlid='mail.mt_note',
            partner_ids=self.partner_id.ids if is_partners_own else [],
            outgoing_email_to=False if is_partners_own else self.email_from,
            email_layout_xmlid='mail.mail_notification_light',
            force_email_lang=lang,
            mail_headers=ANSWERED_BY_NOBODY,
            notify_author=True,
            notify_skip_followers=True,
        )

    def _get_customer_lang(self) -> str:
        """Return the customer's language or, of somebody unknown, the company's."""
        return self.partner_id.lang or self.company_id.partner_id.lang or self.env.lang

    def _get_customer_name(self) -> str:
        """Return by which name a mail greets the customer: empty where only an address is known."""
        name = self.partner_id.name or parse_contact_from_email(self.email_from or '')[0] or ''
        return '' if '@' in name else name
