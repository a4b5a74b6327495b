from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import email_normalize, formataddr, plaintext2html

from odoo.addons.crm_extended.core import capture
from odoo.addons.crm_extended.core.post_names import NAME_PARTS
from odoo.addons.crm_extended.core.post_reading import LEFT_OUT
from odoo.addons.crm_extended.core.text import clean_text
from odoo.addons.crm_extended.models.capture.crm_capture_reading import Visit

from ...core.cases import CASE_MODELS
from ..mail.service_team_alias import CASE_KINDS
from .service_case_portal import MAX_FILE_SIZE, MAX_FILES

# So much is kept of what is typed into an own field.
ANSWER_LENGTH = 2000
# What a post to a form for cases may carry beside the rest.
CHOICES = ('category_id', 'lang')


class CrmCaptureForm(models.Model):
    """A form that names a team of after-sales makes its claims or tickets instead of leads.

    It has a page of its own, for who has no website to paste it into.
    """

    _inherit = 'crm.capture.form'

    # === DEFAULTS === #

    def _default_service_team_id(self):
        """Managers of after-sales who keep no forms for leads make those for cases."""
        user = self.env.user
        keeps_leads = user.has_group('sales_team.group_sale_manager')
        keeps_cases = user.has_group('crm_claims.crm_claims_group_manager')
        teams = self.env['service.team']
        return teams.search([], limit=1) if keeps_cases and not keeps_leads else teams

    # === FIELDS === #

    service_team_id = fields.Many2one(
        'service.team',
        string='After-Sales Team',
        check_company=True,
        index='btree_not_null',
        ondelete='restrict',
        default=lambda self: self._default_service_team_id(),
        help='What is sent becomes a claim or ticket of this team, and no lead.',
    )
    service_model = fields.Selection(
        CASE_KINDS,
        string='Makes',
        default='service.ticket',
        required=True,
    )
    service_category_id = fields.Many2one(
        'service.category',
        string='Category',
        ondelete='restrict',
        help='What all that is sent is about. Without one, visitors choose among the categories '
        'that are offered to customers.',
    )
    service_takes_files = fields.Boolean(
        string='Takes Files',
        default=True,
        help='Visitors of the page attach files: up to 10, of up to 10 MB each, 25 MB in all.',
    )
    service_intro = fields.Html(
        string='Introduction',
        translate=True,
        help='What stands above the form on its page.',
    )
    service_thanks = fields.Html(
        string='Thanks',
        translate=True,
        help='What a visitor reads after sending the form, below the number of the case.',
    )
    service_url = fields.Char(string='Page', compute='_compute_service_url')
    service_case_count = fields.Integer(string='Cases', compute='_compute_service_case_count')

    @api.depends('token')
    def _compute_service_url(self):
        base_url = self.get_base_url()
        for form in self:
            form.service_url = f'{base_url}/service/form/{form.token}'

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_service_case_count(self):
        counts = {}
        for model_name in CASE_MODELS:
            cases = self.env[model_name].with_context(active_test=False)
            domain = [('crm_capture_form_id', 'in', self.ids)]
            if cases.has_access('read'):
                for form, count in cases._read_group(domain, ['crm_capture_form_id'], ['__count']):
                    counts[model_name, form] = count
        for form in self:
            form.service_case_count = counts.get((form.service_model, form._origin), 0)

    # === ACTIONS === #

    def action_view_service_cases(self):
        """Open the cases that the button counts."""
        self.ensure_one()
        xmlid = f'crm_claims.{self.service_model.replace(".", "_")}_action'
        return self._get_crm_list_action(
            xmlid,
            [('crm_capture_form_id', 'in', self.ids)],
            {'active_test': False, 'create': False},
        )

    # === WHAT IS ASKED === #

    @api.model
    def _find_by_token(self, token):
        """An archived team takes nothing either."""
        form = super()._find_by_token(token)
        return form.browse() if form.service_team_id and not form.service_team_id.active else form

    def _prepare_choices(self, raw_post):
        """Return what the form offers and asks for, with the category that is chosen on it."""
        cases, category = self.env[self.service_model], self._get_category(raw_post)
        return {
            'categories': category.browse()
            if self.service_category_id
            else cases._get_offered_categories(),
            'questions': cases._get_asked_fields(self.service_team_id, category),
        }

    def _get_category(self, raw_post):
        chosen = {'category_id': str(raw_post.get('category_id') or '')}
        return self.service_category_id or self.env[self.service_model]._get_offered_category(
            chosen
        )

    # === WHAT IS SENT === #

    def _capture_with_files(self, raw_post, files, address=''):
        """Make a case of what was posted, with the files; both or nothing.

        :param files: (name, content) of each
        :param address: of the visitor on the net
        :return: the number to tell the sender
        :raise UserError: as ``_capture``; too many or too large files
        """
        files = files if self.service_takes_files else []
        self.env[self.service_model]._check_portal_files(files)
        return self._capture(raw_post, Visit(files=tuple(files), address=address))

    def _split_files(self, visit):
        """Cases take as many files as in the portal, or none."""
        if not self.service_team_id:
            return super()._split_files(visit)
        number = MAX_FILES if self.service_takes_files else 0
        return capture.split_files(visit.files, number, MAX_FILE_SIZE)

    def _find_document(self, reference):
        if not self.service_team_id:
            return super()._find_document(reference)
        made = [('number', '=', reference), ('crm_capture_form_id', '=', self.id)]
        return self.env[self.service_model].search(made, limit=1)

    def _attach_files(self, document, files):
        if document._name not in CASE_MODELS:
            return super()._attach_files(document, files)
        return document._attach_from_form(files).attachment_ids

    def _get_responsible(self):
        return self.service_team_id.leader_id or super()._get_responsible()

    def _get_field_map(self):
        """Cases have no fields of leads: what is meant for one is a line of the description."""
        told = super()._get_field_map()
        if not self.service_team_id:
            return told
        ours = {*capture.POST_FIELDS, *NAME_PARTS, LEFT_OUT}
        return {name: target for name, target in told.items() if target in ours}

    def _get_own_names(self, raw_post):
        """The questions of the form are no unknown fields."""
        names = super()._get_own_names(raw_post)
        if not self.service_team_id:
            return names
        questions = self._prepare_choices(raw_post)['questions']
        return names | {'refresh', *CHOICES, *(question['input'] for question in questions)}

    def _clean_post(self, raw_post):
        """Keep the category and the answers to the own fields as well."""
        post = super()._clean_post(raw_post)
        return post | self._clean_answers(raw_post) if self.service_team_id else post

    def _clean_answers(self, raw_post):
        questions = self._prepare_choices(raw_post)['questions']
        names = [*CHOICES, *(question['input'] for question in questions)]
        return {name: clean_text(_get_text(raw_post.get(name)), ANSWER_LENGTH) for name in names}

    def _create_document(self, post, reference):
        if not self.service_team_id:
            return super()._create_document(post, reference)
        case = self.env[self.service_model].create(self._prepare_case_values(post))
        case._acknowledge()
        self.env['crm.capture.post']._replace_reference(self, reference, case.number)
        return case.number

    def _prepare_case_values(self, post):
        """Return the values of the case; open to more fields of the post."""
        self.ensure_one()
        cases, category = self.env[self.service_model], self._get_category(post)
        return {
            'name': capture.get_title(post) or self._get_default_title(capture.get_sender(post)),
            'description': self._prepare_case_description(post),
            'partner_id': self._get_visitor(post['email']).id,
            'email_from': self._get_sender_address(post),
            'phone': post['phone'],
            'medium_id': self._get_utm_values(post)[0]['medium_id'],
            'customer_lang': self.env['ir.http'].get_nearest_lang(post['lang']),
            'company_id': self.company_id.id,
            'team_id': self.service_team_id.id,
            'category_id': category.id,
            'crm_capture_form_id': self.id,
            **cases._prepare_answers(post, self.service_team_id, category),
        }

    @api.model
    def _get_sender_address(self, post):
        address = email_normalize(post['email'])
        is_named = address and post['contact_name']
        return formataddr((post['contact_name'], address)) if is_named else post['email']

    def _prepare_case_description(self, post):
        """Return what was written, and who wrote it."""
        senders = [post[name] for name in ('contact_name', 'company', 'phone') if post[name]]
        message = capture.get_message(post)
        note = plaintext2html(message) if message else Markup()
        return note + Markup('<p>%s</p>') % ' · '.join(senders) if senders else note

    def _get_visitor(self, email):
        """Return the contact who sent a post: who is logged in, else whose address it is.

        As with a mail, an address is believed: nothing is shown to who only names it.
        """
        user = self.env.user
        if user._is_portal():
            return user.partner_id
        address = email_normalize(email)
        cases = self.env[self.service_model]
        found = cases._partner_find_from_emails_single([address], no_create=True) if address else ()
        partner = self.env['res.partner'].browse(found and found.ids)[:1]
        return (
            partner
            if partner.company_id in (self.company_id, self.env['res.company'])
            else (partner.browse())
        )


def _get_text(value):
    """Return what JSON says as a text; a list or an object is none."""
    return '' if isinstance(value, dict | list) else str(value or '')
