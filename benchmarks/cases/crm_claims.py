"""Support at the size of 160,000 tickets: against empty teams, and against plain counting."""

from odoo.fields import Domain

from ..harness import Case

BATCH = 100
IS_OPEN = Domain('stage_kind', 'not in', ('solved', 'rejected'))


def _busy_team(env):
    return env['service.team'].search([('name', '=', 'Bench team')], limit=1)


def _teams(env):
    """Return the team that has all tickets, and one that has none but the same promises."""
    busy = _busy_team(env)
    empty = busy.copy({'name': 'Bench empty team'})
    for policy in env['service.sla.policy'].search([('team_id', '=', busy.id)]):
        policy.copy({'team_id': empty.id})
    return busy, empty


def _create(env, team):
    return env['service.ticket'].create(
        [{'name': f'Bench {number}', 'team_id': team.id} for number in range(BATCH)]
    )


def _dashboard(env, team):
    counters = list(team._get_case_counters())
    return env['service.team'].browse(team.id).read(counters)


def _open_by_assignee(env, team):
    domain = Domain('team_id', '=', team.id) & IS_OPEN
    return env['service.ticket']._read_group(domain, ['user_id'], ['__count'])


def _waiting_teams(env):
    """Return both teams, with a ticket in each that nobody has."""
    teams = _teams(env)
    customer = env['service.ticket'].search([('team_id', '=', teams[0].id)], limit=1).partner_id
    values = {'name': 'Bench next', 'user_id': False, 'partner_id': customer.id}
    # Like the tickets that were copied, it is followed by nobody: who takes it follows it.
    tickets = env['service.ticket'].with_context(mail_create_nosubscribe=True)
    tickets.create([{**values, 'team_id': team.id} for team in teams])
    return teams


def _take_next(env, team):
    return env['service.ticket']._take_next(team)


def _times(env, _team):
    measures = ['response_hours_median:median', 'solution_hours_p90:p90']
    return env['service.case.report'].formatted_read_group([], ['date_open:month'], measures)


def _averages(env, _team):
    return env['service.ticket']._read_group(
        [], ['date_open:month'], ['hours_to_first_response:avg', 'hours_to_close:avg']
    )


def _backlog(env, _team):
    return env['service.backlog.report']._read_group([], ['date:day', 'age_band'], ['__count'])


def _promises(env, _team):
    return env['service.sla.report']._read_group(
        [], ['date_start:month', 'team_id'], ['met_rate:avg']
    )


def _clocks(env, _team):
    return env['service.sla.clock']._read_group([], ['date_start:month', 'team_id'], ['__count'])


CASES = [
    Case(
        'tickets: create',
        'the same in an empty team',
        _teams,
        lambda env, teams: _create(env, teams[0]),
        lambda env, teams: _create(env, teams[1]),
        at_most=1.3,
        more_queries=0,
        undo=True,
        count=lambda _teams: BATCH,
    ),
    Case(
        'tickets: dashboard',
        'one count of open tickets',
        _busy_team,
        _dashboard,
        _open_by_assignee,
    ),
    Case(
        'tickets: take the next one',
        'the only one of a team',
        _waiting_teams,
        lambda env, teams: _take_next(env, teams[0]),
        lambda env, teams: _take_next(env, teams[1]),
        at_most=1.3,
        more_queries=0,
        undo=True,
        count=lambda _teams: 1,
    ),
    Case(
        'tickets: median and 90 % by month',
        'averages of the tickets by month',
        _busy_team,
        _times,
        _averages,
    ),
    Case(
        'tickets: backlog by day and age',
        'averages of the tickets by month',
        _busy_team,
        _backlog,
        _averages,
    ),
    Case(
        'tickets: promises by month and team',
        'a count of the clocks',
        _busy_team,
        _promises,
        _clocks,
    ),
]
