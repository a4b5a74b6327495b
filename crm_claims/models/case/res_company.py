from odoo import api, models

from ...core.cases import CASE_MODELS


class ResCompany(models.Model):
    _inherit = 'res.company'

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        for model_name in CASE_MODELS:
            self.env[model_name]._get_number_sequences(companies)
        return companies
