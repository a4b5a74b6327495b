from collections import defaultdict

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import float_compare

from odoo.addons.crm_extended.tools.numbers import format_number

from ...core.claimable import get_left, join_names


class ServiceClaimLine(models.Model):
    """What of a document is claimed or credited already: together never more than it has."""

    _inherit = 'service.claim.line'

    # === CRUD METHODS === #

    def write(self, vals):
        """Check what was rejected and is claimed again like what is claimed anew."""
        rejected = self.browse()
        if 'outcome' in vals:
            rejected = self.filtered(lambda line: line.outcome == 'rejected')
        result = super().write(vals)
        rejected._check_document_line()
        return result

    # === CHECKS === #

    @api.constrains('document_line', 'quantity', 'product_uom_id')
    def _check_document_line(self):
        """Refuse what is not of the claim's customer, or more than is left of it."""
        for kind, lines, sources in self._split_claiming():
            lines._check_document_owner(sources, kind)
            lines._check_left_to_claim(sources, kind)

    def _check_document_owners(self):
        """Refuse what is not of the claim's customer, whatever was credited since."""
        for kind, lines, sources in self._split_claiming():
            lines._check_document_owner(sources, kind)

    def _split_claiming(self):
        """Return what counts as claimed by kind: (kind, items, {item: line of a document})."""
        kinds = self._get_document_kinds()
        claiming_sudo = self.sudo().filtered_domain(self._get_claiming_domain())
        sources = claiming_sudo._get_sources()
        return [
            (kinds[model], lines, sources)
            for model, lines in claiming_sudo.grouped(lambda line: sources[line]._name).items()
            if model in kinds
        ]

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
        family = self._get_family(source, kind)
        claims = (self._find_claiming(family) - self).claim_id.mapped('number')
        raise ValidationError(
            self.env._(
                '%(claim)s cannot claim %(quantity)s of "%(item)s": no more than %(left)s of '
                '%(document)s is left. Claimed or credited already in: %(others)s.',
                claim=self.claim_id.display_name,
                quantity=format_number(self.env, own),
                item=self.name,
                left=format_number(self.env, max(left + own, 0.0)),
                document=self.document_name,
                others=join_names([*claims, *self._get_credit_names(family)]) or '-',
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
        """Return {line of a document: what of it is neither claimed nor credited, in its unit}.

        What is claimed of an order, of its invoices and of its deliveries counts together, and so
        does what was credited without a claim.

        :param sources: lines of one kind of document, readable
        """
        if not sources:
            return {}
        kind = self._get_document_kinds()[sources._name]
        families = {source: self._get_family(source, kind) for source in sources}
        members = {member for family in families.values() for member in family}
        taken = self._get_claimed(members)
        for line, parts in self._get_credited(members).items():
            taken[line] += parts
        return {
            source: get_left(self._get_limits(source, kind, family, taken))
            for source, family in families.items()
        }

    @api.model
    def _get_limits(self, source, kind, family, taken):
        """Return (quantity, what is taken of it) of a line and, with all else, of its order.

        What was credited and charged once more can be claimed once more.
        """
        unit = source[kind.unit]
        own = self._sum_in(unit, taken[source])
        order, order_kind = self._get_order_line(source, kind)
        ordered = self._sum_in(unit, [(self._get_whole(order, order_kind), order[order_kind.unit])])
        charged = self._sum_in(unit, self._get_charged(family))
        together = self._sum_in(unit, [part for member in family for part in taken[member]])
        return [(self._get_whole(source, kind), own), (max(ordered, charged), together)]

    @api.model
    def _get_charged(self, family):
        """Return [(quantity, unit)] that invoices charge of an order; override where there are."""
        return []

    @api.model
    def _get_credited(self, members):
        """Return {line of a document: [(quantity, unit)]} that was given back without a claim.

        Override where there are credit notes, in a constant number of queries.
        """
        return {}

    @api.model
    def _get_credit_names(self, members):
        """Return the numbers of the credit notes that `_get_credited` counts."""
        return []

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
