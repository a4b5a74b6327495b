from datetime import timedelta

from odoo import Command, api, fields, models

from ...core.health import SEVERITIES, get_worst

AREAS = [
    ('job', 'Jobs'),
    ('mail', 'Mail'),
    ('queue', 'Waiting'),
    ('server', 'Server'),
    ('user', 'Users'),
]
# Jobs come every hour, and when something is due.
LONGEST_WAIT = timedelta(hours=3)
STATES = [('good', 'Good'), ('look', 'Look'), ('act', 'Act')]


class CrmHealth(models.TransientModel):
    """One look at whether the suite does its work, for administrators and for monitoring.

    Each part of the addons adds what it looks at to `_get_health_checks`.
    """

    _name = 'crm.health'
    _description = 'Health of the CRM'
    _inherit = ['crm.program.mixin']

    state = fields.Selection(
        STATES,
        string='Status',
        compute='_compute_state',
        help='The worst of all that was looked at.',
    )
    line_ids = fields.One2many('crm.health.line', 'health_id', string='Checks', readonly=True)

    @api.depends('create_date')
    def _compute_display_name(self):
        for health in self:
            health.display_name = self.env._('CRM Health')

    @api.depends('line_ids.state')
    def _compute_state(self):
        for health in self:
            health.state = get_worst(health.line_ids.mapped('state'))

    def action_look(self):
        """Look again, and open what is found."""
        self.check_access('read')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('CRM Health'),
            'res_model': self._name,
            'res_id': self._look().id,
            'views': [(False, 'form')],
        }

    @api.model
    def _look(self):
        """Look at everything, and return what is found: the worst first."""
        # sudo: it concerns everybody's work, whatever an administrator may read of it
        health_sudo = self.sudo().with_context(active_test=False)
        checks = health_sudo._get_health_checks()
        checks.sort(key=lambda check: -SEVERITIES[check['state']])
        health = self.sudo().create({'line_ids': [Command.create(check) for check in checks]})
        return self.browse(health.id)

    @api.model
    def _get_health_checks(self):
        """Return what is looked at, each made by one of the methods below; addons add theirs."""
        return []

    @api.model
    def _get_health_addons(self):
        """Return the names of the addons that have something looked at here: ours."""
        parts = type(self.env['crm.health']).__mro__
        ours = [vars(part) for part in parts if getattr(part, '_name', None) == 'crm.health']
        return sorted({part['_module'] for part in ours if '_module' in part})

    @api.model
    def _get_health_limit(self, wait=LONGEST_WAIT):
        """Return the moment, for a domain, before which nothing should be waiting any more."""
        return fields.Datetime.to_string(fields.Datetime.now() - wait)

    @api.model
    def _prepare_health_check(self, key, area, name, state, advice, **values):
        """Return a check: what it is called, how it is, and what to do where it is not good."""
        if state == 'good':
            advice = self.env._('Nothing to do.')
        return {
            'key': key,
            'area': area,
            'name': name,
            'state': state,
            'advice': advice,
            **values,
        }

    @api.model
    def _prepare_health_count(self, found, key, area, name, advice, state='look', **values):
        """Return a check that is good while there is nothing in a domain, and opens it else.

        :param found: name of the model, domain of what should not be there; first, because the
            exporter of terms takes a tuple behind a translated text for terms
        """
        model_name, domain = found
        count = self.env[model_name].search_count(domain)
        return self._prepare_health_check(
            key,
            area,
            name,
            state if count else 'good',
            advice,
            count=count,
            model_name=model_name,
            domain=domain,
            **values,
        )
