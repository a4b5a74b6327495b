"""The customer card."""

from lxml import etree

from ..harness import Case

CARDS = 80
STOCK_MODULES = ('crm_extended', 'crm_claims', 'crm_contracts', 'crm_segmentation')


def _customers(env):
    """Eighty customers with calls: half of them companies, whose contacts count as well."""
    called = env['crm.call'].search([('name', '=', 'Bench call')], limit=4000).partner_id
    companies = called.filtered('is_company')[: CARDS // 2]
    return companies + called.filtered('parent_id')[: CARDS - len(companies)]


def _card_fields(env):
    """Return what the customer's form reads, split in Odoo's own fields and ours."""
    arch = etree.fromstring(env['res.partner'].get_view(view_type='form')['arch'])
    shown = {node.get('name') for node in arch.iter('field')}
    fields = env['res.partner']._fields
    shown = {name for name in shown if name in fields}
    ours = {name for name in shown if fields[name]._module in STOCK_MODULES}
    return shown - ours, ours


def _prepare_cards(env):
    stock, ours = _card_fields(env)
    return _customers(env), {name: {} for name in stock}, {name: {} for name in stock | ours}


def _read_our_cards(_env, prepared):
    customers, _stock, complete = prepared
    customers.web_read(complete)


def _read_stock_cards(_env, prepared):
    customers, stock, _complete = prepared
    customers.web_read(stock)


def _count_calls(_env, customers):
    return customers.mapped('crm_call_count')


def _count_calls_one_by_one(env, customers):
    calls = env['crm.call'].with_context(active_test=False)
    return [calls.search_count([('partner_id', 'child_of', customer.id)]) for customer in customers]


CASES = [
    Case(
        name=f'customer card of {CARDS}',
        against='the stock card',
        prepare=_prepare_cards,
        ours=_read_our_cards,
        other=_read_stock_cards,
        at_most=1.25,
    ),
    Case(
        name=f'call counters of {CARDS}',
        against='one count per customer',
        prepare=_customers,
        ours=_count_calls,
        other=_count_calls_one_by_one,
    ),
]
