from odoo import api, models
from odoo.fields import Domain
from odoo.tools import formatLang

BEST = 5
GOOD, POOR = 0.8, 0.5


class CrmHome(models.AbstractModel):
    """What customers thought of an agent's work in the last 90 days."""

    _inherit = 'crm.home'

    @api.model
    def _get_home_agent_blocks(self, found):
        return [
            *super()._get_home_agent_blocks(found),
            self._get_home_satisfaction_block(),
        ]

    @api.model
    def _get_home_satisfaction_domain(self):
        return Domain('user_id', '=', self.env.uid) & Domain('date', '>=', 'today -90d')

    @api.model
    def _get_home_satisfaction_block(self):
        domain = self._get_home_satisfaction_domain()
        number, satisfied, rating = self.env['service.rating.report']._read_group(
            domain, aggregates=['__count', 'satisfied_rate:avg', 'rating:avg']
        )[0]
        title, empty = self.env._('My Satisfaction'), self.env._('No customer has rated you yet.')
        return self._prepare_home_block(
            key='satisfaction',
            sequence=60,
            title=title,
            icon='fa-smile-o',
            count=number,
            empty=empty,
            action=self._prepare_home_action(
                title,
                'service.rating.report',
                domain,
                {'list': None, 'graph': None, 'kanban': None},
                empty=empty,
            ),
            **(self._prepare_home_satisfaction(satisfied, rating) if number else {}),
        )

    @api.model
    def _prepare_home_satisfaction(self, satisfied, rating):
        return {
            'value': self.env._('%s%% satisfied', round(satisfied * 100)),
            'percent': round(satisfied * 100),
            'hint': self.env._(
                '%(rating)s of %(best)s on average in the last 90 days',
                rating=formatLang(self.env, rating, digits=1),
                best=BEST,
            ),
            'tone': 'success'
            if satisfied >= GOOD
            else 'warning'
            if satisfied >= POOR
            else 'danger',
        }
