from odoo import api, fields, models

# The fields of timesheets that name the case that was worked on.
CASE_LINKS = ('crm_ticket_id', 'crm_claim_id')


class AccountAnalyticLine(models.Model):
    """Timesheets that are worked on a ticket or claim, and so for its contract."""

    _inherit = 'account.analytic.line'

    crm_ticket_id = fields.Many2one(
        'service.ticket',
        string='Ticket',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        help="Ticket on which the time was worked. It is booked on the account of the ticket's "
        'contract.',
    )
    crm_claim_id = fields.Many2one(
        'service.claim',
        string='Claim',
        index='btree_not_null',
        check_company=True,
        ondelete='restrict',
        help="Claim on which the time was worked. It is booked on the account of the claim's "
        'contract.',
    )

    @api.model_create_multi
    def create(self, vals_list):
        for link in CASE_LINKS:
            vals_list = self._prepare_crm_case_time(link, vals_list)
        return super().create(vals_list)

    @api.model
    def _prepare_crm_case_time(self, link, vals_list):
        """Complete what is booked on cases with the project that belongs to each."""
        cases = self.env[self._fields[link].comodel_name].browse(
            {vals[link] for vals in vals_list if vals.get(link)}
        )
        if cases:
            cases.check_access('read')
        prepared = {case.id: case._prepare_time() for case in cases}
        return [{**prepared.get(vals.get(link), {}), **vals} for vals in vals_list]

    def _timesheet_preprocess_get_accounts(self, vals):
        """Time on a case goes to the account of its contract, whatever the project says."""
        accounts = super()._timesheet_preprocess_get_accounts(vals)
        for link in CASE_LINKS:
            case = self[link].browse(vals.get(link)) or self[link]
            if accounts and len(case) == 1:
                accounts.update(case._get_time_accounts())
        return accounts
