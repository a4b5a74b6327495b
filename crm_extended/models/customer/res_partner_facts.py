from collections import defaultdict
from datetime import timedelta

from babel.dates import format_timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import babel_locale_parse, formatLang
from odoo.tools.misc import get_lang

CONTACT_KINDS = ('call', 'meeting', 'mail', 'sms')
STEP_KINDS = ('call', 'meeting', 'activity')
# A customer of whom nobody heard for so long is getting lost.
QUIET_DAYS = 90


class ResPartner(models.Model):
    """The customer in one line: facts with a colour, each a link to what it tells."""

    _inherit = 'res.partner'

    def action_tell_crm_facts(self):
        """Return what one should know of a customer, and of everybody below it, at a glance.

        What the user may not read is not told. Days are those of the user's time zone.

        :return: [{'name', 'label', 'value', 'icon', 'color', 'action'}]; the colour is one of
            Bootstrap's, the action a public method of the contact that opens what is told
        """
        self.ensure_one()
        self.check_access('read')
        return [fact for fact in self._get_crm_facts() if fact]

    def _get_crm_facts(self):
        """Declare the facts in their order, None where there is nothing to tell. To be extended."""
        if not self.env['crm.interaction'].has_access('read'):
            return []
        return [
            self._get_crm_contact_fact(),
            self._get_crm_step_fact(),
            self._get_crm_pipeline_fact(),
        ]

    @api.model
    def _prepare_crm_fact(self, name, label, value, action, icon, color='secondary'):
        return {
            'name': name,
            'label': label,
            'value': value,
            'action': action,
            'icon': icon,
            'color': color,
        }

    # === LAST CONTACT, NEXT STEP === #

    def _get_crm_contact_fact(self):
        rows = self.env['crm.interaction']
        last = rows.search(
            self._get_crm_document_domain(rows)
            & Domain('kind', 'in', CONTACT_KINDS)
            & Domain('is_planned', '=', False)
            & Domain('event', 'not in', ('not_held',))
            & Domain('date', '<=', fields.Datetime.now()),
            limit=1,
        )
        label, action = self.env._('Last contact'), 'action_view_crm_interactions'
        if not last:
            never = self.env._('None yet')
            return self._prepare_crm_fact('contact', label, never, action, 'fa-history')
        days = self._get_crm_days_to(last.date)
        value = ' · '.join(filter(None, [self._format_crm_days(days), last.user_id.name]))
        color = 'warning' if days <= -QUIET_DAYS else 'success'
        return self._prepare_crm_fact('contact', label, value, action, last.icon, color)

    def _get_crm_step_fact(self):
        label = self.env._('Next step')
        step = self._find_crm_next_step()
        if not step:
            none = self.env._('None planned')
            return self._prepare_crm_fact(
                'step', label, none, 'action_plan_crm_call', 'fa-calendar-o', 'warning'
            )
        day = self._format_crm_days(self._get_crm_days_to(step.date))
        return self._prepare_crm_fact(
            'step',
            label,
            f'{step.name} · {day}',
            'action_open_crm_next_step',
            step.icon,
            'danger' if step.is_overdue else 'info',
        )

    def _find_crm_next_step(self):
        rows = self.env['crm.interaction']
        return rows.search(
            self._get_crm_document_domain(rows)
            & Domain('kind', 'in', STEP_KINDS)
            & Domain('is_planned', '=', True),
            order='date, id',
            limit=1,
        )

    def action_open_crm_next_step(self):
        """Open what is planned next with the customer; the planning of a call if nothing is."""
        self.ensure_one()
        step = self._find_crm_next_step()
        return step.action_open() if step else self.action_plan_crm_call()

    # === PIPELINE === #

    def _get_crm_pipeline_fact(self):
        leads = self.env['crm.lead'].with_context(active_test=False)
        if not leads.has_access('read'):
            return None
        groups = leads._read_group(
            self._get_crm_open_opportunity_domain(),
            ['company_id'],
            ['__count', 'expected_revenue:sum'],
        )
        if not groups:
            return None
        revenues = [(company or self.env.company, sum_) for company, _count, sum_ in groups]
        number = sum(count for _company, count, _sum in groups)
        value = self._format_crm_amounts(revenues)
        return self._prepare_crm_fact(
            'pipeline',
            self.env._('Open opportunities'),
            f'{number} · {value}',
            'action_view_crm_open_opportunities',
            'fa-star',
            'info',
        )

    def _get_crm_open_opportunity_domain(self):
        _model_name, domain = self._get_crm_counters()['crm_opportunity_open_count']
        return self._get_crm_document_domain(self.env['crm.lead']) & domain

    def action_view_crm_open_opportunities(self):
        """Open the opportunities of the customer that are neither won nor lost."""
        return self._get_crm_counter_action(
            'crm_opportunity_open_count', 'crm.crm_lead_opportunities'
        )

    # === WORDS === #

    def _get_crm_days_to(self, moment):
        """Return how many days from today a moment in UTC is, negative if it has passed."""
        today = fields.Date.context_today(self)
        return (fields.Datetime.context_timestamp(self, moment).date() - today).days

    def _format_crm_days(self, days):
        """Say how far away a day is: today, 3 days ago, in 2 weeks."""
        if not days:
            return self.env._('today')
        return format_timedelta(
            timedelta(days=days),
            granularity='day',
            add_direction=True,
            locale=babel_locale_parse(get_lang(self.env).code),
        )

    def _format_crm_amounts(self, amounts):
        """Say amounts, added up in each currency.

        :param amounts: [(company, amount in its currency)]
        """
        sums = defaultdict(float)
        for company, amount in amounts:
            sums[company.currency_id] += amount
        return ' + '.join(
            formatLang(self.env, amount, currency_obj=currency) for currency, amount in sums.items()
        )
