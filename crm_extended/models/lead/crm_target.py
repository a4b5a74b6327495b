from odoo import api, fields, models
from odoo.tools.date_utils import start_of


class CrmTarget(models.Model):
    """What a salesperson or a team is to win in a month."""

    _name = 'crm.target'
    _description = 'Sales Target'
    _inherit = ['crm.linked.mixin']
    _order = 'date desc, team_id, user_id, id'
    _check_company_auto = True

    date = fields.Date(
        string='Month',
        required=True,
        default=lambda self: start_of(fields.Date.context_today(self), 'month'),
        help='Its first day, whichever day of the month is given.',
    )
    user_id = fields.Many2one(
        'res.users', string='Salesperson', domain=[('share', '=', False)], index=True
    )
    team_id = fields.Many2one('crm.team', string='Sales Team', index=True, check_company=True)
    amount = fields.Monetary(
        required=True, help='Expected revenue of what is to be won in the month.'
    )
    company_id = fields.Many2one(
        'res.company', required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related='company_id.currency_id')

    _of_one = models.Constraint(
        'CHECK (num_nonnulls(user_id, team_id) = 1)',
        "A target is either a salesperson's or a team's.",
    )
    _amount_positive = models.Constraint('CHECK (amount > 0)', 'A target is more than nothing.')
    _once_per_user = models.UniqueIndex(
        '(user_id, date, company_id) WHERE user_id IS NOT NULL',
        'The salesperson has a target for this month already.',
    )
    _once_per_team = models.UniqueIndex(
        '(team_id, date, company_id) WHERE team_id IS NOT NULL',
        'The team has a target for this month already.',
    )

    @api.depends('user_id', 'team_id', 'date')
    def _compute_display_name(self):
        for target in self:
            who = target.user_id.name or target.team_id.name or ''
            target.display_name = f'{who} {target.date:%Y-%m}' if target.date else who

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_with_first_day(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_with_first_day(vals))


def _with_first_day(vals):
    if not vals.get('date'):
        return vals
    return {**vals, 'date': start_of(fields.Date.to_date(vals['date']), 'month')}
