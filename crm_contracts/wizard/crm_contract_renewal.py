from odoo import api, fields, models

from ..core.prices import Revision


class CrmContractRenewal(models.TransientModel):
    """Asks until when and at which prices contracts go on."""

    _name = 'crm.contract.renewal'
    _description = 'Contract Renewal'
    _inherit = ['crm.contract.revising']

    contract_id = fields.Many2one('crm.contract', ondelete='cascade')
    contract_ids = fields.Many2many(
        compute='_compute_contract_ids',
        store=True,
        readonly=False,
        relation='crm_contract_renewal_contract_rel',
    )
    date_start = fields.Date(string='New Term From', compute='_compute_date_start')
    date_end = fields.Date(
        string='To',
        compute='_compute_date_end',
        store=True,
        readonly=False,
        help='Last day included. Of many contracts each one ends by its renewal months.',
    )
    line_ids = fields.One2many('crm.contract.renewal.line')
    price_ids = fields.One2many('crm.contract.renewal.price')

    @api.model
    def _selection_revision_type(self):
        return [*super()._selection_revision_type(), ('none', self.env._('Keep the prices'))]

    @api.depends('contract_id')
    def _compute_contract_ids(self):
        for renewal in self.filtered('contract_id'):
            renewal.contract_ids = renewal.contract_id

    @api.depends('contract_ids')
    def _compute_date_start(self):
        for renewal in self:
            contract = renewal.contract_ids
            renewal.date_start = len(contract) == 1 and contract._get_next_term_day()

    @api.depends('contract_ids')
    def _compute_date_end(self):
        for renewal in self:
            contract = renewal.contract_ids
            can_propose = len(contract) == 1 and contract.date_end and contract.term_months
            renewal.date_end = can_propose and contract._get_next_date_end()

    def _get_plan(self):
        if self.revision_type == 'contract':
            return self.contract_ids._origin._plan_renewal_revisions()
        return super()._get_plan()

    def _get_days(self, contracts):
        return {contract: contract._get_next_term_day() for contract in contracts}

    def _get_held(self):
        """Return the revisions that wait."""
        return [
            Revision(line.contract_id.id, line.date, self.revision_type, line.held)
            for line in self.line_ids.filtered('held')
        ]

    def action_renew(self):
        """Open the next term of the contracts, at the prices that the preview shows."""
        self.ensure_one()
        contracts = self.contract_ids
        contracts._check_renewable()
        contracts._open_next_terms(dict.fromkeys(contracts, self.date_end), self._get_revisions())
        if self.revision_type == 'contract':
            contracts._postpone_price_revisions(self._get_held())
        return {'type': 'ir.actions.act_window_close'}


class CrmContractRenewalLine(models.TransientModel):
    _name = 'crm.contract.renewal.line'
    _description = 'Contract Renewal: Contract'
    _inherit = ['crm.contract.revising.line']

    wizard_id = fields.Many2one('crm.contract.renewal')


class CrmContractRenewalPrice(models.TransientModel):
    _name = 'crm.contract.renewal.price'
    _description = 'Contract Renewal: Price'
    _inherit = ['crm.contract.revising.price']

    wizard_id = fields.Many2one('crm.contract.renewal')
