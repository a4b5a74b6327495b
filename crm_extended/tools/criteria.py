"""Reads domains that people wrote: literals only, and not too long to be read."""

from ast import literal_eval

from odoo.fields import Domain

MAX_LENGTH = 20_000


def parse_criteria(text):
    """Return the domain that a text says.

    :raise ValueError: with what is wrong, also for a call, a name or an endless nesting
    """
    text = (text or '[]').strip()
    if len(text) > MAX_LENGTH:
        raise ValueError(f'longer than {MAX_LENGTH} characters')
    try:
        return Domain(literal_eval(text))
    except (TypeError, SyntaxError, KeyError, RecursionError, MemoryError) as error:
        raise ValueError(error) from error


def check_readable(domain, records):
    """Let nobody ask, at any depth of a domain, what he may not read.

    The database would answer: who asks often enough finds out every value.

    :param records: the model that the domain is about, in the name of who wrote it
    :raise AccessError: for a field or model that its user may not read
    """
    for condition in domain.iter_conditions():
        reached = records
        for name in condition.field_expr.split('.'):
            field = reached._fields.get(name)
            if field is None:
                # a property, a part of a date, or a mistake that the query tells
                break
            reached.check_access('read')
            reached._check_field_access(field, 'read')
            reached = reached.env.get(field.comodel_name, reached)
        if condition.operator in ('any', 'not any'):
            check_readable(Domain(condition.value), reached)
