"""Billing contracts: against the tuned batch creation of the same invoices."""

import copy
import os
from itertools import repeat

from odoo import SUPERUSER_ID, api, sql_db
from odoo.fields import Command, Date

from ..harness import Case

# Contracts by the number of contacts that a size of the database has at least.
CONTRACTS = ((1_000_000, 10_000), (200_000, 1_000), (20_000, 100), (0, 10))
# As the scheduled billing does.
BATCH_SIZE = 50
QUIET = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True}
UNTIL = '2026-03-31'
FORECAST_UNTIL = '2028-02-29'
ROUNDS = 3


def _get_count(env):
    contacts = env['res.partner'].search_count([])
    return next(count for least, count in CONTRACTS if contacts >= least)


def _create_contracts(env):
    """Make contracts of two recurring lines and one batch of hours, a customer each."""
    env = env(user=env.ref('base.user_root'))
    count = _get_count(env)
    customers = env['res.partner'].search([('is_company', '=', True)], limit=count)
    product = env['product.product'].create(
        {
            'name': 'Bench support',
            'type': 'service',
            'uom_id': env.ref('uom.product_uom_hour').id,
            'list_price': 60.0,
        }
    )
    contracts = env['crm.contract'].create(
        [
            {
                'name': 'Bench contract',
                'partner_id': customer.id,
                'date_start': '2026-03-01',
                'date_end': '2026-12-31',
                'state': 'open',
                'bill_time': True,
                'line_ids': [
                    Command.create({'product_id': product.id, 'price_unit': price})
                    for price in (100.0, 250.0)
                ],
                'rate_ids': [Command.create({'product_id': product.id, 'price_unit': 60.0})],
            }
            for customer in customers
        ]
    )
    _book_hours(env, contracts)
    return contracts


def _book_hours(env, contracts):
    """Book three items of time on the account of each contract."""
    accounts = contracts.analytic_account_id
    column = accounts.root_plan_id._column_name()
    project = env['project.project'].create({'name': 'Bench project', column: accounts[0].id})
    employee = env['hr.employee'].create({'name': 'Bench employee'})
    items = env['account.analytic.line'].create(
        [
            {
                'name': 'Work',
                'project_id': project.id,
                'employee_id': employee.id,
                'unit_amount': 2.0,
                'date': '2026-03-10',
            }
            for _account in accounts
            for _number in range(3)
        ]
    )
    for account, number in zip(accounts, range(len(accounts)), strict=True):
        items[3 * number : 3 * number + 3].with_context(tracking_disable=True)[column] = account


def _prepare(env):
    """Return the contracts and the values of the invoices that they are billed with."""
    contracts = _create_contracts(env)
    biller = env['crm.contract.biller']
    plan = biller._plan(contracts, Date.to_date(UNTIL)).with_rows(repeat(False))
    values_by_company = biller._prepare_invoices(contracts, plan)
    return contracts, [values for own in values_by_company.values() for values in own]


def _bill_in_batches(contracts):
    """Bill as the scheduled billing does: with an empty cache for each batch, as after a commit."""
    for start in range(0, len(contracts), BATCH_SIZE):
        contracts[start : start + BATCH_SIZE]._bill(UNTIL)
        contracts.env.flush_all()
        contracts.env.invalidate_all()


def _bill(_env, prepared):
    _bill_in_batches(prepared[0])


def _create_invoices(env, prepared):
    contracts, values_list = prepared
    moves = contracts.env['account.move'].with_context(**QUIET)
    for start in range(0, len(values_list), BATCH_SIZE):
        moves.create(copy.deepcopy(values_list[start : start + BATCH_SIZE]))
        moves.env.flush_all()
        moves.env.invalidate_all()


def _preview(_env, prepared):
    prepared[0]._preview_billing(UNTIL)


def _prepare_years(env):
    """Return contracts without an end, of which nothing was billed yet."""
    contracts, values_list = _prepare(env)
    contracts.date_end = False
    return contracts, values_list


def _forecast(_env, prepared):
    prepared[0]._forecast_billing(FORECAST_UNTIL, renew=True, estimate=True)


def _defer(_env, prepared):
    prepared[0]._get_deferrals(UNTIL)


def _for_a_tenth(work):
    def work_on_a_tenth(env, prepared):
        contracts, values_list = prepared
        work(env, (contracts[: len(contracts) // 10], values_list))

    return work_on_a_tenth


def _count_once(_prepared):
    """Count all as one, to compare the queries as they are."""
    return 1


def _count(prepared):
    return len(prepared[0])


# === SEVERAL WORKERS === #


def _prepare_committed(env):
    """Return the ids of contracts that other processes see."""
    with env.registry.cursor() as cursor:
        return _create_contracts(api.Environment(cursor, SUPERUSER_ID, {})).ids


def _remove_committed(env, contract_ids):
    with env.registry.cursor() as cursor:
        contracts = api.Environment(cursor, SUPERUSER_ID, {})['crm.contract'].browse(contract_ids)
        accounts = contracts.analytic_account_id
        column = accounts.root_plan_id._column_name()
        items = contracts.env['account.analytic.line'].search([(column, 'in', accounts.ids)])
        others = [items.project_id, items.employee_id, contracts.line_ids.product_id, accounts]
        items.unlink()
        contracts.action_cancel()
        contracts.unlink()
        for records in others:
            records.unlink()


def _bill_by_one(env, contract_ids):
    _bill_by_workers(env, [contract_ids])


def _bill_by_two(env, contract_ids):
    middle = len(contract_ids) // 2
    _bill_by_workers(env, [contract_ids[:middle], contract_ids[middle:]])


def _bill_by_workers(env, shares):
    """Bill each share in a process of its own, and take it back."""
    workers = [_start_worker(env.registry, share) for share in shares]
    if any(os.waitpid(worker, 0)[1] for worker in workers):
        raise ChildProcessError('A worker could not bill its share.')


def _start_worker(registry, contract_ids):
    worker = os.fork()
    if worker:
        return worker
    code = 1
    try:
        # The connections of the parent stay the parent's alone.
        sql_db._Pool = None
        registry._db = sql_db.db_connect(registry.db_name)
        with registry.cursor() as cursor:
            contracts = api.Environment(cursor, SUPERUSER_ID, {})['crm.contract']
            _bill_in_batches(contracts.browse(contract_ids))
            cursor.rollback()
        code = 0
    finally:
        os._exit(code)


CASES = [
    Case(
        'contracts: bill',
        'tuned batch create of the same invoices',
        _prepare,
        _bill,
        _create_invoices,
        at_most=1.3,
        more_queries=3,
        rounds=ROUNDS,
        undo=True,
        count=_count,
    ),
    Case(
        'contracts: preview',
        'billing the same contracts',
        _prepare,
        _preview,
        _bill,
        at_most=0.1,
        rounds=ROUNDS,
        undo=True,
        count=_count,
    ),
    Case(
        'contracts: forecast',
        'billing one of the 24 months',
        _prepare_years,
        _forecast,
        _bill,
        at_most=0.5,
        at_most_ms=5,
        rounds=ROUNDS,
        undo=True,
        count=_count,
    ),
    Case(
        'contracts: deferral',
        'billing the same contracts',
        _prepare,
        _defer,
        _bill,
        at_most=0.2,
        at_most_ms=5,
        rounds=ROUNDS,
        undo=True,
        count=_count,
    ),
    Case(
        'contracts: growth',
        'billing a tenth of them',
        _prepare,
        _bill,
        _for_a_tenth(_bill),
        at_most=11,
        rounds=ROUNDS,
        undo=True,
    ),
    *(
        Case(
            f'contracts: growth of {what}',
            'a tenth of them',
            prepare,
            work,
            _for_a_tenth(work),
            at_most=11,
            more_queries=0,
            rounds=ROUNDS,
            count=_count_once,
        )
        for what, prepare, work in (
            ('the forecast', _prepare_years, _forecast),
            ('the deferral', _prepare, _defer),
        )
    ),
    Case(
        'contracts: two workers',
        'one worker',
        _prepare_committed,
        _bill_by_two,
        _bill_by_one,
        at_most=1 / 1.7,
        rounds=ROUNDS,
        clean=_remove_committed,
    ),
]
