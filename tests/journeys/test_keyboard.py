"""Whoever has no mouse does the work of a day all the same, and always sees where he is.

With real key presses, in the browser.
"""

import pytest

from odoo import fields
from odoo.tests import HttpCase, tagged

from .hands import HandsMixin
from .screens import ScreensMixin

HEADER = '.o_statusbar_buttons button'
DIALOG = '.modal footer button'
# Whether what has the focus looks otherwise than without it.
IS_SEEN = """(() => {
    const element = document.activeElement;
    element.style.transition = 'none';
    const read = () => {
        const style = getComputedStyle(element);
        return `${style.outline} ${style.boxShadow} ${style.backgroundColor} ${style.borderColor}`;
    };
    const focused = read();
    element.blur();
    const blurred = read();
    element.focus({ focusVisible: true });
    return focused !== blurred || element.outerHTML.slice(0, 200);
})()"""
IS_AT = "document.activeElement.matches('%s')"


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestByKeyboard(HandsMixin, ScreensMixin, HttpCase):
    browser_size = '1366x768'

    def test_a_day_is_worked_by_keyboard(self):
        self.call.date = fields.Datetime.now()
        # on its first day: what is due today would differ between the zones of those who ask
        self.running.action_resume(self.running.date_start)
        opportunity = self.leads.filtered(lambda lead: lead.type == 'opportunity')
        opportunity.phone = '+34 941 555 010'
        with self.hands(self.user) as self.hand:
            self.hand.open('/odoo/sales-day')
            self.walk_through_home()
            self.hold_a_call()
            self.log_and_plan(self.get_form(opportunity)['request'])
            self.take_and_answer()
            self.bill(self.get_form(self.running)['request'])
            self.preview(self.get_form(self.segment)['request'])
        self.assertEqual(self.call.state, 'held')
        logged = opportunity.crm_call_ids
        self.assertEqual(logged.state, 'held')
        self.assertIn('Asked', logged.name)
        self.assertEqual((self.ticket.user_id, self.ticket.stage_kind), (self.user, 'waiting'))
        self.assertEqual(self.running.billing_ids.mapped('amount'), [12345.67])

    def walk_through_home(self):
        """Reach everything on a home, see it, and get out again."""
        self.hand.wait('.o_crm_home section[data-key=calls] li button', 'Held')
        reachable = self.hand.look(
            "document.querySelectorAll('.o_crm_home :is(button, a, input)').length"
        )
        self.assertGreater(reachable, 8)
        self.hand.tab_to('.o_crm_home :is(button, a, input)')
        inside = 0
        while self.hand.look(IS_AT % '.o_crm_home *'):
            inside += 1
            self.assertIs(self.hand.look(IS_SEEN), True)
            self.assertLessEqual(inside, reachable, 'the focus does not get out of the home')
            self.hand.press('Tab')
        self.assertEqual(inside, reachable)

    def hold_a_call(self):
        self.press_at('.o_crm_home section[data-key=calls] li button', 'Held')
        self.be_in_dialog()
        self.press_at('.modal button[name=action_apply]')
        self.hand.wait('section[data-key=calls] .o_crm_home_empty')

    def log_and_plan(self, opportunity):
        self.hand.visit(opportunity)
        self.press_at(HEADER, 'Log Call')
        self.be_in_dialog()
        self.hand.tab_to('.modal .o_field_widget[name=name] input')
        self.hand.type('Asked')
        self.press_at(DIALOG, 'Log Call')
        self.be_back(HEADER, 'Log Call')
        self.press_at('.o_form_sheet button', 'Plan Call')
        self.be_in_dialog()
        self.hand.press('Escape')
        self.be_back('.o_form_sheet button', 'Plan Call')

    def take_and_answer(self):
        self.hand.visit('crm_claims.crm_home_action_agent')
        self.press_at('section[data-key=unassigned] button.btn-primary', 'Ticket')
        self.hand.wait('.o_form_view button[name=action_solve]')
        self.press_at(HEADER, 'Reply')
        self.be_in_dialog()
        self.hand.tab_to('.modal .odoo-editor-editable')
        self.hand.type('Which size do you use?')
        # Tab belongs to the text here: the keys of the buttons lead out of it
        self.hand.press_with_alt('w')
        self.be_back(HEADER, 'Reply')

    def bill(self, contract):
        self.hand.visit(contract)
        self.press_at(HEADER, 'Bill')
        self.be_in_dialog()
        self.press_at('.modal button[name=action_bill]')
        self.hand.wait('.o_form_view .o_field_widget[name=invoice_line_ids]')

    def preview(self, segment):
        self.hand.visit(segment)
        self.press_at(HEADER, 'Preview')
        self.be_in_dialog()
        self.hand.press('Escape')
        self.be_back(HEADER, 'Preview')

    # === HELPERS === #

    def press_at(self, selector, text=''):
        """Go there with Tab, see that it shows, press Enter."""
        self.hand.tab_to(selector, text)
        self.hand.rest()
        self.hand.tab_to(selector, text)
        self.assertIs(self.hand.look(IS_SEEN), True)
        self.hand.press('Enter')

    def be_in_dialog(self):
        """See that the focus is in the dialog, and that Tab does not leave it."""
        self.hand.wait('.modal', condition="!!document.activeElement.closest('.modal')")
        for _stop in range(4):
            self.hand.press('Tab')
            self.assertTrue(self.hand.look(IS_AT % '.modal *'))

    def be_back(self, selector, text):
        """See that the focus is again where the dialog was opened."""
        self.hand.wait_gone('.modal')
        self.hand.wait(selector, text, condition='find() === document.activeElement')
