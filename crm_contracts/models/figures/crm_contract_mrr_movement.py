from odoo import api, fields, models

from ...core.figures import get_movement

MOVEMENT_KINDS = [
    ('new', 'New'),
    ('expansion', 'Expansion'),
    ('contraction', 'Contraction'),
    ('churn', 'Churn'),
    ('reactivation', 'Reactivation'),
]


class CrmContractMrrMovement(models.Model):
    """What changed the monthly revenue of a contract, and on which day.

    The movements of a contract add up to its monthly revenue.
    """

    _name = 'crm.contract.mrr.movement'
    _description = 'Movement of Monthly Revenue'
    _order = 'date desc, id desc'
    _rec_name = 'contract_id'

    contract_id = fields.Many2one(
        'crm.contract', required=True, readonly=True, ondelete='cascade', index=True
    )
    position = fields.Integer(
        required=True, readonly=True, help='Number of the movement in its contract, from 1.'
    )
    date = fields.Date(required=True, readonly=True, index=True)
    kind = fields.Selection(
        MOVEMENT_KINDS,
        required=True,
        readonly=True,
        help='New: the first revenue. Expansion and contraction: more or less than before. '
        'Churn: nothing any more. Reactivation: again after a churn.',
    )
    amount = fields.Monetary(
        readonly=True, help="Change of the monthly revenue, in the contract's currency."
    )
    mrr = fields.Monetary(
        string='Monthly Revenue',
        readonly=True,
        aggregator=None,
        help="Monthly revenue after the movement, in the contract's currency.",
    )
    company_amount = fields.Monetary(
        string='Amount in Company Currency',
        readonly=True,
        currency_field='company_currency_id',
        help='At the rate of the day.',
    )
    currency_id = fields.Many2one('res.currency', required=True, readonly=True)
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    company_currency_id = fields.Many2one(
        related='company_id.currency_id', string='Company Currency'
    )
    partner_id = fields.Many2one(related='contract_id.partner_id', store=True)
    manager_id = fields.Many2one(related='contract_id.manager_id', store=True)
    team_id = fields.Many2one(related='contract_id.team_id', store=True)
    template_id = fields.Many2one(related='contract_id.template_id', store=True)

    # Two runs at once see the same last movement: one of them is refused.
    _position_unique = models.UniqueIndex(
        '(contract_id, position)', 'This change of the monthly revenue is written already.'
    )
    _something_moved = models.Constraint(
        'CHECK (amount <> 0)', 'A movement of the monthly revenue changes it.'
    )

    @api.model
    def _log(self, contracts, day, date=None):
        """Write by what the monthly revenue of a day differs from the log, if it does.

        :param date: day of the movement, if another one
        """
        logged = self._get_logged(contracts)
        amounts = {contract: contract._get_mrr(day) for contract in contracts}
        self.create(
            [
                self._prepare(contract, *logged[contract.id], amount, date or day)
                for contract, amount in amounts.items()
                if contract.currency_id.compare_amounts(amount, logged[contract.id][0])
            ]
        )

    @api.model
    def _get_logged(self, contracts):
        """Return {contract id: (monthly revenue by the log, number of movements)}."""
        groups = self._read_group(
            [('contract_id', 'in', contracts.ids)], ['contract_id'], ['amount:sum', 'position:max']
        )
        nothing = dict.fromkeys(contracts.ids, (0.0, 0))
        return nothing | {contract.id: (amount, last) for contract, amount, last in groups}

    @api.model
    def _prepare(self, contract, before, last, after, day):
        """Return the values of the movement from the monthly revenue of the log to another one."""
        currency, company = contract.currency_id, contract.company_id
        movement = get_movement(before, after, not last, currency.round)
        return {
            **movement._asdict(),
            'contract_id': contract.id,
            'position': last + 1,
            'date': day,
            'currency_id': currency.id,
            'company_amount': currency._convert(movement.amount, company.currency_id, company, day),
        }
