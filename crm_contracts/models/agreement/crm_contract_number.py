from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL


class CrmContract(models.Model):
    """How contracts get their numbers: a series per company, made on first use."""

    _inherit = 'crm.contract'

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(self._prepare_codes(vals_list))

    def _prepare_codes(self, vals_list):
        """Draw the missing numbers, one query per company."""
        unnumbered = defaultdict(list)
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if not vals.get('code'):
                unnumbered[vals.get('company_id') or self.env.company.id].append(vals)
        for company_id, todo in unnumbered.items():
            codes = self._draw_codes(self._get_code_sequence(company_id), len(todo))
            for vals, code in zip(todo, codes, strict=True):
                vals['code'] = code
        return vals_list

    def _get_code_sequence(self, company_id):
        """Return the number series of a company, made on first use."""
        sequences_sudo = self.env['ir.sequence'].sudo()
        return sequences_sudo.search(
            [('code', '=', self._name), ('company_id', '=', company_id)],
            limit=1,
        ) or sequences_sudo.create(
            {
                'name': self.env._('Contracts'),
                'code': self._name,
                'company_id': company_id,
                'prefix': 'C/%(year)s/',
                'padding': 4,
            }
        )

    def _draw_codes(self, sequence, count):
        if sequence.implementation != 'standard' or sequence.use_date_range:
            return [sequence.next_by_id() for _index in range(count)]
        rows = self.env.execute_query(
            SQL(
                'SELECT nextval(%s) FROM generate_series(1, %s)',
                f'ir_sequence_{sequence.id:03d}',
                count,
            )
        )
        return [sequence.get_next_char(number) for (number,) in rows]
