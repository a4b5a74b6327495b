"""Administrators see how everything is, at the desk and on a phone, and open what is counted."""

import json

import pytest

from odoo.tests import HttpCase, new_test_user, tagged

from .common import OnAPhone
from .test_screens_fit import LOOK, VIOLATIONS

SCREEN = {'name': 'health', 'request': 'crm_extended.crm_health_action'}
# What is counted is opened from where it stands: the row on the desktop, the card on a phone.
OPEN = """
(async () => {
    const until = async (find) => {
        for (let tries = 0; tries < 300; tries++) {
            const found = find();
            if (found) {
                return found;
            }
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        throw new Error(`not found: ${find}`);
    };
    const title = "Mails that could not leave";
    const isRow = (one) => one.innerText.includes(title);
    const getRow = () => [...document.querySelectorAll(".o_data_row, article")].find(isRow);
    (await until(getRow)).querySelector("button[name=action_open]").click();
    await until(() => document.querySelector(".o_breadcrumb")?.innerText.includes(title));
    const mails = await until(() => document.querySelector(".o_data_row, article"));
    console.log(mails ? "test successful" : "no mails");
})();
"""


class HealthCase(HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = 'base.group_system,sales_team.group_sale_manager'
        cls.administrator = new_test_user(cls.env, 'health_screen', groups)
        lead = cls.env['crm.lead'].create({'name': 'Barrels'})
        cls.env['mail.mail'].create(
            {'model': 'crm.lead', 'res_id': lead.id, 'state': 'exception', 'subject': 'Offer'}
        )

    def look_and_open(self):
        wanted = {'screens': [SCREEN], 'stockScreens': [], 'known': VIOLATIONS, 'axeSource': None}
        user = {'ready': 'odoo.isReady === true', 'login': self.administrator.login}
        look = LOOK.replace('$WANTED', json.dumps(wanted))
        self.browser_js('/odoo/crm-health', look, timeout=120, **user)
        self.browser_js('/odoo/crm-health', OPEN, timeout=120, **user)


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestHealthFitsTheDesktop(HealthCase):
    browser_size = '1366x768'

    def test_health_fits_and_opens_what_it_counts(self):
        self.look_and_open()


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestHealthFitsThePhone(OnAPhone, HealthCase):
    def test_health_fits_and_opens_what_it_counts(self):
        self.look_and_open()
