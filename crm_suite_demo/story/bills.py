"""What is billed each month, who pays when, and what is left lying."""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from odoo.fields import Command

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
    moves = (due - get_left_lying(story))._bill_or_park()
    if moves:
        moves.invoice_date = datetime.now().date()
        confirmed = moves if not is_last else moves[: len(moves) // 2]
        story.agenda.add(datetime.now() + timedelta(hours=HOURS), post, story, confirmed)


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
