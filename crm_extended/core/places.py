"""Countries and states as people call them, beside their names and codes."""

from __future__ import annotations

import re

from .text import get_name_key

# Parts of a country, short forms, and codes of three letters.
_COUNTRIES = {
    'AR': 'ARG',
    'AT': 'AUT',
    'BE': 'BEL',
    'BR': 'BRA',
    'CA': 'CAN',
    'CH': 'CHE, SUI',
    'CL': 'CHL',
    'CN': 'CHN, P. R. China, PRC',
    'CO': 'COL',
    'CZ': 'CZE, Czech Republic, República Checa, Tschechien',
    'DE': 'DEU, GER, Federal Republic of Germany, Bundesrepublik Deutschland, BRD, RFA',
    'DK': 'DNK',
    'ES': 'ESP, Kingdom of Spain, Reino de España, E',
    'FI': 'FIN',
    'FR': 'FRA, French Republic, F',
    'GB': (
        'UK, GBR, Great Britain, Gran Bretaña, Grande-Bretagne, Großbritannien, Gran Bretagna, '
        'England, Inglaterra, Angleterre, Scotland, Escocia, Wales, Gales, Northern Ireland'
    ),
    'GR': 'GRC, EL, Hellas',
    'HU': 'HUN',
    'IE': 'IRL, Eire, Republic of Ireland, República de Irlanda',
    'IT': 'ITA, I',
    'JP': 'JPN, Nippon',
    'KR': 'KOR, Korea, Corea, Corea del Sur, South Korea',
    'LU': 'LUX',
    'MA': 'MAR',
    'MX': 'MEX, Méjico',
    'NL': 'NLD, Holland, Holanda, Hollande, Olanda, The Netherlands, Niederlande, Países Bajos',
    'NO': 'NOR',
    'PE': 'PER',
    'PL': 'POL',
    'PT': 'PRT',
    'RU': 'RUS, Russia, Rusia, Russian Federation, Russische Föderation',
    'SE': 'SWE',
    'TR': 'TUR, Turkey, Turquía, Türkiye',
    'US': (
        'USA, U. S. of America, United States of America, America, América, EE. UU., EEUU, '
        'EUA, Estados Unidos de América, Estados Unidos de Norteamérica, États-Unis'
    ),
    'UY': 'URY',
    'VE': 'VEN, Venezuela',
}
_STATES = {
    'DE': {
        'Bavaria, Baviera': 'Bayern',
        'Hesse': 'Hessen',
        'Lower Saxony, Baja Sajonia': 'Niedersachsen',
        'North Rhine-Westphalia, Renania del Norte-Westfalia, NRW': 'Nordrhein-Westfalen',
        'Rhineland-Palatinate': 'Rheinland-Pfalz',
        'Saxony, Sajonia': 'Sachsen',
        'Thuringia, Turingia': 'Thüringen',
    },
    'ES': {
        'Baleares, Mallorca, Balearic Islands': 'Illes Balears',
        'La Coruña, Coruña': 'A Coruña',
        'Santa Cruz de Tenerife, Tenerife': 'Santa Cruz de Tenerife',
        'Gran Canaria': 'Las Palmas',
    },
    'US': {
        'Nueva York': 'New York',
        'Washington DC, Washington D.C.': 'District of Columbia',
    },
}
_KIND_OF_STATE = re.compile(
    r'^(?:comunidad(?: autonoma)?|provincia|province|estado|state|county|departamento'
    r'|principado|region|principality|canton|kanton|land|freistaat|comunitat|xunta)'
    r'\s+(?:de\s+la\s+|del\s+|de\s+|of\s+|d[ie]\s+)?'
)


def get_place_key(name: str) -> str:
    """Return how names of places are compared: letters alone, without accents and capitals."""
    return ''.join(re.findall(r'\w', get_name_key(name)))


def get_common_countries() -> dict[str, str]:
    """Return ``{name: code}`` of what people call countries beside their names."""
    return {
        get_place_key(name): code for code, names in _COUNTRIES.items() for name in names.split(',')
    }


def get_state_keys(country: str, name: str) -> list[str]:
    """Return what a state of a country may be found by, the most likely first.

    :param country: its code
    """
    plain = get_place_key(name)
    short = get_place_key(_KIND_OF_STATE.sub('', get_name_key(name)))
    common = (
        get_place_key(ours)
        for theirs, ours in _STATES.get(country, {}).items()
        if {plain, short} & set(map(get_place_key, theirs.split(',')))
    )
    return list(dict.fromkeys([plain, short, *common]))


def get_names_of_state(code: str, name: str) -> list[str]:
    """Return what a state is found by: its code, and its name in each of its languages.

    As "Bizkaia (Vizcaya)", "Araba/Álava", and "DE-BY" where "BY" will do.
    """
    names = (code, *code.split('-')[1:], name, *re.split(r'[(/)]', name))
    return list(filter(None, dict.fromkeys(map(get_place_key, names))))
