"""What is billed each month, who pays when, and what is left lying."""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tools import mute_logger

BATCHES = 'odoo.addons.crm_extended.models.shared.crm_batch_mixin'
OPEN_ACCOUNTS = ('asset_receivable', 'liability_payable')
HOURS = 2  # of the day: billed at seven, confirmed at nine
# When customers pay, in days after the invoice, and how many of them do so.
PAYERS = {'punctual': 60, 'late': 25, 'never': 15}
DAYS = {'punctual': 27, 'late': 52}
REGULARS = 1  # customers each of whose payments is a document of its own
FORGIVEN_MONTHS = 4  # what is older was paid by everybody


def begin(story):
    story.payers = {}
    story.regulars = story.customers[:REGULARS]
    story.bank = story.env['account.journal'].search(
        [('type', '=', 'bank'), ('company_id', '=', story.company.id)], limit=1
    )
    story.agenda.add(story.now - timedelta(hours=2), fail, story)
    for ago in range(13, -1, -1):
        moment = story.at(story.get_month(ago) + timedelta(days=1), 7)
        next_run = story.at(story.get_month(ago - 1) + timedelta(days=1), 7)
        story.agenda.add(moment, run, story, next_run > story.now)


def run(story, is_last):
    """Do what the scheduled actions of the day do, and confirm the invoices."""
    story.env.invalidate_all()
    contracts = story.env['crm.contract'].search([('company_id', '=', story.company.id)])
    contracts.filtered_domain([('state', 'in', ('open', 'to_renew'))])._check_renewals()
    contracts._log_mrr()
    due = contracts.search([('is_to_bill', '=', True), ('company_id', '=', story.company.id)])
    due -= get_left_lying(story)
    moves = due._bill_or_park()
    note_run(story, due)
    if moves:
        moves.invoice_date = datetime.now().date()
        confirmed = moves if not is_last else moves[: len(moves) // 2]
        story.agenda.add(datetime.now() + timedelta(hours=HOURS), post, story, confirmed)


def note_run(story, contracts):
    """Leave what the scheduled billing, which ends its transactions, would have left of its run."""
    parked = contracts.filtered('billing_error')
    story.env['crm.contract.billing.run'].create(
        {
            'state': 'done',
            'company_ids': [Command.set(story.company.ids)],
            'date_start': datetime.now(),
            'date_end': datetime.now() + timedelta(seconds=len(contracts)),
            'total_count': len(contracts),
            'done_count': len(contracts - parked),
            'parked_count': len(parked),
            'seconds': len(contracts),
        }
    )


def get_left_lying(story):
    """Return the contracts that nobody has billed lately."""
    recent = datetime.now() > story.now - timedelta(days=100)
    late = [deal.contract for deal in story.deals if deal.fate == 'late' and recent]
    return story.env['crm.contract'].union(*filter(None, late))


def post(story, moves):
    moves.action_post()
    by_payer = moves.grouped(lambda move: get_payer(story, move))
    for payer, own in by_payer.items():
        days = DAYS.get(payer)
        if days:
            moment = story.work_on(datetime.now().date() + timedelta(days=days))
            story.agenda.add(moment, pay, story, own)


def get_payer(story, move):
    customer = move.commercial_partner_id
    if customer not in story.payers:
        story.payers[customer] = story.choose_weighted(PAYERS)
    is_old = datetime.now() < story.now - relativedelta(months=FORGIVEN_MONTHS)
    payer = story.payers[customer]
    return 'late' if payer == 'never' and is_old else payer


def pay(story, moves):
    """Book what came in on one day: as payments of the regulars, as one entry of the others."""
    unpaid = moves.filtered(lambda move: move.payment_state == 'not_paid')
    registered = unpaid.filtered(lambda move: move.commercial_partner_id in story.regulars)
    if registered:
        register(story, registered)
    if unpaid - registered:
        collect(story, unpaid - registered)


def register(story, moves):
    wizards = story.env['account.payment.register'].with_context(
        active_model='account.move', active_ids=moves.ids
    )
    wizard = wizards.create({'payment_date': datetime.now().date(), 'group_payment': False})
    wizard._create_payments()


def collect(story, moves):
    """Book what was paid, by customers or by us, as the bank reports it in one list."""
    due = moves.line_ids.filtered(lambda line: line.account_type in OPEN_ACCOUNTS)
    total = {'account_id': story.bank.default_account_id.id, 'balance': sum(due.mapped('balance'))}
    lines = [total, *(prepare_collected(line) for line in due)]
    entry = story.env['account.move'].create(
        {
            'move_type': 'entry',
            'journal_id': story.bank.id,
            'date': datetime.now().date(),
            'line_ids': [Command.create(line) for line in lines],
        }
    )
    entry.action_post()
    paid = entry.line_ids.filtered('partner_id')
    due._reconcile_plan([line | own for line, own in zip(due, paid, strict=True)])


def prepare_collected(line):
    return {
        'name': line.move_id.name,
        'account_id': line.account_id.id,
        'partner_id': line.partner_id.id,
        'balance': -line.balance,
    }


def fail(story):
    """Let an invoice not be confirmed by itself: its account was archived since."""
    name, price = story.words.CONVERSION
    account = story.products['project'].property_account_income_id.create(
        {
            'name': story.words.OLD_ACCOUNT,
            'code': '409000',
            'account_type': 'income',
            'company_ids': [Command.set(story.company.ids)],
        }
    )
    product = story.products['project'].create(
        {
            'name': name,
            'type': 'service',
            'list_price': price,
            'company_id': story.company.id,
            'property_account_income_id': account.id,
        }
    )
    contract = next(deal.contract for deal in story.deals if deal.fate == 'fails')
    contract.invoice_auto_post = True
    contract.line_ids = [
        Command.create(
            {
                'kind': 'milestone',
                'name': name,
                'product_id': product.id,
                'price_unit': price,
                'tax_ids': [Command.set(story.taxes.ids)],
                'date_due': datetime.now().date(),
            }
        )
    ]
    account.active = False
    with mute_logger(BATCHES):  # which tells administrators of what is to be seen here
        contract._bill_or_park()
