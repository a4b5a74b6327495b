from odoo import api, fields, models

MARKUPS_BY_KIND = {'cost_markup_purchase', 'cost_markup_expense', 'cost_markup_other'}
MARKUP_HELP = 'Percent added to them; empty or zero: at cost. Changing the markup for all sets it.'


class CrmContractCostMarkupMixin(models.AbstractModel):
    """What is added to costs that are billed: the same for a contract and its template.

    Each kind follows the markup for all until it gets its own. They are computed apart, for Odoo
    computes none of the fields of a method of which one is given.
    """

    _name = 'crm.contract.cost.markup.mixin'
    _description = 'Markup on Costs'

    cost_markup = fields.Float(
        string='Markup (%)',
        help='Percent added to the costs, unless their kind has a markup of its own.',
    )
    cost_markup_purchase = fields.Float(
        string='Markup on Purchases (%)',
        compute='_compute_cost_markup_purchase',
        store=True,
        readonly=False,
        precompute=True,
        help=MARKUP_HELP,
    )
    cost_markup_expense = fields.Float(
        string='Markup on Expenses (%)',
        compute='_compute_cost_markup_expense',
        store=True,
        readonly=False,
        precompute=True,
        help=MARKUP_HELP,
    )
    cost_markup_other = fields.Float(
        string='Markup on Other Costs (%)',
        compute='_compute_cost_markup_other',
        store=True,
        readonly=False,
        precompute=True,
        help=MARKUP_HELP,
    )

    _cost_markups_not_negative = models.Constraint(
        """CHECK (cost_markup >= 0 AND cost_markup_purchase >= 0
              AND cost_markup_expense >= 0 AND cost_markup_other >= 0)""",
        'A markup on costs cannot be negative.',
    )

    @api.depends('cost_markup')
    def _compute_cost_markup_purchase(self):
        for record in self:
            record.cost_markup_purchase = record.cost_markup

    @api.depends('cost_markup')
    def _compute_cost_markup_expense(self):
        for record in self:
            record.cost_markup_expense = record.cost_markup

    @api.depends('cost_markup')
    def _compute_cost_markup_other(self):
        for record in self:
            record.cost_markup_other = record.cost_markup

    def _get_cost_markup(self, kind):
        """Return the percentage added to a kind of cost; override to charge another."""
        self.ensure_one()
        return self[f'cost_markup_{kind}']
