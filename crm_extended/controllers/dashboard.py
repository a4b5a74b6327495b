from odoo import http
from odoo.http import request

from odoo.addons.spreadsheet_dashboard.controllers.dashboards_controllers import (
    DashboardDataRoute,
)


class SampleDashboardRoute(DashboardDataRoute):
    """The sample of a dashboard in the language of its user.

    Odoo tells only with the data whose terms are to be translated, and how numbers are written.
    """

    @http.route()
    def get_dashboard_data(self, dashboard):
        response = super().get_dashboard_data(dashboard)
        answer = response.get_json()
        if not answer.get('is_sample'):
            return response
        locale = request.env['res.lang']._get_user_spreadsheet_locale()
        answer['snapshot'].setdefault('settings', {})['locale'] = locale
        namespace = dashboard._get_dashboard_translation_namespace()
        return request.make_json_response({**answer, 'translation_namespace': namespace})
