from odoo import api, models


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for model_name in ('service.claim', 'service.ticket'):
            self.env[model_name]._get_number_sequences(companies)
        return companies
