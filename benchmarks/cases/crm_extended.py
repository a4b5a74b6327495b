"""The customer card, and who is there twice."""

from lxml import etree

from odoo.tools import SQL

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


def _timeline_customer(env):
    """A company in the middle, with its contacts; how the timeline's list reads it."""
    company = _customers(env)[0]
    arch = etree.fromstring(env['crm.interaction'].get_view(view_type='list')['arch'])
    columns = {
        node.get('name'): {'fields': {'display_name': {}}}
        if node.get('name').endswith('_id')
        else {}
        for node in arch.iter('field')
    }
    return company, columns


def _read_timeline(env, prepared):
    company, columns = prepared
    timeline = env['crm.interaction']
    return timeline.web_search_read(
        [('commercial_partner_id', '=', company.id)], columns, order=timeline._order, limit=80
    )


def _read_documents(env, prepared):
    """Read the same documents where they are, and put them in order."""
    company, _columns = prepared
    name, whole = {'fields': {'display_name': {}}}, ('id', 'child_of', company.id)
    family = env['res.partner'].with_context(active_test=False).search([whole])
    common = {'name': {}, 'user_id': name}
    rows = []
    for model_name, domain, date, fields in (
        (
            'crm.lead',
            [('partner_id', 'in', family.ids)],
            'create_date',
            {**common, 'partner_id': name, 'team_id': name, 'medium_id': name},
        ),
        (
            'crm.call',
            [('partner_id', 'in', family.ids), ('state', '!=', 'cancelled')],
            'date',
            {**common, 'partner_id': name, 'team_id': name, 'medium_id': name, 'is_overdue': {}},
        ),
        (
            'calendar.event',
            [('partner_ids', 'in', family.ids)],
            'start',
            {**common, 'partner_ids': {'fields': {'display_name': {}}}},
        ),
        (
            'mail.activity',
            [('res_model', '=', 'res.partner'), ('res_id', 'in', family.ids)],
            'date_deadline',
            {'summary': {}, 'user_id': name, 'res_name': {}},
        ),
    ):
        documents = env[model_name].with_context(active_test=False)
        found = documents.web_search_read(domain, {**fields, date: {}}, limit=80)
        rows += [(str(row[date]), row) for row in found['records']]
    return sorted(rows, key=lambda row: row[0], reverse=True)[:80]


def _prepare_duplicates(env):
    """Let every twentieth contact have the address of another, and compare all of them once."""
    env.cr.execute(
        """UPDATE res_partner AS partner SET email_normalized = other.email_normalized
             FROM res_partner AS other
            WHERE partner.id % 20 = 0 AND other.id = partner.id - 7
              AND partner.parent_id IS NOT NULL"""
    )
    _compare_everything(env, None)


def _compare_everything(env, _prepared):
    """Compare all contacts as at the first run."""
    for table in ('crm_duplicate', 'crm_duplicate_contact', 'crm_duplicate_trait'):
        env.cr.execute(SQL('DELETE FROM %s', SQL.identifier(table)))
    env.invalidate_all(flush=False)
    _compare_changed(env)


def _compare_one_percent(env, _prepared):
    env.cr.execute('UPDATE res_partner SET write_date = now() WHERE id % 100 = 1')
    _compare_changed(env)


def _compare_changed(env):
    for _count in env['crm.duplicate'].sudo()._compare_changed():
        env.invalidate_all()


CASES = [
    Case(
        name='duplicates, 1 % changed',
        against='the first run over all contacts',
        prepare=_prepare_duplicates,
        ours=_compare_one_percent,
        other=_compare_everything,
        at_most=0.1,
        rounds=1,
        undo=True,
    ),
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
    Case(
        name='timeline of one customer',
        against='the four models one by one',
        prepare=_timeline_customer,
        ours=_read_timeline,
        other=_read_documents,
    ),
]
