from datetime import datetime

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_extended.core.home import ROWS, Button, Part, get_most_urgent

from ...core.cases import CASE_MODELS

# Who has work has to do something about it: it is not the customer's turn.
IS_OURS = Domain('stage_kind', 'in', ('new', 'open'))
# The deadline follows the promises, unless somebody has set another one by hand.
DEADLINES = ('date_deadline', 'sla_deadline')
# By which dates the cases of a list are in order, the earliest of them first
DATES = {
    'due': DEADLINES,
    'answered': ('date_customer_waiting',),
    'unassigned': ('date_deadline',),
    'waiting': ('date_deadline',),
}


class CrmHome(models.AbstractModel):
    """The day of an agent: the claims and tickets that wait for something."""

    _inherit = 'crm.home'

    # === HOOKS === #

    @api.model
    def _get_home_roles(self):
        return super()._get_home_roles() | {
            'agent': {
                'title': self.env._('After-Sales'),
                'groups': 'crm_claims.crm_claims_group_agent',
                'action': 'crm_claims.crm_home_action_agent',
                'sequence': 20,
            }
        }

    @api.model
    def _get_home_blocks(self, role):
        blocks = super()._get_home_blocks(role)
        if role != 'agent':
            return blocks
        found = self._find_home_records(self._get_home_agent_lists())
        return blocks + self._get_home_agent_blocks(found)

    @api.model
    def _get_home_agent_lists(self):
        """Return {key: (model, domain, order)} of what an agent's home lists; add to it."""
        teams = self.env['service.team']._get_own_teams()
        return {
            f'{model_name} {key}': (model_name, domain, self._get_home_cases_order(key))
            for model_name in CASE_MODELS
            for key, domain in self._get_home_cases_domains(model_name, teams).items()
        }

    @api.model
    def _get_home_agent_blocks(self, found):
        """Return the cards of an agent's home; add to them.

        :param dict found: what was found of the lists of ``_get_home_agent_lists``
        """
        return [
            self._get_home_due_block(found),
            self._get_home_answered_block(found),
            self._get_home_unassigned_block(found),
            self._get_home_waiting_block(found),
        ]

    # === LISTS === #

    @api.model
    def _get_home_cases_domains(self, model_name, teams):
        """Return {key: which claims or tickets are on the card}."""
        mine = Domain('user_id', '=', self.env.uid)
        nobodys = Domain('user_id', '=', False) & Domain('team_id', 'in', teams.ids)
        is_due = Domain.OR(Domain(name, '<=', 'now +2H') for name in DEADLINES)
        return {
            'due': IS_OURS & (mine | nobodys) & is_due,
            'answered': mine & Domain('is_customer_waiting', '=', True),
            'unassigned': self.env[model_name]._get_next_domain(teams),
            'waiting': mine
            & Domain('stage_kind', '=', 'waiting')
            & Domain('is_customer_waiting', '=', False),
        }

    @api.model
    def _get_home_cases_order(self, key):
        return f'{DATES[key][0]} ASC NULLS LAST, priority DESC, date_open, id'

    # === CARDS === #

    @api.model
    def _get_home_due_block(self, found):
        return self._prepare_home_cases(
            found,
            'due',
            sequence=10,
            tone='warning',
            title=self.env._('Due Soon'),
            hint=self.env._('Overdue, or in the next two hours: yours, and what nobody has taken'),
            icon='fa-hourglass-half',
            empty=self.env._('Nothing is due in the next two hours.'),
        )

    @api.model
    def _get_home_answered_block(self, found):
        return self._prepare_home_cases(
            found,
            'answered',
            sequence=20,
            tone='warning',
            title=self.env._('Waiting for You'),
            hint=self.env._('The customer wrote last'),
            icon='fa-comments-o',
            empty=self.env._('You have answered everybody.'),
        )

    @api.model
    def _get_home_unassigned_block(self, found):
        return self._prepare_home_cases(
            found,
            'unassigned',
            sequence=30,
            tone='info',
            title=self.env._('To Be Taken'),
            hint=self.env._('Nobody in your teams has taken them'),
            icon='fa-inbox',
            empty=self.env._('Nothing waits: all that your teams have is taken.'),
            buttons=self._prepare_home_next_buttons(found),
        )

    @api.model
    def _prepare_home_next_buttons(self, found):
        labels = {
            'service.claim': self.env._('Take the Next Claim'),
            'service.ticket': self.env._('Take the Next Ticket'),
        }
        return tuple(
            Button(label, model=model_name, method='action_take_next', ids=(), primary=True)
            for model_name, label in labels.items()
            if found[f'{model_name} unassigned'].number
        )

    @api.model
    def _get_home_waiting_block(self, found):
        return self._prepare_home_cases(
            found,
            'waiting',
            sequence=50,
            tone='muted',
            title=self.env._('Waiting for the Customer'),
            hint=self.env._('Yours, until the customer answers'),
            icon='fa-pause-circle-o',
            empty=self.env._('You wait for no customer.'),
        )

    # === HELPERS === #

    @api.model
    def _prepare_home_cases(self, found, key, tone, **values):
        """Return a card of claims and tickets: of each kind a list of its own, where there are."""
        lists = {name: found[f'{name} {key}'] for name in CASE_MODELS}
        rows = self._prepare_home_case_rows(lists.values(), key, tone)
        filled = [one for one in lists.values() if one.number] or [lists['service.ticket']]
        actions = [
            self._prepare_home_list_action(one, values['title'], empty=values['empty'])
            for one in filled
        ]
        is_mixed = len(filled) > 1
        return self._prepare_home_block(
            key=key,
            count=sum(one.number for one in filled),
            rows=rows,
            tone=get_most_urgent(row.tone for row in rows),
            action=None if is_mixed else actions[0],
            parts=self._prepare_home_parts(filled, actions) if is_mixed else (),
            **values,
        )

    @api.model
    def _prepare_home_parts(self, filled, actions):
        labels = {'service.claim': self.env._('Claims'), 'service.ticket': self.env._('Tickets')}
        return tuple(
            Part(labels[one.records._name], one.number, action)
            for one, action in zip(filled, actions, strict=True)
        )

    @api.model
    def _prepare_home_case_rows(self, lists, key, tone):
        cases = [case for one in lists for case in one.records]
        cases.sort(key=lambda case: _get_earliest(case, DATES[key]) or datetime.max)
        return self._prepare_home_rows(
            cases[:ROWS], lambda case: self._prepare_home_case(case, key, tone)
        )

    @api.model
    def _prepare_home_case(self, case, key, tone):
        moment = _get_earliest(case, DATES[key])
        return {
            'detail': self._get_home_link_name(case.partner_id) or case.email_from or '',
            'when': self._format_home_moment(moment) if moment else '',
            'tone': 'danger' if _is_late(case) else tone,
            'href': case.phone and f'tel:{case.phone}',
        }


def _get_earliest(case, names):
    return min(filter(None, (case[name] for name in names)), default=None)


def _is_late(case):
    """Tell whether a deadline has passed, unless it is the customer's turn."""
    deadline = _get_earliest(case, DEADLINES)
    return bool(deadline) and deadline < fields.Datetime.now() and case.stage_kind != 'waiting'
