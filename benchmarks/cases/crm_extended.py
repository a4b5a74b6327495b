"""The customer card, finding a customer, and who is there twice."""

from unittest.mock import patch

from lxml import etree

from odoo.tools import SQL, split_every

from ..harness import Case

CARDS = 80
# Contacts that the scheduled action compares in one transaction.
BATCH = 10_000
STOCK_MODULES = ('crm_extended', 'crm_claims', 'crm_contracts', 'crm_segmentation')


def _customers(env):
    """Eighty customers with calls: half of them companies, whose contacts count as well."""
    called = env['crm.call'].search([('name', '=', 'Bench call')], limit=4000).partner_id
    companies = called.filtered('is_company')[: CARDS // 2]
    return companies + called.filtered('parent_id')[: CARDS - len(companies)]


def _get_specification(env, view_type):
    """Return what a view of customers reads: all of it, and without what is ours."""
    arch = etree.fromstring(env['res.partner'].get_view(view_type=view_type)['arch'])
    fields = env['res.partner']._fields
    shown = {node.get('name') for node in arch.iter('field')} & set(fields)
    complete = {
        name: {'fields': {'display_name': {}}} if fields[name].type == 'many2one' else {}
        for name in shown
    }
    return complete, {
        name: nested
        for name, nested in complete.items()
        if fields[name]._module not in STOCK_MODULES
    }


def _cards(view_type):
    """Return how cards of customers are prepared and read, with what is ours and without it."""

    def prepare(env):
        return [('id', 'in', _customers(env).ids)], *_get_specification(env, view_type)

    def read_ours(env, prepared):
        domain, complete, _stock = prepared
        env['res.partner'].web_search_read(domain, complete, limit=CARDS)

    def read_stock(env, prepared):
        domain, _complete, stock = prepared
        partners = env['res.partner']
        with patch.object(env.registry['res.partner'], '_get_crm_statistics', lambda _self: {}):
            partners.web_search_read(domain, stock, limit=CARDS)

    return prepare, read_ours, read_stock


def _count_calls(_env, customers):
    return customers.mapped('crm_call_count')


def _count_calls_one_by_one(env, customers):
    calls = env['crm.call'].with_context(active_test=False)
    return [calls.search_count([('partner_id', 'child_of', customer.id)]) for customer in customers]


# === FINDING === #


def _get_contact(env):
    """Return somebody in the middle, of whom nobody else has name and number."""
    domain = [('name', '=like', 'Contact %')]
    middle = env['res.partner'].search_count(domain) // 2
    return env['res.partner'].search(domain, middle, 1, 'id')


def _find_customer(env):
    return _get_contact(env).name.split()[1]


def _find_in_field(env, name):
    return env['res.partner'].name_search(name, limit=8)


def _find_in_list(env, name):
    return env['res.partner'].web_search_read([('display_name', 'ilike', name)], {}, limit=80)


def _find_nobody(env, _name):
    return env['res.partner'].name_search('nobody of that name', limit=8)


def _find_equal(env, name):
    return env['res.partner'].search([('name', '=', f'Contact {name}')], limit=8).display_name


# === PHONE === #


def _ring(env):
    """Return a call of somebody in the middle that rings at the user."""
    line = env['crm.phone.line'].create({'name': 'Bench line', 'user_ids': env.user.ids})
    post = {'state': 'ringing', 'id': 'bench', 'from': _get_contact(env).phone}
    return line.sudo()._receive(post).with_env(env)


def _get_phone_card(_env, call):
    call.action_get_phone_card()


def _find_number(env, call):
    env['res.partner'].name_search(call.phone, limit=8)


# === DUPLICATES === #


def _share_addresses(env):
    """Let every twentieth contact have the address of another."""
    env.cr.execute(
        """UPDATE res_partner AS partner SET email_normalized = other.email_normalized
             FROM res_partner AS other
            WHERE partner.id % 20 = 0 AND other.id = partner.id - 7
              AND partner.parent_id IS NOT NULL"""
    )
    return env['res.partner'].with_context(active_test=False).search_count([])


def _prepare_duplicates(env):
    """Compare all contacts once."""
    _share_addresses(env)
    _compare_everything(env, None)


def _compare_everything(env, _prepared):
    """Compare all contacts as at the first run."""
    _forget_everything(env)
    _compare_changed(env)


def _forget_everything(env):
    for table in ('crm_duplicate', 'crm_duplicate_contact', 'crm_duplicate_trait'):
        env.cr.execute(SQL('DELETE FROM %s', SQL.identifier(table)))
    env.invalidate_all(flush=False)


def _compare_a_fifth(env, _prepared):
    """Compare every fifth contact as at the first run."""
    _forget_everything(env)
    contacts = env['res.partner'].search([('id', '!=', 0)], order='id')
    for batch in split_every(BATCH, contacts.ids[::5]):
        env['crm.duplicate'].sudo()._compare(batch)
        env.invalidate_all()


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
        name='duplicates, first run',
        against='every fifth contact',
        prepare=_share_addresses,
        ours=_compare_everything,
        other=_compare_a_fifth,
        at_most=6,
        at_most_ms=0.3,
        rounds=1,
        undo=True,
        count=lambda contacts: contacts,
    ),
    *(
        Case(f'customers, {view} of {CARDS}', 'the stock one', *_cards(view), at_most=at_most)
        for view, at_most in (('list', 1.1), ('kanban', 1.1), ('form', None))
    ),
    Case(
        name=f'call counters of {CARDS}',
        against='one count per customer',
        prepare=_customers,
        ours=_count_calls,
        other=_count_calls_one_by_one,
    ),
    *(
        Case(
            f'find a customer: {what}',
            'a search for the whole name',
            _find_customer,
            find,
            _find_equal,
            at_most_ms=25,
        )
        for what, find in (
            ('field', _find_in_field),
            ('list', _find_in_list),
            ('no hit', _find_nobody),
        )
    ),
    Case(
        'call that rings: the pop-up',
        'the number in the customer field',
        _ring,
        _get_phone_card,
        _find_number,
        at_most_ms=50,
    ),
]
