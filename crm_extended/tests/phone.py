import json

from odoo import Command

from .common import CrmExtendedCase


class PhoneCase(CrmExtendedCase):
    """A line with two extensions: 201 is the salesman's, 300 rings at him and his colleague.

    Everything else rings at the coordinator.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.country_id = cls.env.ref('base.es')
        cls.line = cls.env['crm.phone.line'].create(
            {
                'name': 'Head office',
                'user_ids': [Command.set(cls.coordinator.ids)],
                'extension_ids': [
                    Command.create({'number': '201', 'user_ids': cls.salesman.ids}),
                    Command.create(
                        {'number': '300', 'user_ids': (cls.salesman | cls.colleague).ids}
                    ),
                ],
            }
        )

    def _tell(self, state, reference='7', **values):
        values = {'from': '0034 600 111 111', 'extension': '201', **values}
        line = self.env['crm.phone.line'].sudo()._find_by_token(self.line.token)
        return line._receive({'state': state, 'id': reference, **values}).with_env(self.env)

    def _get_told(self, function):
        """Return [(partner of the user, message)] of what the bus was told meanwhile."""
        self.env.cr.precommit.run()
        self.env['bus.bus'].sudo().search([]).unlink()
        function()
        self.env.cr.precommit.run()
        told = []
        for row in self.env['bus.bus'].sudo().search([], order='id'):
            message = json.loads(row.message)
            if message['type'] == 'crm_extended.phone_call':
                told.append((json.loads(row.channel)[2], message['payload']))
        return told
