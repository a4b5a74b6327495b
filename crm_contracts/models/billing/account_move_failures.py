from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

INVOICE_ACTIVITY = 'crm_contracts.mail_activity_type_invoice'


class AccountMove(models.Model):
    """The invoices of contracts that could not be posted or sent by themselves.

    Who is responsible is told once. They are listed until it is done, and tried again every day.
    """

    _inherit = 'account.move'

    crm_contract_error = fields.Text(
        string='Automatic Invoice Failed',
        readonly=True,
        copy=False,
        translate=True,
        help='Why the invoice of a contract could not be posted or sent automatically. It is tried '
        'again once a day.',
    )
    crm_contract_date_tried = fields.Date(
        string='Automatic Invoice Tried',
        readonly=True,
        copy=False,
        help='Day on which posting or sending it automatically failed last.',
    )

    _crm_contract_failed_index = models.Index('(id) WHERE crm_contract_error IS NOT NULL')

    def write(self, vals):
        result = super().write(vals)
        if 'state' in vals:
            self._forget_crm_contract_failure()
        return result

    def unlink(self):
        self._forget_crm_contract_failure()
        return super().unlink()

    # === WHICH THEY ARE === #

    @api.model
    def _get_crm_contract_failed_domain(self):
        """Return the domain of the invoices that wait to be posted or sent by somebody."""
        return Domain('crm_contract_error', '!=', False)

    def _is_queued_by_crm_contract(self) -> bool:
        """Say whether the invoice is sent because its contracts say so."""
        return bool((self.sending_data or {}).get('crm_contract'))

    # === TELLING === #

    def _report_crm_contract_failure(self, get_reason):
        """Keep why an invoice failed, and tell who is concerned, once.

        :param get_reason: function of the invoice in somebody's language that says why, or '' if
            it went well after all
        """
        self.ensure_one()
        users = self.crm_contract_ids._get_invoice_watchers()
        languages = {user.lang for user in users} or {self.env.lang}
        reasons = {lang: get_reason(self.with_context(lang=lang)) for lang in languages}
        if not all(reasons.values()):
            return
        is_known = all(
            self.with_context(lang=lang).crm_contract_error == reason
            for lang, reason in reasons.items()
        )
        self.crm_contract_date_tried = fields.Date.context_today(self)
        if not is_known:
            for lang, reason in reasons.items():
                self.with_context(lang=lang).crm_contract_error = reason
            self._message_log(body=next(iter(reasons.values())))
            self.crm_contract_ids._tell_of_failed_invoices()

    def _forget_crm_contract_failure(self):
        """Take back what was told of invoices that are posted, sent or given up now."""
        failed = self.sudo().filtered('crm_contract_error')
        if failed:
            contracts = failed.crm_contract_ids
            failed.write({'crm_contract_error': False, 'crm_contract_date_tried': False})
            contracts._tell_of_failed_invoices()

    # === TRYING AGAIN === #

    @api.model
    def _retry_crm_contract_invoices(self):
        """Post and send again what failed before today."""
        failed = self.search(
            self._get_crm_contract_failed_domain()
            & Domain('crm_contract_date_tried', '<', fields.Date.context_today(self))
        )
        drafts = failed.filtered(lambda move: move.state == 'draft')
        biller = self.env['crm.contract.biller']
        biller._post_and_queue(drafts)
        biller._queue_invoices(failed - drafts)


class CrmContract(models.Model):
    """Who is told of the invoices that could not be posted or sent: one activity each."""

    _inherit = 'crm.contract'

    def _get_invoice_watchers(self):
        """Return who is told of failed invoices: the responsible and the invoicing salespeople."""
        responsible = self.env['res.users'].concat(*self._group_by_responsible())
        users = (responsible | self.invoice_user_id).filtered('active')
        return users.filtered(lambda user: self.with_user(user).has_access('read'))

    def _tell_of_failed_invoices(self):
        """Let the activities name the invoices that wait for somebody, and no others."""
        invoices = self.env['account.move'].sudo()
        failed = invoices.search(
            invoices._get_crm_contract_failed_domain() & Domain('crm_contract_ids', 'in', self.ids)
        )
        self.sudo().activity_unlink([INVOICE_ACTIVITY])
        for contract in self:
            own = failed.filtered(lambda move, one=contract: one in move.crm_contract_ids)
            for user in own and contract._get_invoice_watchers():
                told = contract.with_context(lang=user.lang)
                told.activity_schedule(
                    INVOICE_ACTIVITY, user_id=user.id, note=told._get_failure_note(own)
                )

    def _get_failure_note(self, moves):
        """Return which invoices failed and why, in the language of the environment."""
        moves = moves.with_env(self.env)
        return Markup('<br/>').join(
            Markup('%s: %s') % (move._get_html_link(), move.crm_contract_error) for move in moves
        )
