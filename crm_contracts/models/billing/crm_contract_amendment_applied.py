from odoo import api, fields, models
from odoo.tools import format_date


class CrmContractAmendment(models.Model):
    """How an amendment is carried out: once, and to the cent as its preview says.

    The ledger stays as it is. What costs more comes on the next invoice beside what was charged;
    what costs less leaves charged days that the contract does not cover any more, which are
    credited like those after an end.
    """

    _inherit = 'crm.contract.amendment'

    credit_unused = fields.Boolean(
        string='Credit at Once',
        default=True,
        help='Makes draft credit notes of what is charged for the days after already.',
    )
    adjustment_amount = fields.Monetary(
        string='For Charged Days',
        compute='_compute_adjustment_amount',
        help='What is charged beside what was charged already, less what is credited of it, '
        'without taxes.',
    )

    @api.depends('line_ids.adjustment_amount')
    def _compute_adjustment_amount(self):
        for amendment in self:
            amendment.adjustment_amount = sum(amendment.line_ids.mapped('adjustment_amount'))

    # === ACTIONS === #

    def action_apply(self):
        """Change the lines of the contract from the day of the amendment on.

        Who may change a contract may amend it. What costs more is charged with the next invoice.

        :return: an action that opens the credit notes, if some are made, else one that closes
        :raises UserError: if the contract does not run, the day is none of it, nothing changes,
            or a line cannot change from that day on
        """
        self.ensure_one()
        self.contract_id.check_access('write')
        contract = self.contract_id.sudo()
        contract._lock_for_billing()
        self._check_applicable()
        changes = self.sudo()._get_changes()
        changes._check_possible()
        self._apply_changes(changes)
        self._transition_to('applied', date_applied=fields.Date.context_today(self))
        contract._on_touch()
        if self.credit_unused and contract.unused_amount:
            return self.contract_id.action_credit_unused()
        return {'type': 'ir.actions.act_window_close'}

    def _apply_changes(self, changes):
        """Carry out the changes; extend it with what follows from them."""
        changes._apply()
        note = self.env._(
            '%(amendment)s, from %(day)s on: %(changes)s',
            amendment=self._get_html_link(),
            day=format_date(self.env, self.date),
            changes=[change._get_text() for change in changes],
        )
        self.contract_id._message_log(body=note)
