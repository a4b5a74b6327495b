from odoo import api, fields, models
from odoo.fields import Domain


class ResPartner(models.Model):
    """Who is ours: segments of customers look past our own companies, people and addresses."""

    _inherit = 'res.partner'

    crm_is_own = fields.Boolean(
        string='Our Own',
        compute='_compute_crm_is_own',
        search='_search_crm_is_own',
        help='One of our companies, one of their contacts or addresses, or somebody who works '
        'with us in Odoo.',
    )

    @api.depends('commercial_partner_id', 'partner_share')
    def _compute_crm_is_own(self):
        own_ids = set(self._get_own_entity_ids())
        for partner in self:
            entity = partner.commercial_partner_id
            partner.crm_is_own = not partner.partner_share or entity._origin.id in own_ids

    def _search_crm_is_own(self, operator, _value):
        if operator != 'in':
            return NotImplemented
        own = Domain('commercial_partner_id', 'in', self._get_own_entity_ids())
        return own | Domain('partner_share', '=', False)

    @api.model
    def _get_own_entity_ids(self):
        """Return the ids of our companies and people, to which their addresses belong."""
        # sudo: the companies and users are only told apart from customers
        companies = self.env['res.company'].sudo().search(Domain.TRUE)
        users = self.env['res.users'].sudo().search([('share', '=', False)])
        return sorted((companies.partner_id | users.partner_id).ids)
