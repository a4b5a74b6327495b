"""Applying segments: against the same change by hand, and against Odoo's own ways."""

from odoo.fields import Command
from odoo.tools import SQL

from ..harness import Case

# Ours and the other way in turn; each takes up to half a minute with a million contacts.
ROUNDS = 3
SAMPLE = 500
MATCHES = [('email_normalized', '=like', 'contact%')]
LEAST_AMOUNT = 500

# === SEGMENTS === #


def _create(env, name, **values):
    category = env['res.partner.category'].create({'name': name})
    return env['crm.segment'].create({'name': name, 'category_id': category.id, **values})


def _domain_segment(env):
    return _create(env, 'Bench by domain', domain=repr(MATCHES))


def _amount_segment(env):
    """Who ordered for some amount in twelve months."""
    rule = {
        'metric_id': env.ref('crm_segmentation.metric_ordered_amount').id,
        'operator': '>=',
        'value': LEAST_AMOUNT,
        'period_count': 12,
        'period_unit': 'month',
    }
    return _create(env, 'Bench by amount', rule_ids=[Command.create(rule)])


def _applied(prepare):
    def prepare_applied(env):
        segment = prepare(env)
        # As the scheduled refresh does: the next one looks at changes only.
        segment._apply_changes(incremental=True)
        # As autovacuum does after such a fill.
        env.cr.execute('ANALYZE crm_segment_membership, res_partner_res_partner_category_rel')
        return segment

    return prepare_applied


def _domain_segment_changed(env):
    """One contact in two hundred stopped matching, as many match for the first time."""
    matches, no_match = SQL("'contact' || id"), SQL("'other' || id")
    _change_emails(env, no_match, 0)
    segment = _applied(_domain_segment)(env)
    _change_emails(env, matches, 0)
    _change_emails(env, no_match, 1)
    return segment


def _change_emails(env, email, remainder):
    """Change the address of one contact in two hundred."""
    env.cr.execute(
        SQL(
            """UPDATE res_partner SET email_normalized = %s
                WHERE email_normalized IS NOT NULL AND name LIKE 'Contact %%' AND id %% 200 = %s""",
            email,
            remainder,
        )
    )


def _amount_segment_changed(env):
    segment = _applied(_amount_segment)(env)
    env.cr.execute(
        SQL(
            """UPDATE sale_order SET amount_untaxed = 2000 - amount_untaxed
                WHERE name LIKE 'BENCH%%' AND partner_id %% 100 = 0"""
        )
    )
    return segment


# === OUR WAY === #


def _apply(_env, segment):
    segment._apply()


def _refresh(_env, segment):
    segment._apply_changes(incremental=True)


def _preview(_env, segment):
    segment._preview()


REFRESH = (_refresh, _apply)


def _group_by_segment(model_name, *aggregates):
    def group(env, _segment):
        env[model_name]._read_group([], ['crm_segment_ids'], ['__count', *aggregates])

    return group


# === BY HAND === #

DOMAIN_SQL = SQL(
    "SELECT id FROM res_partner WHERE active AND email_normalized LIKE 'contact%%' ORDER BY id"
)
AMOUNT_SQL = SQL(
    """SELECT partner.id
         FROM (SELECT partner_id FROM sale_order
                WHERE state = 'sale' AND date_order >= current_date - interval '12 months'
             GROUP BY partner_id HAVING sum(amount_untaxed) >= %s) AS ordered
         JOIN res_partner partner ON partner.id = ordered.partner_id AND partner.active
     ORDER BY partner.id""",
    LEAST_AMOUNT,
)


def _by_hand(partners):
    """Write the same memberships and tags as a person who knows the database well."""

    def change(env, segment):
        words = {
            'partners': partners,
            'segment': segment.id,
            'category': segment.category_id.id,
            'uid': env.uid,
        }
        for statement in STATEMENTS:
            env.cr.execute(SQL(statement, **words) if '%(' in statement else SQL(statement))

    return change


STATEMENTS = (
    'DROP TABLE IF EXISTS bench_target',
    'CREATE TEMPORARY TABLE bench_target (partner_id integer PRIMARY KEY) ON COMMIT DROP',
    'INSERT INTO bench_target %(partners)s',
    'ANALYZE bench_target',
    """DELETE FROM res_partner_res_partner_category_rel tag
        USING crm_segment_membership member
        WHERE member.segment_id = %(segment)s AND member.date_out IS NULL
          AND tag.category_id = %(category)s AND tag.partner_id = member.partner_id
          AND NOT EXISTS (SELECT FROM bench_target target
                           WHERE target.partner_id = member.partner_id)""",
    """UPDATE crm_segment_membership member SET date_out = now()
        WHERE segment_id = %(segment)s AND date_out IS NULL
          AND NOT EXISTS (SELECT FROM bench_target target
                           WHERE target.partner_id = member.partner_id)""",
    """INSERT INTO crm_segment_membership
              (segment_id, partner_id, date_in, reason, tag_added,
               create_date, create_uid, write_date, write_uid)
       SELECT %(segment)s, partner_id, now(), 'criteria', TRUE, now(), %(uid)s, now(), %(uid)s
         FROM bench_target target
        WHERE NOT EXISTS (SELECT FROM crm_segment_membership member
                           WHERE member.segment_id = %(segment)s AND member.date_out IS NULL
                             AND member.partner_id = target.partner_id)
     ORDER BY partner_id""",
    """INSERT INTO res_partner_res_partner_category_rel (category_id, partner_id)
       SELECT %(category)s, partner_id
         FROM bench_target target
        WHERE NOT EXISTS (SELECT FROM res_partner_res_partner_category_rel tag
                           WHERE tag.category_id = %(category)s
                             AND tag.partner_id = target.partner_id)
     ORDER BY partner_id""",
)


def _count_by_hand(partners):
    def count(env, _segment):
        env.cr.execute(SQL('SELECT count(*) FROM (%s) AS target', partners))

    return count


# === ODOO'S OWN WAYS === #


def _set_category(env, segment):
    """Search the contacts and write them to the tag."""
    partners = env['res.partner'].search(MATCHES)
    segment.category_id.write({'partner_ids': [Command.set(partners.ids)]})


def _group_plainly(model_name, groupby, *aggregates):
    def group(env, _segment):
        env[model_name]._read_group([], [groupby], ['__count', *aggregates])

    return group


def _sample_segment(env):
    partners = env['res.partner'].search(MATCHES, limit=SAMPLE)
    return _create(env, 'Bench sample', domain=repr([('id', 'in', partners.ids)]))


def _loop_over_contacts(env, segment):
    """Measure and tag contact by contact, as an automation rule does."""
    orders = env['sale.order']
    for partner in env['res.partner'].search(MATCHES, limit=SAMPLE):
        orders._read_group([('partner_id', '=', partner.id)], [], ['amount_untaxed:sum'])
        partner.write({'category_id': [Command.link(segment.category_id.id)]})


def _cases():
    for kind, prepare, changed, partners in (
        ('domain', _domain_segment, _domain_segment_changed, DOMAIN_SQL),
        ('12-month amount', _amount_segment, _amount_segment_changed, AMOUNT_SQL),
    ):
        name, hand = f'segment by {kind}', 'the same by hand in SQL'
        common = {'rounds': ROUNDS, 'undo': True}
        by_hand = _by_hand(partners)
        yield Case(f'{name}: first fill', hand, prepare, _apply, by_hand, 2, **common)
        yield Case(f'{name}: unchanged', hand, _applied(prepare), _apply, by_hand, 1.5, **common)
        yield Case(f'{name}: 1 % changed', hand, changed, _apply, by_hand, 1.5, **common)
        whole = 'applied as a whole'
        yield Case(f'{name}: refresh, unchanged', whole, _applied(prepare), *REFRESH, **common)
        yield Case(f'{name}: refresh, 1 % changed', whole, changed, *REFRESH, **common)
        yield Case(
            f'{name}: preview',
            'a count in SQL',
            prepare,
            _preview,
            _count_by_hand(partners),
            1.2,
        )
    yield Case(
        'segment by domain: first fill',
        'search, write to the tag',
        _domain_segment,
        _apply,
        _set_category,
        rounds=1,
        undo=True,
    )
    yield Case(
        'contacts by segment',
        'contacts by tag',
        _applied(_domain_segment),
        _group_by_segment('res.partner'),
        _group_plainly('res.partner', 'category_id'),
        3,
        undo=True,
    )
    amount = 'amount_untaxed:sum'
    yield Case(
        'orders by segment',
        'orders by tag of their customers',
        _applied(_domain_segment),
        _group_by_segment('sale.order', amount),
        _group_plainly('sale.order', 'partner_id.category_id', amount),
        3,
        undo=True,
    )
    yield Case(
        f'segment of {SAMPLE} contacts',
        'loop over contacts',
        _sample_segment,
        _apply,
        _loop_over_contacts,
        rounds=1,
        undo=True,
    )


CASES = [*_cases()]
