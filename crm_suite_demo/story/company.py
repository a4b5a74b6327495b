"""The company itself: its address, its accounts, its products."""

import base64

from odoo.fields import Command
from odoo.tools import file_open


def begin(story):
    story.company = create_company(story)
    story.env = story.env(context={**story.env.context, 'allowed_company_ids': story.company.ids})
    story.agenda.env = story.env
    load_accounts(story)
    story.products = create_products(story)
    story.taxes = story.company.account_sale_tax_id


def create_company(story):
    words = story.words
    currency = story.env.ref('base.EUR')
    currency.active = True
    # An addon of the country, with a chart of its own, would be installed in the midst of this.
    companies = story.env['res.company'].with_context(chart_template_load=True)
    company = companies.create(
        {
            'name': words.COMPANY['name'],
            'country_id': story.env.ref(f'base.{words.COUNTRY}').id,
            'currency_id': currency.id,
        }
    ).with_env(story.env)
    # Not before: Odoo looks for more about a new company by its address.
    company.write({**words.COMPANY, 'logo': read_logo(words)})
    company.resource_calendar_id.tz = words.ZONE
    let_administrator_in(story, company)
    return company


def read_logo(words):
    with file_open(f'crm_suite_demo/static/logo/{words.LOGO}', 'rb') as logo:
        return base64.b64encode(logo.read())


def let_administrator_in(story, company):
    """Let the administrator work here, and in no company in which nothing ever happened."""
    admin = story.env.ref('base.user_admin')
    is_used = bool(story.env['account.move'].search_count([], limit=1))
    change = Command.link(company.id) if is_used else Command.set(company.ids)
    admin.write({'company_ids': [change], 'company_id': company.id})


def load_accounts(story):
    """Give the company a chart of accounts, with the rate of its country."""
    company = story.company
    charts = story.env['account.chart.template'].with_company(company)
    # try_loading wants all modules to be there; those that come after ours add no account
    charts._load('generic_coa', company, install_demo=False)
    company.currency_id = story.env.ref('base.EUR')
    name, rate = story.words.TAX
    taxes = company.account_sale_tax_id | company.account_purchase_tax_id
    taxes.write({'name': name, 'amount': rate, 'invoice_label': name})
    company.crm_contract_plan_id = story.env['res.company']._get_or_create_contract_plan()


def create_products(story):
    """Return {key: product}."""
    products = story.env['product.product'].create(
        [
            {
                'name': name,
                'type': 'service' if is_service else 'consu',
                'list_price': price,
                'standard_price': price * 0.6,
                'default_code': key.upper(),
                'company_id': story.company.id,
                'invoice_policy': 'order',
            }
            for key, (name, price, is_service) in story.words.PRODUCTS.items()
        ]
    )
    return dict(zip(story.words.PRODUCTS, products, strict=True))
