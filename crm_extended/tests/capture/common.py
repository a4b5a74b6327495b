import json

from odoo.tests import HttpCase

from ..common import CrmExtendedCase


class CaptureCase(CrmExtendedCase, HttpCase):
    """A contact page that posts to a form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.form = cls.env['crm.capture.form'].create(
            {
                'name': 'Contact page',
                'team_id': cls.team.id,
                'user_id': cls.salesman.id,
            }
        )

    def post(self, data=None, *, form=None, **options):
        return self.url_open(
            f'/crm/capture/{(form or self.form).token}',
            data=data,
            method='POST',
            allow_redirects=False,
            **options,
        )

    def post_json(self, value, **options):
        header = {'Content-Type': 'application/json', **options.pop('headers', {})}
        return self.post(json.dumps(value), headers=header, **options)

    def get_leads(self, form=None):
        leads = self.env['crm.lead'].with_context(active_test=False)
        return leads.search([('crm_capture_form_id', '=', (form or self.form).id)], order='id')

    def get_suspects(self):
        return self.env['crm.capture.suspect'].search([('form_id', '=', self.form.id)])
