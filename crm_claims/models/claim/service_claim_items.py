from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...core.claimable import join_names


class ServiceClaim(models.Model):
    """Items of documents of the claim's own customer, and of nobody else."""

    _inherit = 'service.claim'

    @api.constrains('partner_id', 'against')
    def _check_document_lines(self):
        self.line_ids._check_document_owners()

    def write(self, vals):
        """Check what counts as claimed again like what is claimed anew."""
        resting = self.browse()
        if vals.keys() & {'active', 'stage_id'}:
            resting = self.filtered(lambda claim: not claim._is_claiming())
        result = super().write(vals)
        resting.filtered(lambda claim: claim._is_claiming()).line_ids._check_document_line()
        return result

    def _get_document_names(self) -> str:
        """Return the numbers of the documents that the claim is about, for who prints it."""
        self.ensure_one()
        # sudo: the claim names its document, whoever may open it
        names = [self.sudo().ref.display_name] if self.sudo().ref else []
        return join_names([*names, *self.line_ids.mapped('document_name')])

    def _is_claiming(self) -> bool:
        """Say whether what is claimed cannot be claimed a second time."""
        return self.active and self.stage_kind != 'rejected'

    def _add_items(self, quantities):
        """Add lines of documents of the claim's own customer to what is claimed.

        :param dict quantities: {key as `_get_claimable_lines` gives it: quantity}
        :raises UserError: for what is not the customer's; nothing is added then
        :raises ValidationError: for more than is left of a line
        """
        self.ensure_one()
        self.check_access('write')
        items = self.env['service.claim.line']
        values = [
            {
                **items._prepare_claimed_item(source, kind, quantity, self.currency_id),
                'claim_id': self.id,
            }
            for source, kind, quantity in self._read_keys(quantities)
        ]
        # sudo: who works on claims need not see the books of the customer's own documents
        return items.sudo().create(values)

    def _read_keys(self, quantities):
        """Return (line of a document, kind, quantity) of keys, all of the claim's own customer."""
        kinds = self.env['service.claim.line']._get_document_kinds()
        wanted = defaultdict(dict)
        for key, quantity in quantities.items():
            model, _comma, id_ = key.partition(',')
            wanted[model][int(id_) if id_.isdecimal() else 0] = quantity
        found = []
        for model, by_id in wanted.items():
            lines = self._find_own_lines(kinds.get(model), by_id)
            if len(lines) < len(by_id):
                raise UserError(
                    self.env._(
                        '%(claim)s can only claim what is on confirmed documents of its own '
                        'customer or supplier.',
                        claim=self.display_name,
                    )
                )
            found += [(line, kinds[model], by_id[line.id]) for line in lines]
        return found

    def _find_own_lines(self, kind, ids):
        """Return those lines that are on documents of the claim's customer or supplier."""
        if not kind:
            return self.browse()
        domain = self.env['service.claim.line']._get_document_domain(
            kind, self.commercial_partner_id, self.company_id, self.against
        )
        # sudo: see _add_items
        return self.env[kind.line].sudo().search(domain & Domain('id', 'in', list(ids)))
