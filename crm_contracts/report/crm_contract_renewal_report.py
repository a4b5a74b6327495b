from odoo import fields, models
from odoo.tools import SQL

from ..models.agreement.crm_contract_conditions_mixin import RENEWAL_TYPES


class CrmContractRenewalReport(models.Model):
    """Which terms were renewed: one row for each term whose end has passed, or that was given up.

    A contract that was cancelled never ran, so its terms say nothing.
    """

    _name = 'crm.contract.renewal.report'
    _description = 'Renewal Rate of Contracts'
    _auto = False
    _order = 'date desc, id'
    _rec_name = 'contract_id'
    _depends = {
        'crm.contract': [
            'company_id',
            'date_closed',
            'manager_id',
            'partner_id',
            'renewal_type',
            'state',
            'team_id',
            'template_id',
        ],
        'crm.contract.mrr.movement': ['company_amount', 'contract_id', 'date'],
        'crm.contract.term': ['contract_id', 'date_end', 'date_start'],
    }

    contract_id = fields.Many2one('crm.contract', readonly=True)
    partner_id = fields.Many2one('res.partner', string='Customer', readonly=True)
    manager_id = fields.Many2one('res.users', string='Account Manager', readonly=True)
    team_id = fields.Many2one('crm.team', string='Sales Team', readonly=True)
    template_id = fields.Many2one('crm.contract.template', readonly=True)
    company_id = fields.Many2one('res.company', readonly=True)
    currency_id = fields.Many2one(related='company_id.currency_id')
    renewal_type = fields.Selection(RENEWAL_TYPES, readonly=True)
    date = fields.Date(
        string='End', readonly=True, help='Last day of the term, or of the contract.'
    )
    renewal_rate = fields.Float(
        readonly=True,
        aggregator='avg',
        help='1 for a term that another one followed, 0 for one that was the last.',
    )
    yearly_value = fields.Monetary(
        readonly=True,
        help='Twelve times the monthly revenue at the end of the term, in company currency.',
    )
    renewed_value = fields.Monetary(
        readonly=True, help='Yearly value of the terms that another one followed.'
    )

    @property
    def _table_query(self):
        return SQL(
            """SELECT ended.*,
                      12 * earned.amount AS yearly_value,
                      12 * earned.amount * ended.renewal_rate AS renewed_value
                 FROM (%s) AS ended
        CROSS JOIN LATERAL (
                      SELECT COALESCE(SUM(movement.company_amount), 0) AS amount
                        FROM crm_contract_mrr_movement movement
                       WHERE movement.contract_id = ended.contract_id
                         AND movement.date <= ended.date
                         AND movement.date < COALESCE(ended.date_closed, 'infinity')) AS earned""",
            self._select_ended(),
        )

    def _select_ended(self):
        """Return the terms that are over, with the day on which they were."""
        return SQL(
            """SELECT term.id,
                      term.contract_id,
                      contract.partner_id,
                      contract.manager_id,
                      contract.team_id,
                      contract.template_id,
                      contract.company_id,
                      contract.renewal_type,
                      contract.date_closed,
                      LEAST(term.date_end, contract.date_closed) AS date,
                      CASE WHEN EXISTS (
                          SELECT 1
                            FROM crm_contract_term following
                           WHERE following.contract_id = term.contract_id
                             AND following.date_start > term.date_start)
                           THEN 1.0 ELSE 0.0 END AS renewal_rate
                 FROM crm_contract_term term
                 JOIN crm_contract contract ON contract.id = term.contract_id
                WHERE contract.state <> 'cancelled'
                  AND (term.date_end < %(today)s OR contract.state = 'closed')
                  AND term.date_start <= COALESCE(contract.date_closed, term.date_start)""",
            today=fields.Date.context_today(self),
        )
