import logging

from odoo import fields, models

from .crm_contract_batches import LATER

_logger = logging.getLogger(__name__)


class CrmContract(models.Model):
    """Invoices that contracts post and send by themselves.

    An invoice that cannot be posted stays a draft and says why. Sending is queued for Odoo's own
    scheduled action: it begins after this transaction is committed, or never.
    """

    _inherit = 'crm.contract'

    invoice_auto_post = fields.Boolean(
        string='Post Automatically',
        help='Confirm the invoices when they are made. On an invoice of several contracts, all of '
        'them have to say so.',
    )
    invoice_auto_send = fields.Boolean(
        string='Send Automatically',
        help='Send what was confirmed automatically to the customer, as Odoo sends many invoices.',
    )

    def _apply_billing_plan(self, plan, until):
        moves = super()._apply_billing_plan(plan, until)
        posted = moves.filtered(lambda move: all(move.crm_contract_ids.mapped('invoice_auto_post')))
        posted = self._post_invoices(posted)
        self._queue_invoices(
            posted.filtered(lambda move: all(move.crm_contract_ids.mapped('invoice_auto_send')))
        )
        return moves

    def _post_invoices(self, moves):
        """Post invoices and return those that could be; one that cannot be stops no other."""
        if not moves:
            return moves
        try:
            with self.env.cr.savepoint():
                moves.action_post()
                self.env.flush_all()
        except LATER:
            raise
        except Exception as error:
            if len(moves) > 1:
                return moves.browse().concat(*(self._post_invoices(move) for move in moves))
            _logger.warning('The invoice %s could not be posted: %s', moves.id, error)
            reason = self.env._('It could not be confirmed automatically: %(error)s', error=error)
            moves.message_post(body=reason)
            return moves.browse()
        return moves

    def _queue_invoices(self, moves):
        """Leave invoices to Odoo's scheduled sending, which takes each once."""
        if moves:
            author = self.env.user
            moves.sending_data = {
                'author_user_id': author.id,
                'author_partner_id': author.partner_id.id,
            }
            self.env.ref('account.ir_cron_account_move_send')._trigger()
