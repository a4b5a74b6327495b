from odoo import api, fields, models
from odoo.tools import email_normalize


class CrmCallerMixin(models.AbstractModel):
    """Knows who calls: a document with a number that one contact has is that contact's.

    Where several have it, or something speaks against the one, nothing is guessed: the form shows
    them, and a tap chooses. Mixed into documents with ``phone``, ``partner_id`` and
    ``company_id``.
    """

    _name = 'crm.caller.mixin'
    _description = 'Customer Known by Number'
    _inherit = ['crm.call.number.mixin']
    # What of a document tells whether a contact is meant.
    _caller_facts = ('partner_id', 'phone', 'company_id')

    crm_caller_ids = fields.Many2many(
        comodel_name='res.partner',
        string='Known by This Number',
        compute='_compute_crm_caller_ids',
        groups='base.group_user',
        help='Who has the number of this document, as long as it has no customer.',
    )

    # === COMPUTE === #

    @api.depends('phone', 'partner_id')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_caller_ids(self):
        facts = [document._get_caller_facts() for document in self]
        for document, callers in zip(self, self._find_callers(facts), strict=True):
            document.crm_caller_ids = callers

    @api.onchange('phone')
    def _onchange_phone_caller(self):
        """Propose the only one who has the number that was typed."""
        facts = self._get_caller_facts()
        [callers] = self._find_callers([facts])
        if caller := self._choose_caller(facts, callers):
            self.partner_id = caller

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._fill_callers(vals_list))

    # === BUSINESS === #

    def _get_caller_facts(self):
        return self._convert_to_write({name: self[name] for name in self._caller_facts})

    def _is_number_of(self, partner):
        """Tell whether the number of this document is one of the contact's."""
        self.ensure_one()
        country, read = partner.country_id, self._get_international_numbers
        return bool(self.phone and partner.phone) and not set(read(self.phone, country)).isdisjoint(
            read(partner.phone, country)
        )

    @api.model
    def _fill_callers(self, vals_list):
        """Return the values with the customers who are known by their number."""
        if self.env.context.get('default_partner_id'):
            return vals_list
        return [
            dict(vals, partner_id=caller.id)
            if (caller := self._choose_caller(vals, callers))
            else vals
            for vals, callers in zip(vals_list, self._find_callers(vals_list), strict=True)
        ]

    @api.model
    def _find_callers(self, facts_list):
        """Return, for each, the contacts with its number, two queries in all.

        :param facts_list: values of documents
        """
        partners = self.env['res.partner']
        numbers = [self._get_caller_numbers(facts) for facts in facts_list]
        wanted = {number for some in numbers for number in some}
        found = partners._find_by_numbers(wanted) if wanted else {}
        return [partners.union(*(found.get(n, partners) for n in some)) for some in numbers]

    @api.model
    def _get_caller_numbers(self, facts):
        if facts.get('partner_id') or not facts.get('phone'):
            return []
        country = self.env['res.country'].browse(facts.get('country_id') or ())
        return self._get_international_numbers(str(facts['phone']), country)

    @api.model
    def _choose_caller(self, facts, callers):
        """Return the contact that is meant, none where there is a doubt."""
        is_known = len(callers) == 1 and self._is_caller(facts, callers)
        return callers if is_known else callers.browse()

    @api.model
    def _is_caller(self, facts, partner):
        """Tell whether nothing that is known speaks against the contact; open to more reasons."""
        company_id = facts.get('company_id') or self.env.company.id
        if partner.company_id.id not in (False, company_id):
            return False
        email = email_normalize(facts.get(self._primary_email) or '')
        return not email or email == partner.email_normalized
