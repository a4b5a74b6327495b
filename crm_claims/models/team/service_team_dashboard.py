from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils, format_date

from ...core.cases import CASE_MODELS
from ...core.stages import OPEN_KINDS

IS_OPEN = Domain('stage_kind', 'in', OPEN_KINDS)
WEEKS = 6


class ServiceTeam(models.Model):
    """What a team has to do now, as far as the user may see it. Nothing here is stored."""

    _inherit = 'service.team'

    open_claim_count = fields.Integer(string='Open Claims', compute='_compute_case_counts')
    unassigned_claim_count = fields.Integer(
        string='Unassigned Claims',
        compute='_compute_case_counts',
    )
    late_claim_count = fields.Integer(string='Late Claims', compute='_compute_case_counts')
    due_claim_count = fields.Integer(string='Claims Due Today', compute='_compute_case_counts')
    open_ticket_count = fields.Integer(string='Open Tickets', compute='_compute_case_counts')
    unassigned_ticket_count = fields.Integer(
        string='Unassigned Tickets',
        compute='_compute_case_counts',
    )
    late_ticket_count = fields.Integer(string='Late Tickets', compute='_compute_case_counts')
    due_ticket_count = fields.Integer(string='Tickets Due Today', compute='_compute_case_counts')
    dashboard_graph = fields.Text(
        string='Opened per Week',
        compute='_compute_dashboard_graph',
        help='Claims and tickets opened in each of the last weeks.',
    )

    # === COMPUTE METHODS === #

    @api.depends_context('uid', 'allowed_company_ids', 'tz')
    def _compute_case_counts(self):
        by_model = defaultdict(dict)
        for field_name, (model_name, domain) in self._get_case_counters().items():
            by_model[model_name][field_name] = domain
        for model_name, domains in by_model.items():
            counts = self._count_open_cases(model_name, list(domains.values()))
            for team in self:
                team_counts = counts.get(team.id, [0] * len(domains))
                for field_name, count in zip(domains, team_counts, strict=True):
                    team[field_name] = count

    @api.depends_context('uid', 'allowed_company_ids', 'lang', 'tz')
    def _compute_dashboard_graph(self):
        weeks = self._get_graph_weeks()
        opened = self._count_opened_by_week(weeks)
        labels = [format_date(self.env, week, date_format='d MMM') for week in weeks]
        title = self.env._('Opened')
        for team in self:
            values = [
                {'label': label, 'value': opened[team.id, week], 'type': 'past'}
                for week, label in zip(weeks, labels, strict=True)
            ]
            team.dashboard_graph = json.dumps([{'key': title, 'values': values}])

    # === ACTIONS === #

    def action_view_open_claims(self):
        """List the claims that the team still has to close."""
        return self._get_case_counter_action('open_claim_count')

    def action_view_unassigned_claims(self):
        """List the open claims that nobody has taken yet."""
        return self._get_case_counter_action('unassigned_claim_count')

    def action_view_late_claims(self):
        """List the open claims whose deadline has passed."""
        return self._get_case_counter_action('late_claim_count')

    def action_view_due_claims(self):
        """List the open claims that are due today."""
        return self._get_case_counter_action('due_claim_count')

    def action_view_open_tickets(self):
        """List the tickets that the team still has to close."""
        return self._get_case_counter_action('open_ticket_count')

    def action_view_unassigned_tickets(self):
        """List the open tickets that nobody has taken yet."""
        return self._get_case_counter_action('unassigned_ticket_count')

    def action_view_late_tickets(self):
        """List the open tickets whose deadline has passed."""
        return self._get_case_counter_action('late_ticket_count')

    def action_view_due_tickets(self):
        """List the open tickets that are due today."""
        return self._get_case_counter_action('due_ticket_count')

    # === BUSINESS METHODS === #

    @api.model
    def _get_case_counters(self):
        """Declare the numbers of the dashboard: {field: (model, domain among the open ones)}."""
        kinds = {
            'open': Domain.TRUE,
            'unassigned': Domain('user_id', '=', False),
            'late': Domain('is_late', '=', True),
            'due': Domain('date_deadline', '>=', 'today')
            & Domain('date_deadline', '<', 'today +1d'),
        }
        return {
            f'{kind}_{noun}_count': (f'service.{noun}', domain)
            for noun in ('claim', 'ticket')
            for kind, domain in kinds.items()
        }

    def _count_open_cases(self, model_name, domains) -> dict[int, list[int]]:
        """Return {team id: [number for each domain]}, in one statement."""
        cases = self.env[model_name]
        query = cases._search(Domain('team_id', 'in', self.ids) & IS_OPEN)
        if query.is_empty():
            return {}
        team = cases._field_to_sql(query.table, 'team_id', query)
        counts = self._get_crm_numbers_sql(cases, query, domains)
        query.groupby = team
        return {
            team_id: numbers
            for team_id, *numbers in self.env.execute_query(query.select(team, *counts))
        }

    def _get_case_counter_action(self, field_name):
        """Return the window action that lists exactly what the number counts."""
        model_name, domain = self._get_case_counters()[field_name]
        return self._get_crm_list_action(
            f'crm_claims.{model_name.replace(".", "_")}_action',
            Domain('team_id', 'in', self.ids) & IS_OPEN & domain,
            {'default_team_id': self.id} if len(self) == 1 else {},
        )

    def _get_graph_weeks(self):
        """Return the first day of each of the last weeks, the current one last."""
        current = date_utils.start_of(fields.Date.context_today(self), 'week')
        return [current - timedelta(weeks=back) for back in reversed(range(WEEKS))]

    def _count_opened_by_week(self, weeks) -> dict:
        """Return {(team id, first day of the week): number opened}."""
        opened = defaultdict(int)
        domain = Domain('team_id', 'in', self.ids) & Domain('date_open', '>=', f'{weeks[0]}')
        for model_name in CASE_MODELS:
            groups = self.env[model_name]._read_group(
                domain, ['team_id', 'date_open:day'], ['__count']
            )
            for team, day, count in groups:
                opened[team.id, date_utils.start_of(day.date(), 'week')] += count
        return opened
