"""What the programs of this world call the fields of a form, and which of ours each one is."""

from __future__ import annotations

import re

from .text import get_name_key

# Ours: what others call it, in the words of get_key. The parts of a name are joined later.
_SYNONYMS = {
    'contact_name': (
        'contact name, full name, fullname, name, names, nombre, nombres, nombre completo, '
        'nombre y apellidos, nombre y apellido, nombre apellidos, contact, contact person, '
        'persona de contacto, contacto, nom, nom complet, nom et prenom, nome, nome completo, '
        'nome e cognome, vor und nachname, ansprechpartner, first and last name, invitee name, '
        'nom i cognoms'
    ),
    'first_name': (
        'first name, firstname, first, fname, given name, givenname, forename, nombre de pila, '
        'primer nombre, vorname, prenom, primeiro nome'
    ),
    'middle_name': 'middle name, middlename, middle, segundo nombre',
    'last_name': (
        'last name, lastname, last, lname, surname, family name, familyname, apellido, apellidos, '
        'primer apellido, nachname, familienname, nom de famille, cognome, cognoms, sobrenome, '
        'apelido'
    ),
    'second_last_name': 'segundo apellido, second last name, second surname',
    'email': (
        'email, e mail, mail, email address, e mail address, emailaddress, work email, '
        'business email, company email, email from, from email, reply to, replyto, correo, '
        'correo electronico, correo e, direccion de correo, direccion de correo electronico, '
        'direccion de email, e mail adresse, emailadresse, courriel, adresse email, '
        'adresse e mail, adresse mail, correu, correu electronic, indirizzo email, '
        'endereco de email'
    ),
    'phone': (
        'phone, phone number, phonenumber, telephone, telephone number, tel, mobile, '
        'mobile phone, mobile number, cell, cell phone, work phone, work phone number, '
        'contact number, whatsapp, whatsapp number, telefono, telefono movil, telefono fijo, '
        'telefono de contacto, numero de telefono, numero telefono, movil, celular, telefon, '
        'telefonnummer, handy, telefone, telefono cellulare, numero di telefono, '
        'numero de telephone'
    ),
    'company': (
        'company, company name, companyname, organization, organisation, organization name, '
        'business, business name, account name, partner name, empresa, nombre de empresa, '
        'nombre de la empresa, nombre empresa, razon social, compania, organizacion, firma, '
        'firmenname, unternehmen, societe, entreprise, nom de l entreprise, azienda, impresa'
    ),
    'subject': (
        'subject, asunto, email subject, betreff, objet, oggetto, assunto, assumpte, sujet'
    ),
    'message': (
        'message, message text, mensaje, tu mensaje, comment, comments, comentario, comentarios, '
        'inquiry, enquiry, consulta, descripcion, description, how can we help, '
        'how can we help you, en que podemos ayudarte, nachricht, ihre nachricht, messaggio, '
        'mensagem, missatge, question, pregunta, observaciones, textarea, details'
    ),
    'page': (
        'page, page url, pageurl, page uri, landing page, landing page url, source url, '
        'current url, pagina, wp http referer, website page'
    ),
    'referrer': 'referrer, referer, http referer, http referrer, referrer url',
    'lang': 'lang, language, locale, idioma',
    'consent': 'consent',
    'consent_version': 'consent version',
    'seconds': 'crm seconds',
    'utm_campaign': 'utm campaign, utmcampaign',
    'utm_medium': 'utm medium, utmmedium',
    'utm_source': 'utm source, utmsource',
    'street': (
        'street, street address, address line 1, address line, addr line1, addr line, calle, '
        'direccion, address'
    ),
    'city': 'city, town, ciudad, poblacion, localidad, ville, stadt',
    'zip': 'zip, zip code, zipcode, postal code, postal, postcode, codigo postal, cp, plz',
    'website': 'website, web site, sitio web, pagina web, web, company website',
    'function': 'job title, jobtitle, job position, cargo, puesto, position, function',
}
FIELDS = {name: field for field, names in _SYNONYMS.items() for name in names.split(', ')}
# What one name is made of, in the order in which it is said.
NAME_PARTS = ('first_name', 'middle_name', 'last_name', 'second_last_name')
# Who clicked on which advertisement: kept for its network, which asks for it later.
CLICKS = {
    'gclid', 'gbraid', 'wbraid', 'dclid', 'fbclid', 'msclkid', 'ttclid', 'twclid', 'li fat id',
    'yclid', 'gcl id', 'gad source',
}  # fmt: skip
# What tells nothing to people, wherever it stands.
_OF_MACHINES = {
    'g recaptcha response', 'h captcha response', 'cf turnstile response', 'turnstile captcha',
    'recaptcha token response', 'csrf token', 'csrfmiddlewaretoken', 'nonce', 'honeypot', 'token',
    'form id', 'entry id', 'vid', 'is starred', 'is read', 'event id', 'event type',
    'response id', 'submission id', 'respondent id', 'webhook id', 'site id', 'account id',
    'form uid', 'unique id', 'lead id', 'google key', 'user agent', 'browser', 'ip', 'ip address',
    'remote ip', 'timestamp', 'fired at', 'created at', 'submitted at', 'submission time',
    'date submitted', 'landed at', 'created time', 'date created', 'date updated', 'hutk',
    'pretty', 'redirect', 'ret url', 'return url', 'oid', 'signature', 'charset', 'credit',
    'api version', 'raw value', 'object type id', 'trigger type', 'page element id', 'element id',
    'component id', 'form element id', 'slug', 'build date', 'submit date',
    'js execution tracker', 'submit source', 'upload server url', 'event observer',
    'time to submit',
}  # fmt: skip
# What tells nothing to people where it stands beside what was typed, not among it.
_OF_FORMS = {
    'id', 'type', 'status', 'number', 'is test', 'username', 'slug', 'date', 'time', 'action',
    'object', 'event', 'position', 'required', 'variables', 'version', 'custom params', 'parent',
    'is read', 'is starred', 'currency', 'post id', 'transaction type', 'list id', 'd',
    'created by',
}  # fmt: skip
# So much of a name is compared.
NAME_LENGTH = 200
# Small words before a name that say nothing more.
_LEADING = {'your', 'my', 'tu', 'su', 'field', 'input', 'ihre', 'ihr', 'votre', 'tus', 'sus'}
_NUMBERED = re.compile(r'q\d+')
_CAMEL = re.compile(r'(?<=[a-z])(?=[A-Z])')
_WORD = re.compile(r'[^\W_]+')


def get_key(name: str) -> str:
    """Return how names are compared: ``q3_yourName``, ``Your name:``, ``name-1`` are ``name``."""
    _before, _sign, inner = name[:NAME_LENGTH].rstrip('_').rpartition('__')
    words = _WORD.findall(get_name_key(_CAMEL.sub(' ', inner)))
    while len(words) > 1 and (words[0] in _LEADING or _NUMBERED.fullmatch(words[0])):
        words = words[1:]
    is_counted = bool(words) and words[-1].isdigit() and not words[0].isdigit()
    return ' '.join(words[:-1] if is_counted and ' '.join(words) not in FIELDS else words)


def is_of_machine(name: str, *, is_about_form: bool = False) -> bool:
    """Tell whether a name stands for what no person reads: a token, a number of a record."""
    key = get_key(name)
    if key in FIELDS or key in CLICKS:
        return False
    return name.startswith('_') or key in _OF_MACHINES or (is_about_form and key in _OF_FORMS)
