"""What the people of the company are called and what they say, in the language of the database."""

from . import en, es


def get_words(lang):
    """Return the module with the texts in a language, in English where there are none."""
    return es if (lang or '').startswith('es') else en
