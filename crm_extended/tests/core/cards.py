"""Business cards as programs write them: one of each version here, many in ``tests/data/cards``."""

import json
from pathlib import Path

FOLDER = Path(__file__).parents[1] / 'data' / 'cards'

V3 = """BEGIN:VCARD
VERSION:3.0
N:Ruiz;Ana;María;;
FN:Ana María Ruiz
ORG:Ruiz e Hijos\\, S.L.;Compras
TITLE:Directora
TEL;TYPE=FAX:+34 976 00 00 00
TEL;TYPE=HOME:+34 976 33 33 33
TEL;TYPE=CELL,PREF:+34 600 12 34 56
EMAIL:info@ruiz.example.com
item1.EMAIL;TYPE=pref:ana@ruiz.example.com
ADR;TYPE=WORK:Apdo. 7;Piso 2;Calle Mayor 1;Zaragoza;Aragón;50001;España
URL:https://ruiz.example.com
NOTE:Primera línea\\nsegun
 da línea
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
 AAAA
END:VCARD
"""
V4 = """BEGIN:VCARD
VERSION:4.0
FN:Jonas Weber
ROLE:Einkauf
TEL;VALUE=uri;PREF=2;TYPE="voice,home":tel:+49-30-111;ext=5
TEL;VALUE=uri;PREF=1:tel:+49-30-222
EMAIL;PREF=9:second@weber.example.com
EMAIL;PREF=1:mailto:first@weber.example.com
LANG;PREF=2:en
LANG;PREF=1:de
END:VCARD
"""
V21 = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=ISO-8859-1;ENCODING=quoted-printable:Mu=F1oz;=CD=F1igo
TEL;WORK;VOICE:944
TEL;CELL;PREF:600
NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:L=C3=ADnea uno,=
 dos
END:VCARD
"""


def read_expected():
    """Return ``(file, records)`` for each file of the folder: what is expected of its cards.

    A record holds the fields of a card, and besides: ``notes`` what is kept in the notes,
    ``places`` the country and state that Odoo finds, ``photo`` whether there is a picture,
    ``unusable`` whether there is nobody on the card.
    """
    rows = map(json.loads, (FOLDER / 'expected.jsonl').read_text().splitlines())
    return [(FOLDER / row['file'], row['cards']) for row in rows]
