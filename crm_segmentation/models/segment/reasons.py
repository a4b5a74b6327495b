"""Says in words why criteria cannot be used."""

from ...core.reasons import get_reason

# What reading and compiling criteria raises.
CRITERIA_ERRORS = (ValueError, TypeError, SyntaxError, KeyError, RecursionError)


def say_reason(env, error):
    """Return in the language of a user what is wrong with criteria.

    :param error: what was raised while they were read or compiled
    """
    text = str(error) or type(error).__name__
    if not isinstance(error, CRITERIA_ERRORS):
        return text
    reason = get_reason(text)
    words = {
        'field': env._('there is no field "%(field)s"', field=reason.part),
        'operator': env._('nothing can be compared with "%(operator)s"', operator=reason.part),
        'search': env._('the field "%(field)s" cannot be searched', field=reason.part),
        'date': env._('"%(value)s" is no date', value=reason.part),
        'length': env._('they are longer than %(count)s characters', count=reason.part),
        'form': env._('they are no list of conditions'),
    }
    return words.get(reason.kind, text)
