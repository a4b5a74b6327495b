"""The customers and the suppliers, with the people who work there."""

CUSTOMERS = 48
SUPPLIERS = 4


def begin(story):
    words = story.words
    names = [kind.format(name) for name in words.PLACES for kind in words.KINDS]
    story.random.shuffle(names)
    story.strangers = names[CUSTOMERS:]  # who comes later
    story.customers = create_companies(story, names[:CUSTOMERS])
    story.contacts = create_contacts(story, story.customers)
    story.suppliers = create_companies(story, words.SUPPLIERS[:SUPPLIERS])
    story.suppliers.supplier_rank = 1
    story.customers[:30].property_payment_term_id = story.env.ref(
        'account.account_payment_term_30days'
    )


def create_companies(story, names):
    return story.env['res.partner'].create(
        [{**prepare_address(story, name), 'is_company': True, 'vat': False} for name in names]
    )


def prepare_address(story, name):
    words = story.words
    return {
        'name': name,
        'street': story.choose(words.STREETS).format(story.random.randrange(1, 90)),
        'city': story.choose(words.CITIES),
        'country_id': story.company.country_id.id,
        'phone': get_phone(story),
        'email': f'info@{get_domain(name)}',
        'lang': story.lang,
        'company_id': story.company.id,
    }


def create_contacts(story, companies):
    """Return two people of each company, some companies have but one."""
    return story.env['res.partner'].create(
        [
            prepare_contact(story, company)
            for company in companies
            for _number in range(story.choose([1, 2, 2]))
        ]
    )


def prepare_contact(story, company):
    name, address = get_person(story, company.name)
    return {
        'name': name,
        'parent_id': company.id,
        'type': 'contact',
        'function': story.choose(story.words.FUNCTIONS),
        'email': address,
        'phone': get_phone(story),
        'lang': story.lang,
        'company_id': story.company.id,
    }


def get_person(story, company_name):
    """Return (name, address) of somebody who works in a company."""
    words = story.words
    first, last = story.choose(words.FIRST_NAMES), story.choose(words.LAST_NAMES)
    return f'{first} {last}', f'{slug(first)}.{slug(last)}@{get_domain(company_name)}'


def get_phone(story):
    prefix, digits = story.words.PHONE
    return f'{prefix} {story.random.randrange(10 ** (digits - 1), 10**digits)}'


def get_domain(name):
    return f'{slug(name)}.example.com'


def slug(text):
    plain = text.lower().translate(str.maketrans('áéíóúüñç', 'aeiouunc'))
    return '-'.join(filter(None, ''.join(c if c.isalnum() else ' ' for c in plain).split()))
