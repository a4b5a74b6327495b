import base64

from odoo import Command, api, fields, models
from odoo.tools import email_normalize, plaintext2html

from ..core.card import get_file_type, get_picture_type
from ..core.people import find_twins
from ..core.text import cut_list
from ..tools.pictures import is_picture
from ..tools.places import Places

# What the lead takes as it stands on the line.
_LEAD_FIELDS = (
    'name',
    'contact_name',
    'partner_name',
    'function',
    'email_from',
    'phone',
    'street',
    'street2',
    'zip',
    'city',
    'state_id',
    'country_id',
    'website',
    'lang_id',
)
# How many leads, and how many contacts, a line says that it knows.
MAX_TOLD = 3


class CrmCaptureCardLine(models.TransientModel):
    """A business card, and the lead that it would become."""

    _name = 'crm.capture.card.line'
    _description = 'Business Card'
    _inherit = ['crm.linked.mixin']
    _parent_link = 'wizard_id'

    wizard_id = fields.Many2one(
        comodel_name='crm.capture.card',
        required=True,
        readonly=True,
        ondelete='cascade',
    )
    is_selected = fields.Boolean(string='Import')
    status = fields.Selection(
        selection=[
            ('new', 'New'),
            ('known', 'Known Already'),
            ('repeated', 'Repeated'),
            ('unusable', 'Unusable'),
        ],
        required=True,
        readonly=True,
        default='new',
        help='Only new cards are ticked at first.',
    )
    remark = fields.Char(
        readonly=True,
        help='Who the card belongs to already, why it cannot be imported, or what of it could not '
        'be read.',
    )
    origin = fields.Char(readonly=True, help='The file, and which card in it.')
    source = fields.Binary(attachment=False, readonly=True, help='The card as it came.')
    photo = fields.Binary(attachment=False, readonly=True)
    known_lead_ids = fields.Many2many(
        comodel_name='crm.lead',
        string='Known Leads',
        context={'active_test': False},
        readonly=True,
    )
    known_partner_ids = fields.Many2many(
        comodel_name='res.partner',
        string='Known Contacts',
        context={'active_test': False},
        readonly=True,
    )
    # What the lead gets
    name = fields.Char(string='Lead')
    contact_name = fields.Char()
    partner_name = fields.Char(string='Company')
    function = fields.Char(string='Job Position')
    email_from = fields.Char(string='Email')
    phone = fields.Char()
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char(string='ZIP')
    city = fields.Char()
    state_id = fields.Many2one(comodel_name='res.country.state')
    country_id = fields.Many2one(comodel_name='res.country')
    website = fields.Char()
    lang_id = fields.Many2one(comodel_name='res.lang', string='Language')
    description = fields.Text(string='Notes')

    _unusable_not_selected = models.Constraint(
        "CHECK (status != 'unusable' OR NOT is_selected)",
        'A card that cannot be read cannot be imported.',
    )

    # === ACTIONS === #

    def action_view_known_leads(self):
        """Open the leads and opportunities that the card belongs to already."""
        return self.env['crm.lead']._get_crm_known_leads_action(self.known_lead_ids)

    def action_view_known_partners(self):
        """Open the contacts that the card belongs to already."""
        return self.env['crm.lead']._get_crm_known_partners_action(self.known_partner_ids)

    # === FROM CARDS TO LINES === #

    @api.model
    def _prepare_lines(self, found):
        """Return the values of lines for ``(origin, card, problem)``, compared with what is known.

        The number of queries does not depend on the number of cards.
        """
        lines = [
            {
                'origin': origin,
                'source': base64.b64encode(card.source) if card else False,
                'status': 'unusable' if problem else 'new',
                'remark': problem or False,
                'is_selected': not problem,
            }
            for origin, card, problem in found
        ]
        usable = [
            (line, card)
            for line, (_origin, card, problem) in zip(lines, found, strict=True)
            if not problem
        ]
        places = self._get_places([card for _line, card in usable])
        for line, card in usable:
            line.update(self._prepare_lead_fields(card, places))
            line['photo'] = base64.b64encode(card.photo) if is_picture(card.photo) else False
        self._mark_known(usable)
        for line, card in usable:
            told = (line['remark'], self._describe_left_out(card, line['photo']))
            line['remark'] = '; '.join(filter(None, told)) or False
        return lines

    @api.model
    def _prepare_lead_fields(self, card, places):
        """Return what a line, and later its lead, takes from a card; open to more."""
        country, state = places.find_place(card.country, card.state)
        return {
            'name': card.title,
            'contact_name': card.contact_name,
            'partner_name': card.partner_name,
            'function': card.function,
            'email_from': next(iter(card.emails), False),
            'phone': next(iter(card.phones), False),
            'street': card.street,
            'street2': card.street2,
            'zip': card.zip,
            'city': card.city,
            'state_id': state.id,
            'country_id': country.id,
            'website': card.website,
            'lang_id': places.languages.get(card.language, False),
            'description': self._prepare_notes(card, country, state),
        }

    @api.model
    def _get_places(self, cards):
        """Return the countries, states and languages that the cards may name."""
        return Places(self.env, {card.country for card in cards}, self.env.company.country_id)

    # === WHO IS KNOWN === #

    @api.model
    def _mark_known(self, usable):
        """Untick the cards of people who are known already, or come twice."""
        people = [self._get_person(line, card) for line, card in usable]
        twins = find_twins(people, [line['origin'] for line, _card in usable])
        for (line, _card), twin, known in zip(
            usable, twins, self.env['crm.capture.known']._find(people), strict=True
        ):
            if any((known.leads, known.partners, known.hidden_count)):
                line.update(self._prepare_known(known))
            elif twin:
                line.update(
                    status='repeated',
                    is_selected=False,
                    remark=self.env._('The same as %(card)s', card=twin),
                )

    @api.model
    def _get_person(self, line, card):
        """Return how the person of the card would be found, normalised as the lead does it."""
        country = self.env['res.country'].browse(line['country_id'])
        leads = self.env['crm.lead']
        return self.env['crm.capture.known']._get_person(
            (email_normalize(email, strict=False) for email in card.emails),
            (leads._phone_format(number=phone, country=country) for phone in card.phones),
            card.contact_name or card.partner_name,
        )

    @api.model
    def _prepare_known(self, known):
        return {
            'status': 'known',
            'is_selected': False,
            'remark': self._describe_known(known),
            'known_lead_ids': [Command.set(known.leads.ids)],
            'known_partner_ids': [Command.set(known.partners.ids)],
        }

    @api.model
    def _describe_known(self, known):
        kinds = dict(self.env['crm.lead']._fields['type']._description_selection(self.env))
        leads, more_leads = cut_list(known.leads, MAX_TOLD)
        partners, more_partners = cut_list(known.partners, MAX_TOLD)
        texts = [f'{kinds[lead.type]}: {lead.name}' for lead in leads]
        texts += [
            self.env._('Contact: %(name)s', name=partner.display_name) for partner in partners
        ]
        if rest := more_leads + more_partners:
            texts.append(self.env._('%(number)s more', number=rest))
        if known.hidden_count:
            texts.append(self.env._('%(number)s of colleagues', number=known.hidden_count))
        return '; '.join(texts)

    # === FROM LINES TO LEADS === #

    def _create_leads(self):
        """Create the leads of the cards in one batch, each with its card attached."""
        common = self.wizard_id._prepare_lead_values()
        # one subscription and one note for all, instead of one for each
        leads = self.env['crm.lead'].with_context(tracking_disable=True)
        leads = leads.create([{**common, **line._prepare_lead_values()} for line in self])
        leads = leads.with_context(tracking_disable=False)
        leads.message_subscribe(leads.user_id.partner_id.ids)
        leads._message_log_batch(
            bodies={
                lead.id: self.env._('Imported from a business card: %(file)s', file=line.origin)
                for lead, line in zip(leads, self, strict=True)
            }
        )
        self._attach_files(leads)
        return leads

    def _prepare_lead_values(self):
        self.ensure_one()
        values = {
            name: self._fields[name].convert_to_write(self[name], self) for name in _LEAD_FIELDS
        }
        return {
            **values,
            'name': self.name or self.origin,
            'description': plaintext2html(self.description) if self.description else False,
        }

    def _attach_files(self, leads):
        self.env['ir.attachment'].create(
            [
                {**values, 'res_model': lead._name, 'res_id': lead.id}
                for lead, line in zip(leads, self.with_context(bin_size=False), strict=True)
                for values in line._prepare_attachments()
            ]
        )

    def _prepare_attachments(self):
        """Return the card as it came, and the picture on it."""
        self.ensure_one()
        title = (self.name or self.origin).replace('/', '-')
        source, photo = base64.b64decode(self.source), base64.b64decode(self.photo or '')
        ending, mimetype = get_file_type(source)
        files = [{'name': f'{title}.{ending}', 'raw': source, 'mimetype': mimetype}]
        if photo:
            files.append({'name': f'{title}.{get_picture_type(photo)}', 'raw': photo})
        return files
