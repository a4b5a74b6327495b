"""Finds the records of another model that a domain asks for, at any depth."""

from collections.abc import Collection

from odoo.fields import Domain

ANY = ('any', 'not any')


def find_asked(domain, model, target, links=()):
    """Return the records of a model that decide the conditions of a domain.

    :param model: the model that the domain is about
    :param target: the model that is asked for; its rights and context count
    :param links: names of models that stand for any of the target where none is named
    """
    asked = target.browse()
    for condition in domain.iter_conditions():
        asked |= _find_asked_by(condition, model, target, links)
    return asked


def _find_asked_by(condition, model, target, links):
    names, has_passed = condition.field_expr.split('.'), False
    for place, name in enumerate(names, start=1):
        field = model._fields.get(name)
        if field is None or not field.comodel_name:
            break
        model = model.env[field.comodel_name]
        if model._name == target._name:
            return _search_asked(condition, '.'.join(names[place:]), target)
        has_passed |= model._name in links
    asked = target.browse()
    if condition.operator in ANY:
        asked = find_asked(Domain(condition.value), model, target, links)
    return asked or (target.search(Domain.TRUE) if has_passed else asked)


def _search_asked(condition, path, target):
    """Return the records of the target that the rest of a condition speaks of, else all."""
    try:
        return target.search(_get_asked_domain(path, condition.operator, condition.value))
    except ValueError:
        return target.search(Domain.TRUE)


def _get_asked_domain(path, operator, value):
    if path:
        return Domain(path, operator, value)
    if operator in ANY:
        return Domain(value)
    values = [value] if isinstance(value, str) or not isinstance(value, Collection) else value
    if not all(values):  # to have none is about all of them
        return Domain.TRUE
    is_id = all(isinstance(one, int) for one in values)
    positive = operator.removeprefix('not ').replace('!=', '=')
    return Domain('id' if is_id else 'display_name', positive, value)
