from odoo import http
from odoo.http import request

from ..core.health import get_status, get_worst, tell_prometheus
from ..models.health.crm_health_door import HealthRateExceeded

RETRY_AFTER = 60
PLAIN = [('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')]
NOT_KEPT = ('Cache-Control', 'no-store')


class HealthController(http.Controller):
    """Where monitoring asks whether the suite does its work."""

    @http.route(
        '/crm/health/<string:token>',
        type='http',
        auth='public',
        methods=['GET'],
        save_session=False,
    )
    def crm_health(self, token, **options):
        """Answer in JSON, or as Prometheus reads it; 503 where somebody has to act."""
        health = request.env['crm.health']._find_by_token(token)
        if health is None:
            return self._refuse_health(404, request.env._('There is nothing here.'))
        try:
            findings = health._tell()
        except HealthRateExceeded as error:
            return self._refuse_health(429, str(error), [('Retry-After', str(RETRY_AFTER))])
        state = get_worst(finding.state for finding in findings)
        status = get_status(state)
        if options.get('format') == 'prometheus':
            headers = [*PLAIN, NOT_KEPT]
            return request.make_response(tell_prometheus(findings), headers, status=status)
        checks = {
            finding.key: {'state': finding.state, 'count': finding.count} for finding in findings
        }
        return request.make_json_response(
            {'state': state, 'checks': checks}, headers=[NOT_KEPT], status=status
        )

    def _refuse_health(self, status, reason, headers=()):
        return request.make_json_response({'error': reason}, headers=headers, status=status)
