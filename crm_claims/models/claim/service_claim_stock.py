from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from .service_claim_document import DELIVERY


class ServiceClaimLine(models.Model):
    """Returns, repairs and replacements, where their applications are installed."""

    _inherit = 'service.claim.line'

    def _create_returns(self):
        """Return {item: return of its delivery}, as Odoo's own dialog makes them."""
        moves = {line: line._get_delivered_move() for line in self}
        made = {}
        for picking, lines in self.grouped(lambda line: moves[line].picking_id).items():
            dialog = self.env['stock.return.picking'].create({'picking_id': picking.id})
            for line in lines:
                back = dialog.product_return_moves.filtered(
                    lambda row, move=moves[line]: row.move_id == move
                )
                back.quantity += line._sum_in(back.uom_id, [(line.quantity, line.product_uom_id)])
            made |= dict.fromkeys(lines, dialog._create_return())
        return made

    def _get_delivered_move(self):
        """Return what was delivered, or received, of the item, as the user may read it."""
        source = self._get_sources()[self]
        kind = self._get_document_kinds().get(source._name)
        family = self._get_family(source, kind) if kind else ()
        moves = [member for member in family if member._name == DELIVERY.line]
        code = 'outgoing' if self.claim_id.against == 'customer' else 'incoming'
        for move in sorted(moves, key=lambda move: (move == source, move.id), reverse=True):
            if move.state == 'done' and move.picking_type_id.code == code:
                return move.sudo(False)
        raise UserError(
            self.env._(
                '"%(item)s" cannot be returned: nothing is known of its delivery. Add the item '
                'from its delivery or its order.',
                item=self.name,
            )
        )

    def _create_repairs(self):
        """Return {item: repair order}."""
        repairs = self.env['repair.order'].create([line._prepare_repair() for line in self])
        return dict(zip(self, repairs, strict=True))

    def _prepare_repair(self):
        """Return the values of the repair; override to say more."""
        self._check_product()
        lot = self.env['stock.lot'].search(
            [('name', '=', self.lot_name), ('product_id', '=', self.product_id.id)], limit=1
        )
        return {
            'partner_id': self.claim_id.partner_id.id,
            'company_id': self.company_id.id,
            'product_id': self.product_id.id,
            'product_qty': self.quantity,
            'product_uom': self.product_uom_id.id,
            'lot_id': lot.id,
            'internal_notes': self.reason,
        }

    def _create_replacement_purchase(self):
        """Return {item: draft order to the supplier}, one for all, which costs nothing."""
        claim = self.claim_id
        self._check_product()
        order = self.env['purchase.order'].create(
            {
                'partner_id': claim.partner_id.id,
                'company_id': claim.company_id.id,
                'origin': claim.number,
                'order_line': [Command.create(line._prepare_replacement()) for line in self],
            }
        )
        order.order_line.price_unit = 0.0
        return dict.fromkeys(self, order)

    def _prepare_replacement(self):
        """Return what an order of the same says; override to say more."""
        return {
            'product_id': self.product_id.id,
            'product_qty': self.quantity,
            'product_uom_id': self.product_uom_id.id,
            'price_unit': 0.0,
        }

    def _check_product(self):
        for line in self:
            if not line.product_id:
                raise UserError(
                    self.env._(
                        'Choose the product of "%(item)s": it is replaced or repaired as such.',
                        item=line.name,
                    )
                )
