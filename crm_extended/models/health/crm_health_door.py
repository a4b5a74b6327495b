import secrets
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import consteq

from ...core.health import Finding

TOKEN_PARAMETER = 'crm_extended.health_token'
LOOKS_PER_MINUTE = 20


class HealthRateExceeded(UserError):
    """Monitoring looked as often as it may in this minute."""


class CrmHealth(models.TransientModel):
    """What is told to monitoring: keys, states and numbers, and nothing of anybody."""

    _inherit = 'crm.health'

    @api.model
    def _find_by_token(self, token):
        """Return the model as the program sees it, or None where the token opens nothing."""
        # sudo: who knows the token has no rights
        secret = self.env['ir.config_parameter'].sudo().get_param(TOKEN_PARAMETER) or ''
        is_it = consteq(secret.encode(), token.encode('utf-8', 'surrogatepass'))
        return self.with_user(SUPERUSER_ID) if secret and is_it else None

    @api.model
    def _tell(self):
        """Look, and return the findings.

        :raise HealthRateExceeded: too many looks in this minute
        """
        last_minute = fields.Datetime.now() - timedelta(minutes=1)
        looks = [('create_uid', '=', self.env.uid), ('create_date', '>', last_minute)]
        if self.search_count(looks, limit=LOOKS_PER_MINUTE) >= LOOKS_PER_MINUTE:
            raise HealthRateExceeded(self.env._('Too many requests. Please try again in a minute.'))
        return [
            Finding(line.key, line.area, line.state, line.count) for line in self._look().line_ids
        ]

    @api.model
    def _open_door(self):
        """Draw a new token: what knew the old one is refused."""
        self.env['ir.config_parameter'].set_param(TOKEN_PARAMETER, secrets.token_urlsafe(24))

    @api.model
    def _close_door(self):
        self.env['ir.config_parameter'].set_param(TOKEN_PARAMETER, False)

    @api.model
    def _get_door_url(self):
        token = self.env['ir.config_parameter'].get_param(TOKEN_PARAMETER)
        return token and f'{self.get_base_url()}/crm/health/{token}'
