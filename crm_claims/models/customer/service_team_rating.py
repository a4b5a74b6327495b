from odoo import api, fields, models

from ...core.cases import CASE_MODELS


class ServiceTeam(models.Model):
    """What the customers think of a team's work."""

    _name = 'service.team'
    _inherit = ['rating.parent.mixin', 'service.team']
    _rating_satisfaction_days = 90

    rating_active = fields.Boolean(
        string='Ask for a Rating',
        default=True,
        help='Ask the customer once, by mail, when a case is solved.',
    )
    rating_days = fields.Integer(
        string='Days between Ratings',
        default=30,
        help='A customer is asked at most once in so many days, whatever is solved for them. '
        '0: about each case.',
    )

    _rating_days_not_negative = models.Constraint(
        'CHECK (rating_days >= 0)',
        'The days between ratings cannot be negative. Enter 0 to ask about each case.',
    )

    def action_view_ratings(self):
        """List the ratings that the satisfaction of the team is made of."""
        action = self.env['ir.actions.act_window']._for_xml_id('crm_claims.rating_rating_action')
        action['domain'] = [
            ('parent_res_model', '=', self._name),
            ('parent_res_id', 'in', self.ids),
            ('consumed', '=', True),
        ]
        return action

    @api.model
    def _cron_request_ratings(self):
        for model_name in CASE_MODELS:
            self.env[model_name]._request_due_ratings()
