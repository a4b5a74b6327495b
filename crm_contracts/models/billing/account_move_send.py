from odoo import api, models


class AccountMoveSend(models.AbstractModel):
    """What becomes of the invoices that contracts sent automatically."""

    _inherit = 'account.move.send'

    @api.model
    def _hook_if_errors(self, moves_data, allow_raising=True):
        result = super()._hook_if_errors(moves_data, allow_raising)
        for move, data in moves_data.items():
            if move._is_queued_by_crm_contract():
                reason = self._format_error_text(data['error'])
                move._report_crm_contract_failure(
                    lambda told, reason=reason: told.env._(
                        'It could not be sent automatically: %(error)s', error=reason
                    )
                )
        return result

    @api.model
    def _hook_if_success(self, moves_data, from_cron=False):
        result = super()._hook_if_success(moves_data, from_cron=from_cron)
        for move, data in moves_data.items():
            if move._is_queued_by_crm_contract() and self._lacks_crm_contract_recipient(move, data):
                move._report_crm_contract_failure(
                    lambda told: told.env._(
                        'It could not be sent automatically: %(payer)s has no email address.',
                        payer=told.partner_id.display_name,
                    )
                )
            else:
                move._forget_crm_contract_failure()
        return result

    @api.model
    def _lacks_crm_contract_recipient(self, move, data):
        """Say whether an invoice goes by mail and nobody gets it: Odoo says nothing of that."""
        recipients = self.env['res.partner'].browse(data.get('mail_partner_ids') or ())
        return 'email' in data['sending_methods'] and not any(recipients.mapped('email'))
