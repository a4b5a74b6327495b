"""A month of sixty leads, compared twice with what the script alone comes to."""

import re

from odoo.fields import Domain
from odoo.tests import tagged

from .month_model import Month
from .month_player import MonthPlayer
from .month_script import CRON, DAY, END, MIDDLE, START, get_events

COUNTERS = (
    'crm_call_count',
    'crm_call_planned_count',
    'crm_call_held_count',
    'crm_interaction_count',
    'crm_opportunity_open_count',
    'crm_opportunity_won_count',
    'crm_opportunity_lost_count',
)
FIGURES = (
    'crm_lead_count',
    'crm_opportunity_count',
    'crm_won_count',
    'crm_lost_count',
    'crm_open_count',
    'crm_won_revenue',
    'crm_cost_per_lead',
    'crm_roi',
    'crm_invoiced_revenue',
)


@tagged('post_install', '-at_install')
class TestLeadMonth(MonthPlayer):
    def test_month_comes_to_what_the_script_says(self):
        self.next_cron = START.replace(hour=CRON)
        for moment, name, one in get_events():
            if moment > MIDDLE and not self.is_past_middle:
                self.check(MIDDLE)
            self.run_crons_until(moment)
            with self.subTest(moment=str(moment), event=name, inquiry=one and one.number):
                self.play(moment, name, one)
        self.run_crons_until(END)
        self.tell_what_stands_still(END)
        self.check(END)

    is_past_middle = False

    def run_crons_until(self, moment):
        while self.next_cron <= moment:
            self.run_crons(self.next_cron)
            self.next_cron += DAY

    # === COMPARISON === #

    def check(self, moment):
        self.run_crons_until(moment)
        self.is_past_middle = moment >= MIDDLE
        model = Month(moment)
        with self.at(moment):
            self.env.invalidate_all()
            self.firms = self.find_firms()
            for name in (
                'assignments',
                'runs',
                'timeline',
                'counters',
                'campaigns',
                'channels',
                'targets',
                'attribution',
                'facts',
            ):
                found, expected = getattr(self, f'read_{name}')(), getattr(model, f'get_{name}')()
                with self.subTest(moment=str(moment), report=name):
                    self.assertTrue(expected)
                    self.assertSame(found, expected)

    def assertSame(self, found, expected):
        differences = [
            f'{key}: found {found.get(key)}, reckoned {expected.get(key)}'
            for key in sorted({*found, *expected}, key=str)
            if not self.is_same(found.get(key), expected.get(key))
        ]
        self.assertFalse(differences, '\n'.join(['', *differences]))

    def is_same(self, found, expected):
        if isinstance(found, tuple) and isinstance(expected, tuple):
            return len(found) == len(expected) and all(map(self.is_same, found, expected))
        if isinstance(found, float) and isinstance(expected, float):
            return abs(found - expected) < 0.006
        return found == expected

    # === WHAT ODOO TELLS === #

    def read_assignments(self):
        return {
            one.number: self.names.get(self.leads[one.number].user_id)
            for one in self.inquiries.values()
        }

    def read_runs(self):
        runs = self.env['crm.cadence.run'].search([('cadence_id', '=', self.cadence.id)])
        return {self.inquiries[run.lead_id.id].number: run.state for run in runs}

    def in_madrid(self, model_name):
        """Return a model as the client asks it: with the zone of the user."""
        return self.env[model_name].with_context(tz='Europe/Madrid')

    def get_ours(self):
        return Domain('commercial_partner_id', 'in', [firm.id for firm in self.firms.values()])

    def read_timeline(self):
        for row in self.env['crm.interaction'].search(
            self.get_ours() & Domain('kind', 'in', ('activity', 'mail'))
        ):
            print(
                'ROW',
                row.kind,
                row.name,
                row.date,
                row.partner_id.email,
                row.event,
                row.user_id.name,
                row.is_planned,
                row._get_document(),
            )
        for m in self.env['crm.cadence.run'].search([('cadence_id', '=', self.cadence.id)]):
            print(
                'RUN',
                m.lead_id.email_from,
                m.state,
                m.reason,
                m.lead_id.message_ids.mapped(
                    lambda x: (
                        x.message_type,
                        x.subtype_id.name,
                        x.author_id.name,
                        x.email_from,
                        x.date,
                    )
                ),
            )
        rows = self.in_madrid('crm.interaction')._read_group(
            self.get_ours(), ['date:month', 'kind'], ['__count']
        )
        return {(month.strftime('%Y-%m'), kind): count for month, kind, count in rows}

    def read_counters(self):
        found = {}
        for number, firm in self.firms.items():
            found[number] = tuple(firm[name] for name in COUNTERS)
            action = firm.action_view_crm_interactions()
            listed = self.env[action['res_model']].search_count(action['domain'])
            self.assertEqual(listed, firm.crm_interaction_count)
        return found

    def read_campaigns(self):
        return {
            name: tuple(campaign[figure] for figure in FIGURES)
            for name, campaign in self.campaigns.items()
        }

    def read_channels(self):
        rows = self.env['crm.campaign.report']._read_group(
            [('team_id', '=', self.team.id), ('campaign_id', '!=', False)],
            ['medium_id'],
            ['lead_count:sum', 'won_count:sum', 'conversion_rate:avg'],
        )
        names = {medium: name for name, medium in self.media.items()}
        return {names[medium]: tuple(values) for medium, *values in rows}

    def read_targets(self):
        rows = self.in_madrid('crm.target.report')._read_group(
            [('company_id', '=', self.env.company.id)],
            ['date:month', 'figure', 'user_id'],
            ['amount:sum'],
        )
        return {
            (month.strftime('%Y-%m'), figure, self.names.get(user)): amount
            for month, figure, user, amount in rows
        }

    def read_attribution(self):
        rows = self.env['crm.attribution.report']._read_group(
            [('team_id', '=', self.team.id)],
            ['medium_id'],
            ['first_amount:sum', 'last_amount:sum', 'even_amount:sum'],
        )
        names = {medium: name for name, medium in self.media.items()}
        return {names.get(medium): tuple(values) for medium, *values in rows}

    def read_facts(self):
        return {number: self.read_line(firm) for number, firm in self.firms.items()}

    def read_line(self, firm):
        """Return what the line of facts says, read back from its words."""
        told = {fact['name']: fact['value'] for fact in firm.action_tell_crm_facts()}
        when, _dot, whose = told['contact'].partition(' · ')
        step = told['step'].rpartition(' · ')[2] if ' · ' in told['step'] else None
        number, _dot, amount = told.get('pipeline', '').partition(' · ')
        return (
            None if when == 'None yet' else when,
            whose or None,
            step,
            int(number) if number else None,
            self.read_amount(amount),
            self.read_amount(told.get('money', '')),
        )

    def read_amount(self, words):
        found = re.search(r'[\d,]+\.\d\d', words)
        return float(found[0].replace(',', '')) if found else None
