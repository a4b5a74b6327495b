"""Finds countries, states and languages by what people call them, many at once."""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from ..core.places import (
    get_common_countries,
    get_names_of_state,
    get_place_key,
    get_state_keys,
)

# In which cards and letters name countries, beside the languages in use.
_USUAL_LANGUAGES = ('en', 'es', 'fr', 'de', 'it', 'pt', 'nl', 'ca', 'eu', 'gl', 'pl', 'sv')


class Places:
    """What there is in a database, read once for many names."""

    def __init__(self, env, country_names, home):
        """Read what may be needed.

        :param country_names: as they were written
        :param home: the country of who does not say where he is
        """
        self.env = env
        self.home = home
        self._countries = self._read_countries(filter(None, map(get_place_key, country_names)))
        self._states = self._read_states()
        self.languages = self._read_languages()

    def find_country(self, name):
        """Return the country of a name or code, an empty record where there is none."""
        return self._countries.get(get_place_key(name), self.env['res.country'])

    def find_state(self, country, name):
        """Return the state of a name or code in a country, an empty record where there is none."""
        keys = get_state_keys(country.code or '', name) if name else ()
        found = (self._states.get((country.id, key)) for key in keys)
        return next(filter(None, found), self.env['res.country.state'])

    def find_place(self, country_name, state_name):
        """Return country and state; a state without a country is looked for at home."""
        country = self.find_country(country_name)
        state = self.find_state(country if country_name else self.home, state_name)
        return country or state.country_id, state

    def _read_countries(self, keys):
        known = self._get_codes()
        codes = {key: known[key] for key in keys if key in known}
        found = self.env['res.country'].search([('code', 'in', list(codes.values()))])
        countries = {country.code: country for country in found}
        return {key: countries[code] for key, code in codes.items() if code in countries}

    def _get_codes(self):
        """Return ``{name or code: code}``: Odoo's names in all languages in use come first."""
        codes = dict(_get_usual_codes())
        for language, _name in self.env['res.lang'].get_installed():
            countries = self.env['res.country'].with_context(lang=language)
            for country in countries.search_fetch([('code', '!=', False)], ['name', 'code']):
                for name in (country.name, country.code):
                    codes[get_place_key(name)] = country.code
        return codes

    def _read_states(self):
        states = {}
        countries = self.home.union(*self._countries.values())
        for state in self.env['res.country.state'].search([('country_id', 'in', countries.ids)]):
            for key in get_names_of_state(state.code, state.name):
                states.setdefault((state.country_id.id, key), state)
        return states

    def _read_languages(self):
        languages = {}
        for language in self.env['res.lang'].search([('active', '=', True)]):
            languages.setdefault(language.code.lower().partition('_')[0], language.id)
        return languages


@lru_cache(maxsize=1)
def _get_usual_codes():
    codes = {}
    for language in _USUAL_LANGUAGES:
        for code, name in _get_territories(language).items():
            if len(code) == 2 and code.isalpha():
                codes.setdefault(get_place_key(name), code)
    return {**codes, **get_common_countries()}


def _get_territories(language):
    try:
        return Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
