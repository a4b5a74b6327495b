from odoo import fields, models
from odoo.tools import format_date

from ..agreement.crm_contract_template import INVOICE_GROUPINGS

# The creation message that these leave out is posted for all invoices at once.
QUIET = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True}
ADDRESS_FIELDS = [
    'child_ids',
    'is_company',
    'lang',
    'parent_id',
    'property_payment_term_id',
    'type',
]


class CrmContract(models.Model):
    """The invoices that carry out a billing plan: what shares one, and the values written."""

    _inherit = 'crm.contract'

    invoice_grouping = fields.Selection(
        INVOICE_GROUPINGS,
        required=True,
        default='contract',
        help='One per contract: all that is due comes on one invoice.\n'
        'One per due date: periods that were missed come on an invoice each.\n'
        'One per customer: with the other contracts that say so, have the same invoice and '
        'delivery address, company and currency, and are billed in the same run.',
    )

    def _create_invoices(self, plan):
        """Create the invoices of a plan: one batch per company."""
        moves = self.env['account.move']
        for company, values_list in self._prepare_invoices(plan).items():
            model = moves.with_company(company).with_context(**QUIET)
            moves += model.create(values_list).with_env(moves.env)
        moves._message_log_batch({move.id: move._get_crm_contract_note() for move in moves})
        return moves

    def _prepare_invoices(self, plan):
        """Return {company: values of its invoices}; constantly many queries."""
        journals = self._get_invoice_journals()
        self._fetch_addresses()
        values_by_company = {}
        for entries in self._group_billing_plan(plan).values():
            contracts = self._get_planned(entries)
            journal = journals[contracts.company_id, contracts.currency_id]
            values = contracts._prepare_invoice(entries, journal)
            values_by_company.setdefault(contracts.company_id, []).append(values)
        return values_by_company

    def _fetch_addresses(self):
        """Read at once what invoices need to know of the customers and their addresses."""
        for company, contracts in self.grouped('company_id').items():
            customers = contracts.partner_id
            addresses = (customers | customers.child_ids).with_company(company)
            addresses.fetch(ADDRESS_FIELDS)

    def _get_invoice_journals(self):
        """Return {(company, currency): the journal that Odoo chooses for their invoices}."""
        moves = self.env['account.move']
        return {
            (company, currency): moves.with_company(company)
            .new(
                {
                    'move_type': 'out_invoice',
                    'company_id': company.id,
                    'currency_id': currency.id,
                }
            )
            .journal_id._origin
            for company, currency in {
                (contract.company_id, contract.currency_id) for contract in self
            }
        }

    def _get_planned(self, entries):
        """Return the contracts of entries of the plan, each once."""
        ids = dict.fromkeys(entry['contract_id'] for entry in entries)
        return self.browse(ids).with_prefetch(self._prefetch_ids)

    def _group_billing_plan(self, plan):
        """Return {what the entries of an invoice have in common: entries}."""
        groups = {}
        for entry in plan:
            groups.setdefault(self._get_invoice_key(entry), []).append(entry)
        return groups

    def _get_invoice_key(self, entry):
        """Return what the entries of one invoice have in common.

        Override to make more invoices of a plan. Company and currency are always the same.
        """
        contract = self._get_planned([entry])
        if contract.invoice_grouping == 'period':
            return contract, entry['date_due']
        if contract.invoice_grouping == 'customer':
            return contract._get_customer_key()
        return contract

    def _get_customer_key(self):
        """Return what contracts have in common that share the invoices of their customer."""
        addresses = self.partner_id.address_get(['invoice', 'delivery'])
        return (
            self.company_id,
            self.currency_id,
            self.commercial_partner_id,
            *addresses.values(),
        )

    def _prepare_invoice(self, entries, journal):
        """Return the values of an invoice of one or more contracts; override to add to it."""
        addresses = self.partner_id[:1].address_get(['invoice', 'delivery'])
        partner = self.env['res.partner'].browse(addresses['invoice'])
        partner = partner.with_company(self.company_id)
        managers = self.manager_id
        return {
            'move_type': 'out_invoice',
            'partner_id': partner.id,
            'partner_shipping_id': addresses['delivery'],
            'company_id': self.company_id.id,
            'journal_id': journal.id,
            'currency_id': self.currency_id.id,
            'invoice_user_id': managers.id if len(managers) == 1 else False,
            'invoice_origin': ', '.join(filter(None, self.mapped('code'))),
            'ref': ', '.join(filter(None, self.mapped('customer_ref'))),
            'invoice_payment_term_id': partner.property_payment_term_id.id,
            'invoice_line_ids': [
                fields.Command.create(
                    self._get_planned([entry])._prepare_invoice_line(entry, journal, partner.lang)
                )
                for entry in entries
            ],
        }

    def _prepare_invoice_line(self, entry, journal, lang):
        """Return the values of the invoice line of an entry; override to add to it."""
        self.ensure_one()
        account = self.analytic_account_id
        values = {
            'name': self._get_invoice_line_name(entry, lang),
            'product_id': entry['product_id'],
            'product_uom_id': entry['product_uom_id'],
            'quantity': entry['quantity'],
            'price_unit': entry['price_unit'],
            'discount': entry['discount'],
            'analytic_distribution': {str(account.id): 100} if account else False,
            'crm_contract_billing_id': entry['billing_id'],
        }
        if not entry['product_id'] and journal.default_account_id:
            values['account_id'] = journal.default_account_id.id
        return values

    def _get_invoice_line_name(self, entry, lang):
        """Return the text of an invoice line, with its days in the customer's language."""
        env = self.with_context(lang=lang or self.env.lang).env
        days = self._get_charged_days(entry, env)
        return f'{entry["name"]}\n{days}' if days else entry['name']

    def _get_charged_days(self, entry, env):
        """Return the words for the period of an entry, or for the day of its milestone."""
        if entry['period_start']:
            last_day = fields.Date.subtract(entry['period_end'], days=1)
            return env._(
                'From %(start)s to %(end)s',
                start=format_date(env, entry['period_start']),
                end=format_date(env, last_day),
            )
        milestone_day = self.env['crm.contract.line'].browse(entry['line_id']).date_due
        if not milestone_day:
            return ''
        return env._('On %(day)s', day=format_date(env, milestone_day))
