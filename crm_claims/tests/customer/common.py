from odoo.http import Request
from odoo.tests import HttpCase, new_test_user

from ..common import ServiceCommon

PORTAL = 'base.group_portal'


class ServicePortalCommon(ServiceCommon, HttpCase):
    """Two companies of customers in the portal.

    ======= ======== =========================
    user    group    belongs to
    ======= ======== =========================
    lucia   portal   the customer
    rival   portal   another company
    ======= ======== =========================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lucia = new_test_user(cls.env, 'service_lucia', PORTAL, partner_id=cls.contact.id)
        cls.contact.email = 'lucia@altozano.example.com'
        cls.rival = new_test_user(cls.env, 'service_rival', PORTAL)

    def enter(self, user):
        self.authenticate(user.login, user.login)

    def get(self, url, **kwargs):
        return self.url_open(url, allow_redirects=False, **kwargs)

    def post(self, url, **kwargs):
        """Post a form like a page of ours: with the token of the session."""
        if not self.session:
            self.authenticate(None, None)
        data = {'csrf_token': Request.csrf_token(self), **kwargs.pop('data', {})}
        return self.url_open(url, data=data, allow_redirects=False, **kwargs)
