from collections import defaultdict

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

from ...core.claimable import get_left, join_names


class ServiceClaimLine(models.Model):
    """What of a document is claimed already: of all claims together never more than it has."""

    _inherit = 'service.claim.line'

    # === CHECKS === #

    @api.constrains('document_line', 'quantity', 'product_uom_id', 'outcome')
    def _check_document_line(self):
        """Refuse what is not of the claim's customer, or more than is left of it."""
        kinds = self._get_document_kinds()
        claiming_sudo = self.sudo().filtered_domain(self._get_claiming_domain())
        sources = claiming_sudo._get_sources()
        for model, lines in claiming_sudo.grouped(lambda line: sources[line]._name).items():
            if model in kinds:
                lines._check_document_owner(sources, kinds[model])
                lines._check_left_to_claim(sources, kinds[model])

    def _check_document_owner(self, sources, kind):
        """Refuse lines of documents of somebody else, and what nobody claims, like a draft."""
        for claim, lines in self.grouped('claim_id').items():
            claimed = sources[lines[0]].union(*(sources[line] for line in lines))
            domain = self._get_document_domain(
                kind, claim.commercial_partner_id, claim.company_id, claim.against
            )
            for foreign in claimed - claimed.filtered_domain(domain):
                raise ValidationError(
                    self.env._(
                        '%(claim)s cannot claim "%(item)s" of %(document)s: that is no confirmed '
                        'document of %(partner)s.',
                        claim=claim.display_name,
                        item=self._get_item_name(foreign),
                        document=foreign[kind.document].display_name,
                        partner=claim.commercial_partner_id.display_name or '-',
                    )
                )

    def _check_left_to_claim(self, sources, kind):
        """Refuse more than is left. Two claims at once take turns at the line of the order."""
        claimed = sources[self[0]].union(*(sources[line] for line in self))
        self._take_turn_at_orders(claimed, kind)
        left = self._get_left_to_claim(claimed)
        for line in self:
            if self._compare_quantities(left[sources[line]], 0.0) < 0:
                line._refuse_more_than_left(kind, left[sources[line]])

    def _refuse_more_than_left(self, kind, left):
        source = self._get_sources()[self]
        own = self._sum_in(source[kind.unit], [(self.quantity, self.product_uom_id)])
        others = self._find_claiming(self._get_family(source, kind)) - self
        raise ValidationError(
            self.env._(
                '%(claim)s cannot claim %(quantity)s of "%(item)s": no more than %(left)s of '
                '%(document)s is left. Claimed already in: %(others)s.',
                claim=self.claim_id.display_name,
                quantity=f'{own:g}',
                item=self.name,
                left=f'{max(left + own, 0.0):g}',
                document=self.document_name,
                others=join_names(others.claim_id.mapped('number')) or '-',
            )
        )

    @api.model
    def _take_turn_at_orders(self, sources, kind):
        orders = defaultdict(set)
        for source in sources:
            order, _kind = self._get_order_line(source, kind)
            orders[order._name].add(order.id)
        for model, ids in sorted(orders.items()):
            self.env['crm.turn.mixin']._take_turn_with(self.env[model].browse(ids))

    # === WHAT IS LEFT === #

    @api.model
    def _get_left_to_claim(self, sources):
        """Return {line of a document: what of it is not claimed, in its unit}.

        What is claimed of an order, of its invoices and of its deliveries counts together.

        :param sources: lines of one kind of document, readable
        """
        if not sources:
            return {}
        kind = self._get_document_kinds()[sources._name]
        families = {source: self._get_family(source, kind) for source in sources}
        members = {member for family in families.values() for member in family}
        claimed = self._get_claimed(members)
        return {
            source: get_left(self._get_limits(source, kind, family, claimed))
            for source, family in families.items()
        }

    @api.model
    def _get_limits(self, source, kind, family, claimed):
        """Return (quantity, what is claimed of it) of a line and, with all else, of its order."""
        unit = source[kind.unit]
        own = self._sum_in(unit, claimed[source])
        order, order_kind = self._get_order_line(source, kind)
        ordered = self._sum_in(unit, [(self._get_whole(order, order_kind), order[order_kind.unit])])
        together = self._sum_in(unit, [part for member in family for part in claimed[member]])
        return [(self._get_whole(source, kind), own), (ordered, together)]

    @api.model
    def _get_family(self, source, kind):
        """Return the line with that of its order and all that carries the order out."""
        order, order_kind = self._get_order_line(source, kind)
        family = {source, order}
        for name in order_kind.executions:
            if name in order._fields:
                family.update(order[name])
        return family

    @api.model
    def _get_claimed(self, members):
        """Return {line of a document: [(quantity, unit)] that is claimed of it}, in one query."""
        claimed = defaultdict(list)
        for line in self._find_claiming(members):
            claimed[line.document_line].append((line.quantity, line.product_uom_id))
        return claimed

    @api.model
    def _find_claiming(self, members):
        """Return the items that claim lines of documents, whoever may see their claims."""
        keys = [f'{member._name},{member.id}' for member in members]
        claiming = self._get_claiming_domain()
        found_sudo = self.sudo().search(
            Domain('document_line', 'in', keys)
            & (claiming | Domain('outcome_document', '!=', False))
        )
        settled = found_sudo._get_outcome_documents()
        return found_sudo.filtered_domain(claiming) | found_sudo.filtered(
            lambda line: line in settled
        )

    @api.model
    def _get_claiming_domain(self):
        """Return which items count as claimed: what was rejected may be claimed again, but for
        what was credited, returned or replaced before."""
        return (
            Domain('outcome', '!=', 'rejected')
            & Domain('claim_id.active', '=', True)
            & Domain('claim_id.stage_kind', '!=', 'rejected')
        )

    # === QUANTITIES === #

    @api.model
    def _get_whole(self, source, kind):
        return max(source[name] for name in kind.quantities if name in source._fields)

    @api.model
    def _sum_in(self, unit, parts):
        """Return the sum of quantities, each with its unit, in a unit."""
        return sum(
            own_unit._compute_quantity(quantity, unit, round=False, raise_if_failure=False)
            if own_unit and unit
            else quantity
            for quantity, own_unit in parts
        )

    @api.model
    def _compare_quantities(self, one, other):
        digits = self.env['decimal.precision'].precision_get('Product Unit')
        return float_compare(one, other, precision_digits=digits)
