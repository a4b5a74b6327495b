from odoo import fields, models
from odoo.exceptions import UserError

from ...core.companies import Company


class CrmLead(models.Model):
    """Who becomes the customer of a lead: whoever is known already, before somebody new.

    Where it is not certain who is meant, the user is asked.
    """

    _inherit = 'crm.lead'

    crm_vat = fields.Char(
        string='Tax Number',
        help='The tax number of the company, if it was told: it finds the company that is known, '
        'and a new one gets it.',
    )

    # === ACTIONS === #

    def action_crm_create_customer(self):
        """Give leads and opportunities a customer: who has their e-mail address, else a new one.

        A new contact belongs to the company that is known by its tax number or name. Where a
        contact has the number of a lead, or it is not certain which company is meant, nothing
        is done with this lead, and the dialog that asks is returned.

        :raise UserError: one of them has a customer already; then none is changed
        """
        self._check_has_no_customer()
        doubtful = self._get_crm_doubtful()
        (self - doubtful)._create_crm_customers()
        if doubtful:
            return doubtful._get_crm_customer_choice_action()
        return self._get_crm_customers_notification()

    # === WHO IS KNOWN === #

    def _get_crm_doubtful(self):
        """Return those of which it is not certain who is to be their customer."""
        return self.browse(lead.id for lead, known in self._get_crm_candidates().items() if known)

    def _get_crm_candidates(self):
        """Return {lead: contacts and companies that may be meant}, few queries for all leads.

        There are none for a lead whose customer is known by the e-mail address.
        """
        strangers = self - self._get_crm_known_by_email()
        callers = self._find_callers([lead._get_caller_facts() for lead in strangers])
        companies = strangers._find_crm_companies()
        candidates = dict.fromkeys(self, self.env['res.partner'])
        for lead, contacts in zip(strangers, callers, strict=True):
            candidates[lead] = contacts | companies[lead][1]
        return candidates

    def _get_crm_known_by_email(self):
        emails = [email for email in self.mapped('email_normalized') if email]
        partners = self.env['res.partner'].search_fetch(
            [('email_normalized', 'in', emails)], ['email_normalized']
        )
        known = set(partners.mapped('email_normalized'))
        return self.filtered(lambda lead: lead.email_normalized in known)

    def _find_crm_companies(self):
        """Return {lead: (the company that is meant, those that may be meant)} in one query."""
        partners = self.env['res.partner']
        found = partners._find_crm_companies([lead._get_crm_company() for lead in self])
        return dict(zip(self, found, strict=True))

    def _get_crm_company(self):
        """Return what the lead tells of its company."""
        self.ensure_one()
        country, tax_number = self.country_id.code or '', self.crm_vat or ''
        if tax_number and not country and not tax_number[:2].isalpha():
            tax_number = f'{self.env.company.country_id.code or ""}{tax_number}'
        return Company(self.partner_name or '', tax_number, country)

    # === WHO BECOMES IT === #

    def _create_crm_customers(self):
        for lead in self:
            lead._handle_partner_assignment(force_partner_id=lead._find_matching_partner().id)

    def _create_customer(self, with_parent=None):
        """Take the company that is known, unless somebody chose one or wants a new one."""
        if not with_parent and not self.env.context.get('crm_new_company'):
            [(with_parent, _doubtful)] = self._find_crm_companies().values()
        customer = super()._create_customer(with_parent=with_parent)
        return self._create_crm_nameless(customer) if customer == with_parent else customer

    def _create_crm_nameless(self, company):
        """Keep the address of somebody without a name who writes from a known company."""
        if not self.email_normalized or self.email_normalized == company.email_normalized:
            return company
        values = self._prepare_customer_values(self.email_normalized, parent_id=company.id)
        return company.create(values)

    def _set_crm_customer(self, partner):
        """Make a known contact the customer; a company only if the lead names nobody there."""
        self.ensure_one()
        if partner.is_company and self.contact_name:
            self._handle_partner_assignment(with_parent=partner)
        else:
            self._handle_partner_assignment(force_partner_id=partner.id)

    def _set_crm_new_customer(self):
        """Make somebody new the customer, and what company he has a new one."""
        self.with_context(crm_new_company=True)._handle_partner_assignment()

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(partner_name, is_company, parent_id)
        if is_company and self.crm_vat:
            values['vat'] = self.crm_vat
        return values

    # === DIALOGS === #

    def _check_has_no_customer(self):
        served = self.filtered('partner_id')
        if served:
            raise UserError(
                self.env._(
                    'These have a customer already, which stays: %(leads)s. '
                    'Select only leads and opportunities without one.',
                    leads=served.mapped('name'),
                )
            )

    def _get_crm_customers_notification(self):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'type': 'success',
                'message': self.env._(
                    'Customer: %(customers)s',
                    customers=self.partner_id.mapped('display_name'),
                ),
                'next': {'type': 'ir.actions.client', 'tag': 'soft_reload'},
            },
        }

    def _get_crm_customer_choice_action(self):
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_extended.crm_customer_choice_action'
        )
        action['context'] = {'crm_lead_ids': self.ids}
        return action
