from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from odoo.addons.crm_extended.core.home import ROWS, Row
from odoo.addons.crm_extended.models.home.crm_home import Found

from ...core.home import LITTLE_LEFT, get_lowest_margins
from ...core.states import RUNNING_STATES

LOWEST = 5


class CrmHome(models.AbstractModel):
    """What the contracts of an account manager bring, and which bring little."""

    _inherit = 'crm.home'

    @api.model
    def _get_home_contract_blocks(self, found):
        return [*super()._get_home_contract_blocks(found), self._get_home_mrr_block()]

    @api.model
    def _get_home_contract_later(self):
        prepaid = {
            'sequence': 50,
            'title': self.env._('Prepaid Units'),
            'hint': self.env._('Less than %s %% left', LITTLE_LEFT),
            'icon': 'fa-battery-quarter',
        }
        margins = {
            'sequence': 60,
            'title': self.env._('Lowest Margins'),
            'hint': self.env._('Margin per revenue of running contracts in the last twelve months'),
            'icon': 'fa-percent',
        }
        return super()._get_home_contract_later() | {
            'prepaid': (prepaid, self._get_home_prepaid_block),
            'margins': (margins, self._get_home_margin_block),
        }

    # === MONTHLY REVENUE === #

    @api.model
    def _get_home_mrr_block(self):
        title = self.env._('Monthly Revenue')
        domain = self._get_home_contract_domain()
        total, change = self._get_home_mrr(domain)
        return self._prepare_home_block(
            key='mrr',
            sequence=10,
            title=title,
            icon='fa-line-chart',
            tone='muted',
            value=self._format_home_companies(total),
            hint=self.env._('This month: %s', self._format_home_change(change)),
            action=self._prepare_home_action(
                title,
                'crm.contract.mrr.movement',
                domain,
                {
                    'graph': 'crm_contracts.crm_contract_mrr_movement_view_graph_level',
                    'pivot': None,
                    'list': None,
                },
            ),
        )

    @api.model
    def _get_home_mrr(self, domain):
        """Return what the contracts bring in a month, and how that changed in this one.

        :return: ({company: amount}, {company: amount}) in the currencies of the companies
        """
        groups = self.env['crm.contract.mrr.movement']._read_group(
            domain, ['company_id', 'date:month'], ['company_amount:sum']
        )
        this_month = fields.Date.context_today(self).replace(day=1)
        total, change = {}, {}
        for company, month, amount in groups:
            total[company] = total.get(company, 0.0) + amount
            if month >= this_month:
                change[company] = change.get(company, 0.0) + amount
        return total, change

    @api.model
    def _format_home_change(self, change):
        """Say a change with its sign."""
        if not any(change.values()):
            return self.env._('no change')
        return ' '.join(
            ('+' if amount > 0 else '') + company.currency_id.format(amount)
            for company, amount in change.items()
        )

    @api.model
    def _format_home_companies(self, amounts):
        amounts = amounts or {self.env.company: 0.0}
        return self.env['res.partner']._format_crm_amounts(amounts.items())

    # === PREPAID UNITS === #

    @api.model
    def _get_home_prepaid_block(self, **values):
        return self._prepare_home_list(
            self._find_home_prepaid(),
            lambda contract: {
                'detail': self._get_home_link_name(contract.partner_id),
                'when': self.env._('%s left', self._get_home_units_left(contract)),
                'tone': 'danger' if not contract.prepaid_remaining else 'warning',
            },
            empty=self.env._('No prepaid units come to their end.'),
            **values,
        )

    @api.model
    def _find_home_prepaid(self):
        """Find the contracts of the user that have little left, the least first."""
        watched = (
            self._get_home_contract_domain() & self.env['crm.contract']._get_prepaid_alert_domain()
        )
        low = (
            self.env['crm.contract']
            .search(watched)
            .filtered(
                lambda contract: (
                    contract.prepaid_available and contract.prepaid_percentage > 100 - LITTLE_LEFT
                )
            )
            .sorted('prepaid_percentage', reverse=True)
        )
        return Found(len(low), low[:ROWS], Domain('id', 'in', low.ids))

    @api.model
    def _get_home_units_left(self, contract):
        unit = contract.prepaid_uom_id.display_name or ''
        left = formatLang(self.env, contract.prepaid_remaining, digits=2)
        return f'{left} {unit}'.strip()

    # === MARGINS === #

    @api.model
    def _get_home_margin_block(self, **values):
        return self._prepare_home_block(
            rows=tuple(
                Row(
                    contract.id,
                    contract._name,
                    contract.display_name,
                    detail=self._get_home_link_name(contract.partner_id),
                    when=self._format_home_rate(rate),
                    tone='danger' if rate is None or rate < 0 else 'info',
                )
                for contract, rate in self._get_home_margins()
            ),
            empty=self.env._('Nothing was earned or spent on your contracts yet.'),
            action=self._prepare_home_action(
                values['title'],
                'crm.contract.report',
                self._get_home_results_domain(),
                {'pivot': None, 'graph': None, 'list': None},
                {'group_by': ['contract_id']},
            ),
            **values,
        )

    @api.model
    def _get_home_results_domain(self):
        return (
            self._get_home_contract_domain()
            & Domain('state', 'in', RUNNING_STATES)
            & Domain('date', '>=', 'today =1d -11m')
        )

    @api.model
    def _get_home_margins(self):
        """Return [(contract, margin per revenue or None)] of the user's, the lowest first."""
        groups = self.env['crm.contract.report']._read_group(
            self._get_home_results_domain(), ['contract_id'], ['margin:sum', 'revenue:sum']
        )
        results = {contract: (margin, revenue) for contract, margin, revenue in groups}
        return get_lowest_margins(results, LOWEST)

    @api.model
    def _format_home_rate(self, rate):
        if rate is None:
            return self.env._('no revenue')
        return f'{formatLang(self.env, 100 * rate, digits=1)} %'
