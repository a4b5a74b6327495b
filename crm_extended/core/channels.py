"""What the channels that Odoo creates are called in other languages.

Odoo keeps one name for all languages: the English one, until somebody changes it.
"""

CHANNELS = {
    'es': {
        'Website': 'Página web',
        'Phone': 'Teléfono',
        'Direct': 'Directo',
        'Email': 'Correo electrónico',
        'Banner': 'Anuncio',
        'Television': 'Televisión',
    },
}


def get_channel_names(language: str | None) -> dict[str, str]:
    """Return what the channels are called in a language (a code such as es_MX), by English name."""
    return CHANNELS.get((language or '')[:2], {})


def find_channel_names(language: str | None, operator: str, value: object) -> list[str]:
    """Return the English names whose name in the language is looked for.

    Of the operators those that compare a text or a list of texts, and deny nothing.
    """
    names = get_channel_names(language).items()
    if operator in ('like', 'ilike') and isinstance(value, str):
        return [english for english, name in names if value.lower() in name.lower()]
    if operator in ('=', 'in'):
        wanted = [value] if isinstance(value, str) else list(value or ())
        return [english for english, name in names if name in wanted]
    return []
