from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from odoo import api, fields, models
from odoo.tools import SQL

if TYPE_CHECKING:
    from odoo.api import ValuesType


class ServiceAutonumberMixin(models.AbstractModel):
    """A document with a number from its company's own series.

    The series is an ``ir.sequence`` per company whose code is the model's name.
    """

    _name = 'service.autonumber.mixin'
    _description = 'Document Numbered per Company'
    _number_field = 'number'
    _number_prefix = ''

    company_id = fields.Many2one(
        'res.company',
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        self._fill_company(vals_list)
        self._fill_number(vals_list)
        return super().create(vals_list)

    def _fill_company(self, vals_list: list[ValuesType]):
        """Complete the company of each document; override to take it from elsewhere."""
        default_id = self.env.context.get('default_company_id') or self.env.company.id
        for vals in vals_list:
            vals['company_id'] = vals.get('company_id') or default_id

    def _fill_number(self, vals_list: list[ValuesType]):
        """Draw the missing numbers, one query per company."""
        unnumbered = defaultdict(list)
        for vals in vals_list:
            if not vals.get(self._number_field):
                unnumbered[vals['company_id']].append(vals)
        companies = self.env['res.company'].browse(unnumbered)
        for company, sequence in self._get_number_sequences(companies).items():
            todo = unnumbered[company.id]
            for vals, number in zip(todo, self._draw_numbers(sequence, len(todo)), strict=True):
                vals[self._number_field] = number

    def _get_number_sequences(self, companies):
        """Return {company: sequence}, creating the series of a company that has none."""
        if not companies:
            return {}
        sequences_sudo = self.env['ir.sequence'].sudo()
        domain = [('code', '=', self._name), ('company_id', 'in', companies.ids)]
        # of several the first one, as Odoo does
        sequences = reversed(sequences_sudo.search(domain))
        found = {sequence.company_id.id: sequence for sequence in sequences}
        missing = companies.filtered(lambda company: company.id not in found)
        created = sequences_sudo.create(
            [self._prepare_number_sequence(company) for company in missing]
        )
        found.update({sequence.company_id.id: sequence for sequence in created})
        return {company: found[company.id] for company in companies}

    def _prepare_number_sequence(self, company) -> ValuesType:
        """Return the values of a company's series; override to number otherwise."""
        return {
            'name': self._description,
            'code': self._name,
            'company_id': company.id,
            'prefix': f'{self._number_prefix}/%(year)s/',
            'padding': 5,
            'number_next': self._get_last_number(company) + 1,
        }

    def _get_last_number(self, company) -> int:
        """Return how far a lost series had come, so that a new one goes on from there."""
        self.flush_model(['company_id', self._number_field])
        [(last,)] = self.env.execute_query(
            SQL(
                'SELECT MAX(SUBSTRING(%s FROM %s)::bigint) FROM %s WHERE company_id = %s',
                SQL.identifier(self._number_field),
                r'\d{1,9}$',
                SQL.identifier(self._table),
                company.id,
            )
        )
        return last or 0

    def _draw_numbers(self, sequence, count: int) -> list[str]:
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
