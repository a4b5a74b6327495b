from odoo import api, fields, models


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
        return self._run_within(moves, lambda some: some.action_post(), self._tell_not_posted)

    @api.model
    def _tell_not_posted(self, move, error):
        reason = self.env._('It could not be confirmed automatically: %(error)s', error=error)
        move.message_post(body=reason)

    def _queue_invoices(self, moves):
        """Leave invoices to Odoo's scheduled sending, which takes each once."""
        if moves:
            author = self.env.user
            moves.sending_data = {
                'author_user_id': author.id,
                'author_partner_id': author.partner_id.id,
            }
            self.env.ref('account.ir_cron_account_move_send')._trigger()
