from odoo import api, models
from odoo.fields import Domain


class ProductPricelist(models.Model):
    """A price list may hold for some customers only; the first of the list that does is theirs."""

    _name = 'product.pricelist'
    _inherit = ['crm.audience.mixin', 'product.pricelist']

    @api.model
    def _get_crm_audience_anchor(self):
        return 'country_group_ids'

    @api.model
    def _get_partner_pricelist_multi(self, partner_ids):
        """Give customers the first price list made for them, unless one was chosen by hand."""
        result = super()._get_partner_pricelist_multi(partner_ids)
        if not self.env['res.groups']._is_feature_enabled('product.group_product_pricelist'):
            return result
        left = self.env['res.partner'].browse(partner_ids)
        left -= left.filtered(
            lambda partner: (
                partner.specific_property_product_pricelist
            )._get_partner_pricelist_multi_filter_hook()
        )
        result.update(self._get_crm_audience_pricelists(left))
        return result

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Leave price lists for some customers out where Odoo looks for one for everybody."""
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return [*domain, ('id', 'not in', self._find_crm_audience_pricelists().ids)]

    @api.model
    def _get_crm_audience_pricelists(self, partners):
        """Return {id of a contact: the first price list made for it}, of those who have one.

        What a form has not saved yet counts: the country, and the company of a new contact.
        """
        # sudo: whose price list it is does not depend on who asks
        contacts = self.env['res.partner'].sudo().with_context(active_test=False)
        left = {
            partner: partner._origin or partner.commercial_partner_id._origin
            for partner in contacts.browse(partners._ids)
        }
        result = {}
        # which of them may be used now, also on a website, is Odoo's to say
        usable = self._find_crm_audience_pricelists()._get_partner_pricelist_multi_filter_hook()
        for pricelist in usable:
            theirs = pricelist._get_crm_audience_domain(('', 'commercial_partner_id'))
            asked = contacts.union(*left.values())
            members = set(contacts.search(theirs & Domain('id', 'in', asked.ids))._ids)
            is_everywhere = not pricelist.country_group_ids
            countries = set(pricelist.country_group_ids.country_ids._ids)
            for partner, known in list(left.items()):
                is_there = is_everywhere or partner.country_id.id in countries
                if known.id in members and is_there:
                    result[partner.id] = pricelist.with_env(self.env)
                    del left[partner]
        return result

    @api.model
    def _find_crm_audience_pricelists(self):
        """Return the price lists of the company that hold for some customers only, in order."""
        pricelists = self.sudo().search([('company_id', 'in', [self.env.company.id, False])])
        return pricelists.filtered(lambda pricelist: pricelist._has_crm_audience())


class ResPartner(models.Model):
    _inherit = 'res.partner'

    @api.depends('commercial_partner_id')
    def _compute_product_pricelist(self):
        return super()._compute_product_pricelist()

    def _inverse_product_pricelist(self):
        """Keep what is chosen by hand, also where Odoo takes it for the one of everybody.

        The price list made for the customer is not chosen: it goes when it holds no more.
        """
        made = self.env['product.pricelist']._get_crm_audience_pricelists(self)
        unchosen = self.filtered(
            lambda partner: (
                partner.id in made and partner.property_product_pricelist == made[partner.id]
            )
        )
        # never written in between: what a contact is given its company is given, too
        unchosen.filtered(
            'specific_property_product_pricelist'
        ).specific_property_product_pricelist = False
        rest = self - unchosen
        chosen = {partner: partner.property_product_pricelist for partner in rest}
        result = super(ResPartner, rest)._inverse_product_pricelist()
        for partner, pricelist in chosen.items():
            if pricelist and partner.id in made:
                partner.specific_property_product_pricelist = pricelist
        return result
