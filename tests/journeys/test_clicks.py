"""What people do many times a day takes no more clicks than the manual says. In the browser."""

import re

import pytest

from odoo import Command, fields
from odoo.tests import BaseCase, HttpCase, tagged

from tests.suite import ROOT

from .hands import HandsMixin
from .screens import ScreensMixin

TABLES = {language: ROOT / 'docs' / language / 'clicks.md' for language in ('en', 'es')}
CELL = r' ([^|]+) \|'
ROW = re.compile(rf'\|{CELL * 4}')
DIALOG = '.modal footer button'
HEADER = '.o_statusbar_buttons button'
CLOSED = 'body:not(:has(.modal))'
MENU_ITEM = '.o-dropdown--menu .o_menu_item'
# The jobs that are done here: where they begin, what is clicked (or typed), what tells the end.
JOBS = {
    'Hold a planned call': (
        'crm_extended.crm_home_action_sales',
        [
            ('click', 'section[data-key=calls] li button', 'Held'),
            ('click', '.modal button[name=action_apply]', ''),
        ],
        'section[data-key=calls] .o_crm_home_empty',
    ),
    'Log a call about an opportunity': (
        'opportunity',
        [('click', HEADER, 'Log Call'), ('type', 'Asked'), ('click', DIALOG, 'Log Call')],
        CLOSED,
    ),
    'Plan a call about an opportunity': (
        'opportunity',
        [
            ('click', '.o_form_sheet button.btn-link', 'Plan Call'),
            ('type', 'Ask'),
            ('click', DIALOG, 'Plan Call'),
        ],
        CLOSED,
    ),
    'Take the next case': (
        'crm_claims.crm_home_action_agent',
        [('click', 'section[data-key=unassigned] button.btn-primary', 'Ticket')],
        '.o_form_view button[name=action_solve]',
    ),
    'Answer a case and wait for the customer': (
        'ticket',
        [
            ('click', HEADER, 'Reply'),
            ('focus', '.modal .odoo-editor-editable', ''),
            ('type', 'Which size do you use?'),
            ('click', '.modal footer button[name=action_send_and_wait]', ''),
        ],
        '.o-mail-Message .o-mail-Message-body',
    ),
    'Solve a case': (
        'ticket',
        [('click', '.o_statusbar_buttons button[name=action_solve]', '')],
        '.o_statusbar_buttons:not(:has(button[name=action_solve]))',
    ),
    'Contract of a won opportunity': (
        'won',
        [('click', HEADER, 'Contract'), ('click', HEADER, 'Confirm')],
        '.o_arrow_button_current[data-value=open]',
    ),
    'Bill all that is due': (
        'crm_contracts.crm_contract_action_to_bill',
        [
            ('click', '.o_list_record_selector input', ''),
            ('click', '.o_control_panel button[name=action_bill]', ''),
            ('click', '.modal button[name=action_bill]', ''),
        ],
        CLOSED,
    ),
    'Renew a contract': (
        'contract',
        [
            ('click', '.o_control_panel .o_cp_action_menus button', ''),
            ('click', MENU_ITEM, 'Renew'),
            ('click', DIALOG, 'Renew'),
        ],
        CLOSED,
    ),
    'See my cases that are due': (
        'crm_claims.crm_home_action_agent',
        [('click', 'section[data-key=answered] .o_crm_home_title', '')],
        '.o_kanban_view, .o_list_view',
    ),
    'Create the customer of an opportunity': (
        'anonymous',
        [('click', 'button[name=action_crm_create_customer]', '')],
        '.o_form_sheet:not(:has(button[name=action_crm_create_customer]))',
    ),
    'Make a ticket of a call': (
        'call',
        [('click', 'button[name=action_create_service_ticket]', '')],
        '.o_form_view button[name=action_solve]',
    ),
    'Preview a segment': ('segment', [('click', HEADER, 'Preview')], '.modal [name=enter_count]'),
}


def read_table(language):
    """Return the rows of the manual's table, in its order."""
    return [
        found.groups()
        for line in TABLES[language].read_text(encoding='utf-8').splitlines()
        if (found := ROW.fullmatch(line)) and found[2].isdecimal()
    ]


@tagged('post_install', '-at_install')
class TestTableOfClicks(BaseCase):
    def test_no_job_takes_more_clicks_than_elsewhere(self):
        rows = read_table('en')
        self.assertGreaterEqual(len(rows), 20)
        for job, ours, *others in rows:
            with self.subTest(job):
                known = [int(number) for number in others if number.isdecimal()]
                self.assertLessEqual(int(ours), min(known, default=99))

    def test_both_languages_say_the_same(self):
        english, spanish = ([row[1:] for row in read_table(language)] for language in TABLES)
        self.assertTrue(english)
        self.assertEqual(english, spanish)


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestClicks(HandsMixin, ScreensMixin, HttpCase):
    browser_size = '1366x768'

    def test_jobs_take_the_clicks_that_the_manual_says(self):
        stated = {job: int(ours) for job, ours, *_others in read_table('en')}
        places = self.make_places()
        taken = {}
        with self.hands(self.user) as hands:
            hands.open('/odoo/sales-day')
            for job, (place, steps, end) in JOBS.items():
                hands.visit(places.get(place, place))
                hands.clicks = 0
                for kind, *arguments in steps:
                    getattr(hands, kind)(*arguments)
                hands.wait(end)
                taken[job] = hands.clicks
        self.assertEqual(taken, {job: stated[job] for job in JOBS})

    def make_places(self):
        """Return where the jobs begin that need a record of their own."""
        opportunity = next(lead for lead in self.leads if lead.type == 'opportunity')
        opportunity.phone = '+34 941 555 010'
        self.running.action_resume()
        self.call.date = fields.Datetime.now()
        records = {
            'opportunity': opportunity,
            'anonymous': self.make_anonymous(),
            'won': self.make_won(),
            'call': self.call,
            'ticket': self.ticket,
            'contract': self.running,
            'segment': self.segment,
        }
        return {name: self.get_form(record)['request'] for name, record in records.items()}

    def make_anonymous(self):
        return self.env['crm.lead'].create(
            {
                'name': 'Asked on the phone',
                'type': 'opportunity',
                'contact_name': 'Luis Rey',
                'email_from': 'luis@rey.example.com',
                'user_id': self.user.id,
            }
        )

    def make_won(self):
        won = self.env['crm.lead'].create(
            {
                'name': 'Care of the web shop',
                'type': 'opportunity',
                'partner_id': self.customer.id,
                'user_id': self.user.id,
            }
        )
        product = self.env['product.product'].create(
            {'name': 'Monthly care', 'type': 'service', 'crm_contract_kind': 'recurring'}
        )
        self.env['sale.order'].create(
            {
                'partner_id': self.customer.id,
                'user_id': self.user.id,
                'opportunity_id': won.id,
                'order_line': [Command.create({'product_id': product.id, 'price_unit': 123.0})],
            }
        ).action_confirm()
        won.action_set_won()
        return won
