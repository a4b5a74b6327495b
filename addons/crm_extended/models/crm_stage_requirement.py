from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import mute_logger


class CrmStageRequirement(models.Model):
    """What must hold before an opportunity enters a stage."""

    _name = 'crm.stage.requirement'
    _description = 'Stage Requirement'
    _order = 'sequence, id'
    _rec_name = 'message'

    stage_id = fields.Many2one(
        comodel_name='crm.stage',
        required=True,
        index=True,
        ondelete='cascade',
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    message = fields.Char(
        string='Sentence',
        required=True,
        translate=True,
        help='What the salesperson reads when the opportunity may not enter the stage yet.',
    )
    domain = fields.Char(
        string='Condition',
        required=True,
        default='[]',
        help='What opportunities must meet to enter the stage.',
    )

    @api.constrains('domain')
    def _check_domain(self):
        for requirement in self:
            try:
                requirement._try_domain()
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        'The condition of "%(requirement)s" cannot be used: %(reason)s',
                        requirement=requirement.message,
                        reason=error,
                    )
                ) from error

    def _try_domain(self):
        """Raise whatever is wrong with the condition, also what only the database notices."""
        leads_sudo = self.env['crm.lead'].sudo()
        domain = self._get_domain()
        domain.validate(leads_sudo)
        with mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            leads_sudo.search(domain, limit=1)

    def _get_domain(self):
        self.ensure_one()
        return Domain(literal_eval(self.domain or '[]'))

    def _get_unmet_leads(self, leads):
        """Return the leads that do not meet the requirement, in one query.

        Everything counts, whatever the user may see: the condition is the company's.
        """
        leads_sudo = leads.sudo().with_context(active_test=False)
        met = leads_sudo.search(Domain('id', 'in', leads.ids) & self._get_domain())
        return leads - leads.browse(met.ids)
