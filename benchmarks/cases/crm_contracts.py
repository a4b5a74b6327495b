"""Billing contracts: against the tuned batch creation of the same invoices."""

import copy

from odoo.fields import Command

from ..harness import Case

# Contracts by the number of contacts that a size of the database has at least.
CONTRACTS = ((1_000_000, 10_000), (200_000, 1_000), (0, 100))
# As the scheduled billing does.
BATCH_SIZE = 50
QUIET = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True}
UNTIL = '2026-03-31'
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
    plan = contracts._preview_billing(UNTIL)
    journals = contracts._get_invoice_journals()
    values_list = []
    for entries in contracts._group_billing_plan(plan).values():
        contract = contracts._get_planned(entries)
        for entry in entries:
            entry['billing_id'] = False
        journal = journals[contract.company_id, contract.currency_id]
        values_list.append(contract._prepare_invoice(entries, journal))
    return contracts, values_list


def _bill(env, prepared):
    contracts, _values_list = prepared
    for start in range(0, len(contracts), BATCH_SIZE):
        contracts[start : start + BATCH_SIZE]._bill(UNTIL)
        contracts.env.flush_all()


def _create_invoices(env, prepared):
    contracts, values_list = prepared
    moves = contracts.env['account.move'].with_context(**QUIET)
    for start in range(0, len(values_list), BATCH_SIZE):
        moves.create(copy.deepcopy(values_list[start : start + BATCH_SIZE]))
        moves.env.flush_all()


def _preview(env, prepared):
    prepared[0]._preview_billing(UNTIL)


CASES = [
    Case(
        'contracts: bill',
        'tuned batch create of the same invoices',
        _prepare,
        _bill,
        _create_invoices,
        at_most=1.3,
        rounds=ROUNDS,
        undo=True,
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
    ),
]
