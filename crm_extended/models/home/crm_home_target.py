from odoo import api, models
from odoo.fields import Domain

from ...core.home import get_percent


class CrmHome(models.AbstractModel):
    """What a salesperson won this month, and what may still come, beside what is to be won."""

    _inherit = 'crm.home'

    @api.model
    def _get_home_sales_blocks(self, found):
        return [*super()._get_home_sales_blocks(found), self._get_home_target_block()]

    @api.model
    def _get_home_target_domain(self):
        """The month of the user's time zone."""
        return (
            Domain('user_id', '=', self.env.uid)
            & Domain('date', '>=', 'today =1d')
            & Domain('date', '<', 'today =1d +1m')
        )

    @api.model
    def _get_home_target_figures(self):
        """Return {figure: amount} in the currency of the company."""
        return dict(
            self.env['crm.target.report']._read_group(
                self._get_home_target_domain(), ['figure'], ['amount:sum']
            )
        )

    @api.model
    def _get_home_target_block(self):
        figures = self._get_home_target_figures()
        won, target = figures.get('won', 0), figures.get('target', 0)
        title = self.env._('Won This Month')
        return self._prepare_home_block(
            key='target',
            sequence=60,
            title=title,
            icon='fa-bullseye',
            tone='success' if target and won >= target else 'info',
            value=self._get_home_target_value(won, target),
            percent=get_percent(won, target),
            hint=self._get_home_target_hint(figures),
            action=self._prepare_home_action(
                title,
                'crm.target.report',
                self._get_home_target_domain(),
                {'graph': None, 'pivot': None, 'list': None},
                {'group_by': ['figure']},
            ),
        )

    @api.model
    def _get_home_target_value(self, won, target):
        currency = self.env.company.currency_id
        if not target:
            return currency.format(won)
        return self.env._(
            '%(won)s of %(target)s', won=currency.format(won), target=currency.format(target)
        )

    @api.model
    def _get_home_target_hint(self, figures):
        currency = self.env.company.currency_id
        coming = self.env._(
            'Expected until the end of the month: %(all)s, by probability %(weighted)s.',
            all=currency.format(figures.get('open', 0)),
            weighted=currency.format(figures.get('weighted', 0)),
        )
        if figures.get('target'):
            return coming
        no_target = self.env._('You have no target for this month.')
        return f'{no_target} {coming}'
