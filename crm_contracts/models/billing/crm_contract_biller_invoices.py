from odoo import fields, models
from odoo.tools import format_date

from odoo.addons.crm_extended.models.shared.crm_batch_mixin import LATER

# The creation message that these leave out is posted for all invoices at once.
QUIET = {'tracking_disable': True, 'mail_create_nolog': True, 'mail_create_nosubscribe': True}
ADDRESS_FIELDS = [
    'child_ids',
    'active',
    'is_company',
    'lang',
    'parent_id',
    'type',
]


class CrmContractBiller(models.AbstractModel):
    """The invoices of a plan: made in batches, then posted and sent where contracts say so.

    An invoice that cannot be posted stays a draft and says why. Sending is queued for Odoo's own
    scheduled action: it begins after this transaction is committed, or never.
    """

    _inherit = 'crm.contract.biller'

    # === MAKING THEM === #

    def _create_invoices(self, contracts, plan):
        """Create the invoices of a plan: one batch per company."""
        moves = self.env['account.move']
        for company, values_list in self._prepare_invoices(contracts, plan).items():
            model = moves.with_company(company).with_context(**QUIET)
            moves += model.create(values_list).with_env(moves.env)
        moves._message_log_batch({move.id: move._get_crm_contract_note() for move in moves})
        moves._note_crm_contract_early_days()
        return moves

    def _prepare_invoices(self, contracts, plan):
        """Return {company: values of its invoices}; constantly many queries."""
        journals = self._get_invoice_journals(contracts)
        self._fetch_addresses(contracts)
        values_by_company = {}
        for invoice in self._group_by_invoice(contracts, plan):
            own = contracts.browse(invoice.contract_ids).with_prefetch(contracts._prefetch_ids)
            journal = own.journal_id or journals[own.company_id, own.currency_id]
            values = own._prepare_invoice([entry.as_dict() for entry in invoice.entries], journal)
            values_by_company.setdefault(own.company_id, []).append(values)
        return values_by_company

    def _group_by_invoice(self, contracts, plan):
        """Return the plans of the single invoices."""
        groups = plan.group(lambda entry: contracts._get_invoice_key(entry.as_dict()))
        return list(groups.values())

    def _fetch_addresses(self, contracts):
        """Read at once what invoices need to know of the customers and their addresses."""
        for company, own in contracts.grouped('company_id').items():
            customers = own.partner_id | own.invoice_partner_id
            addresses = (customers | customers.child_ids).with_company(company)
            addresses.fetch(ADDRESS_FIELDS)

    def _get_invoice_journals(self, contracts):
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
                (contract.company_id, contract.currency_id) for contract in contracts
            }
        }

    def _get_customer_key(self, contract):
        """Return what contracts have in common that share the invoices of their customer."""
        return (
            contract.company_id,
            contract.currency_id,
            contract.commercial_partner_id,
            contract.invoice_date_rule,
            *contract._get_payment_key(),
        )

    # === WORDS === #

    def _get_line_name(self, entry, lang):
        """Return the text of an invoice line, with its days in the customer's language."""
        biller = self.with_context(lang=lang or self.env.lang)
        if entry['period_start']:
            days = biller._get_charged_days(entry['period_start'], entry['period_end'])
        else:
            days = biller._get_milestone_day(entry['line_id'])
        return f'{entry["name"]}\n{days}' if days else entry['name']

    def _get_charged_days(self, start, end):
        """Return the words for a period, ``end`` being the day after its last one."""
        last = fields.Date.subtract(end, days=1)
        if start == last:
            return self.env._('On %(day)s', day=format_date(self.env, start))
        return self.env._(
            'From %(start)s to %(end)s',
            start=format_date(self.env, start),
            end=format_date(self.env, last),
        )

    def _get_milestone_day(self, line_id):
        """Return the words for the day of a milestone; empty without one."""
        day = self.env['crm.contract.line'].browse(line_id).date_due
        return self.env._('On %(day)s', day=format_date(self.env, day)) if day else ''

    # === POSTING AND SENDING === #

    def _post_and_queue(self, moves):
        """Post the invoices of which all contracts say so, and send those of these that say so."""
        posted = self._post_invoices(
            moves.filtered(lambda move: all(move.crm_contract_ids.mapped('invoice_auto_post')))
        )
        self._queue_invoices(
            posted.filtered(lambda move: all(move.crm_contract_ids.mapped('invoice_auto_send')))
        )

    def _post_invoices(self, moves):
        """Post invoices and return those that could be; one that cannot be stops no other."""
        if not moves:
            return moves
        contracts = self.env['crm.contract']
        return contracts._run_within(moves, lambda some: some.action_post(), self._tell_not_posted)

    def _tell_not_posted(self, move, error):
        move._report_crm_contract_failure(self._get_post_error)

    def _get_post_error(self, move):
        """Return why an invoice is not posted, in the language of its environment, or ''."""
        try:
            with self.env.cr.savepoint():
                move.action_post()
        except LATER:
            raise
        except Exception as error:
            contracts = self.env['crm.contract'].with_env(move.env)
            return move.env._(
                'It could not be confirmed automatically: %(error)s',
                error=contracts._get_failure_reason(error),
            )
        return ''

    def _queue_invoices(self, moves):
        """Leave invoices to Odoo's scheduled sending, which takes each once."""
        for author, own in moves.grouped(self._get_sending_author).items():
            own.sending_data = {
                'author_user_id': author.id,
                'author_partner_id': author.partner_id.id,
                'crm_contract': True,
            }
        if moves:
            self.env.ref('account.ir_cron_account_move_send')._trigger()

    def _get_sending_author(self, move):
        """Return who sends an invoice: who bills, and for the program who is responsible."""
        if not self.env.user._is_superuser():
            return self.env.user
        return move.invoice_user_id or move.crm_contract_ids.manager_id[:1] or self.env.user
