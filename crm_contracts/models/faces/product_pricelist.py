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
        # sudo: whose price list it is does not depend on who asks
        partners = self.env['res.partner'].sudo().with_context(active_test=False)
        left = partners.browse(partner_ids).filtered(
            lambda partner: not partner.specific_property_product_pricelist
        )
        for pricelist in self._find_crm_audience_pricelists():
            domain = pricelist._get_crm_audience_domain(('', 'commercial_partner_id'))
            mine = partners.search(domain & Domain('id', 'in', left.ids))
            result.update(dict.fromkeys(mine.ids, pricelist.with_env(self.env)))
            left -= mine
        return result

    def _get_partner_pricelist_multi_search_domain_hook(self, company_id):
        """Leave price lists for some customers out where Odoo looks for one for everybody."""
        domain = super()._get_partner_pricelist_multi_search_domain_hook(company_id)
        return [*domain, ('id', 'not in', self._find_crm_audience_pricelists().ids)]

    @api.model
    def _find_crm_audience_pricelists(self):
        """Return the price lists of the company that hold for some customers only, in order."""
        pricelists = self.sudo().search([('company_id', 'in', [self.env.company.id, False])])
        return pricelists.filtered(lambda pricelist: pricelist._has_crm_audience())


class ResPartner(models.Model):
    _inherit = 'res.partner'

    def _inverse_product_pricelist(self):
        """Keep what is chosen by hand, also where Odoo takes it for the one of everybody."""
        chosen = {partner: partner.property_product_pricelist for partner in self}
        result = super()._inverse_product_pricelist()
        theirs = self.env['product.pricelist']._get_partner_pricelist_multi(self._ids)
        for partner, pricelist in chosen.items():
            if pricelist and pricelist != theirs.get(partner.id, pricelist):
                partner.specific_property_product_pricelist = pricelist
        return result
