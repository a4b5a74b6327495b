"""Through how many of our files a piece of work passes: what a reader has to open to follow it."""

import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from pathlib import Path

from odoo.fields import Command

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = '{:24} {:>9} {:>6} {:>5} {:>5} {:>8} {:>9}'
HEAD = COLUMNS.format('flow', 'functions', 'files', 'core', 'goal', 'deepest', 'switches')


@dataclass
class Trail:
    """What of ours was called, in order."""

    functions: set = field(default_factory=set)
    files: set = field(default_factory=set)
    deepest: int = 0
    switches: int = 0
    stack: list = field(default_factory=list)

    def notice(self, frame, event, _argument):
        path = frame.f_code.co_filename
        name = frame.f_code.co_name
        if not _is_ours(path) or name.startswith('<'):
            return
        if event == 'call':
            if self.stack and self.stack[-1] != path:
                self.switches += 1
            self.stack.append(path)
            self.functions.add((path, name))
            self.files.add(path)
            self.deepest = max(self.deepest, len(self.stack))
        elif event == 'return' and self.stack:
            self.stack.pop()

    @property
    def core(self):
        return sum('/core/' in path for path in self.files)


def _is_ours(path):
    if not path.startswith(f'{ROOT}/crm_'):
        return False
    return '/tests/' not in path


@dataclass
class Flow:
    """Work to follow: ``prepare(env)`` returns a function that does it.

    Constraints and computes that the work sets off belong to it, so it is flushed.
    """

    name: str
    prepare: Callable
    goal: int | None = None
    """How many files it shall pass at most."""

    def follow(self, env):
        work = self.prepare(env)
        env.flush_all()
        env.invalidate_all()
        trail = Trail()
        sys.setprofile(trail.notice)
        try:
            work()
            env.flush_all()
        finally:
            sys.setprofile(None)
        return trail


def report(env, show=False):
    """Print a line for each flow, and the files of each if that is asked for."""
    print(HEAD)
    for flow in FLOWS:
        with closing(env.cr.savepoint(flush=False)):
            trail = flow.follow(env)
        env.invalidate_all(flush=False)
        numbers = trail.core, flow.goal or '', trail.deepest, trail.switches
        print(COLUMNS.format(flow.name, len(trail.functions), len(trail.files), *numbers))
        if show:
            for path in sorted(trail.files):
                print('   ', Path(path).relative_to(ROOT))


# === THE FLOWS === #


def _create_customer(env):
    return env['res.partner'].create({'name': 'Flow customer', 'is_company': True})


def _create_contract(env, **values):
    product = env['product.product'].create(
        {'name': 'Flow support', 'type': 'service', 'uom_id': env.ref('uom.product_uom_hour').id}
    )
    return env['crm.contract'].create(
        {
            'name': 'Flow contract',
            'partner_id': _create_customer(env).id,
            'date_start': '2026-01-01',
            'date_end': '2026-12-31',
            'term_months': 12,
            'renewal_type': 'tacit',
            'line_ids': [Command.create({'product_id': product.id, 'price_unit': 100.0})],
            'rate_ids': [Command.create({'product_id': product.id, 'price_unit': 60.0})],
            **values,
        }
    )


def _confirm(env):
    return _create_contract(env).action_confirm


def _bill(env):
    """A line, hours of which some are prepaid, and a cost."""
    contract = _create_contract(
        env, state='open', bill_time=True, bill_costs=True, prepaid_quantity=1, overage_price=70.0
    )
    column = contract.analytic_account_id.root_plan_id._column_name()
    account = contract.analytic_account_id
    project = env['project.project'].create({'name': 'Flow project', column: account.id})
    employee = env['hr.employee'].create({'name': 'Flow employee'})
    env['account.analytic.line'].create(
        [
            {
                'name': 'Work',
                'project_id': project.id,
                'employee_id': employee.id,
                'unit_amount': 2.0,
                'date': '2026-01-10',
            },
            {'name': 'Mileage', 'date': '2026-01-10', 'amount': -30.0, column: account.id},
        ]
    )
    return lambda: contract._bill(date(2026, 3, 31))


def _renew(env):
    index = env['crm.contract.index'].create(
        {
            'name': 'Flow prices',
            'value_ids': [
                Command.create({'month': month, 'value': value})
                for month, value in (('2026-01-01', 100.0), ('2027-01-01', 104.0))
            ],
        }
    )
    contract = _create_contract(
        env, state='open', revision_type='index', revision_index_id=index.id
    )
    return contract._renew


def _read_figures(env):
    contract = _create_contract(env, state='open')
    names = [name for name in contract._fields if name.startswith(('amount_', 'mrr'))]
    return lambda: contract.read(names)


def _receive_ticket(env):
    domain = env['mail.alias.domain'].create(
        {'name': 'flow.example.com', 'bounce_alias': 'bounces', 'catchall_alias': 'post'}
    )
    env.company.alias_domain_id = domain
    team = env['service.team'].create({'name': 'Flow team', 'member_ids': env.user.ids})
    address = env['service.team.alias'].create(
        {
            'team_id': team.id,
            'case_model': 'service.ticket',
            'alias_name': 'flow-tickets',
            'alias_domain_id': domain.id,
        }
    )
    mail = EmailMessage()
    mail['From'] = 'Lucía <lucia@customer.example.com>'
    mail['To'] = address.alias_full_name
    mail['Subject'] = 'The press leaks'
    mail['Message-Id'] = '<flow-1@customer.example.com>'
    mail.set_content('It drips on the floor.')
    return lambda: env['mail.thread'].message_process(None, mail.as_bytes())


def _hold_call(env):
    call = env['crm.call'].create({'name': 'Flow call', 'partner_id': _create_customer(env).id})
    return call.action_hold


def _merge_leads(env):
    leads = env['crm.lead'].create(
        [{'name': f'Flow {number}', 'type': 'opportunity'} for number in range(2)]
    )
    return leads.merge_opportunity


def _create_segment(env):
    customer = _create_customer(env)
    return env['crm.segment'].create(
        {
            'name': 'Flow segment',
            'category_id': env['res.partner.category'].create({'name': 'Flow'}).id,
            'domain': f"[('id', '=', {customer.id})]",
        }
    )


def _apply_segment(env):
    return _create_segment(env).action_apply


FLOWS = [
    Flow('merge leads', _merge_leads),
    Flow('hold a call', _hold_call),
    Flow('ticket by mail', _receive_ticket, 16),
    Flow('contract: confirm', _confirm, 10),
    Flow('contract: bill', _bill, 15),
    Flow('contract: renew, revise', _renew, 13),
    Flow('contract: figures', _read_figures),
    Flow('segment: apply', _apply_segment, 12),
]
