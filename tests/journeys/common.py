"""The people and the papers that the journeys share."""

from odoo.tests import HttpCase, new_test_user

from tests.suite import LONG


class JourneyCase(HttpCase):
    """A salesperson, a campaign, and the contact form on the company's own website."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env['utm.campaign'].create({'title': 'Autumn Fair'})
        cls.sellers = {
            language: new_test_user(
                cls.env,
                login=f'seller_{language}',
                name='Sol Vega',
                groups='sales_team.group_sale_salesman,base.group_partner_manager',
                lang=language,
                tz='Europe/Madrid',
            )
            for language in ('en_US', 'es_ES')
        }

    def make_form(self, seller):
        team = self.env['crm.team'].create({'name': 'Web', 'member_ids': seller.ids})
        return self.env['crm.capture.form'].create(
            {'name': 'Website', 'user_id': seller.id, 'team_id': team.id}
        )

    def post_form(self, form, **answers):
        """Post like a visitor's browser: no session, no cookie."""
        response = self.url_open(
            f'/crm/capture/{form.token}',
            data={'utm_campaign': self.campaign.name, **answers},
        )
        self.assertEqual(response.status_code, 201, response.text)
        return self.env['crm.lead'].search([('email_from', '=', answers['email'])])


class OnASize:
    """A browser of a size: each speaks a language of its own, in a long run the other too."""

    language = None

    def require(self, language):
        if not LONG and language != self.language:
            self.skipTest('LONG=1 walks it in this language too')


class OnTheDesktop(OnASize):
    """A browser in a window."""

    language = 'en_US'


class OnAPhone(OnASize):
    """A browser as small as a phone's, used with the thumb."""

    browser_size = '375x667'
    touch_enabled = True
    language = 'es_ES'


class InBothLanguages:
    """Walks the journey of the class in its languages: between them, the sizes show both."""

    def test_in_english(self):
        self.require('en_US')
        self.walk('en_US')

    def test_in_spanish(self):
        self.require('es_ES')
        self.walk('es_ES')
