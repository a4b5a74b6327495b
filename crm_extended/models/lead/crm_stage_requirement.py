from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import mute_logger


class CrmStageRequirement(models.Model):
    """What must hold before an opportunity enters a stage."""

    _name = 'crm.stage.requirement'
    _description = 'Stage Requirement'
    _inherit = ['crm.author.mixin']
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

    @api.constrains('author_id', 'domain')
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

    @api.model
    def _get_authored_fields(self):
        return super()._get_authored_fields() | {'domain', 'stage_id'}

    def _try_domain(self):
        """Raise whatever is wrong with the condition, also what only the database notices."""
        with mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self._get_met_ids(Domain.TRUE, limit=1)

    def _get_met_ids(self, domain, limit=None):
        """Return the ids of the leads in a domain that meet the requirement, in one query.

        All leads count, whatever anybody may see: the condition is the company's. What it asks
        of them, and of what they lead to, is what its author may read.
        """
        self.ensure_one()
        author = self._get_author()
        leads = self._as_author('crm.lead', author.company_ids, active_test=False)
        domain &= self._read_criteria(self.domain, leads)
        return leads._search(domain, limit=limit, bypass_access=True).get_result_ids()

    def _get_unmet_leads(self, leads):
        """Return the leads that do not meet the requirement."""
        try:
            met_ids = self._get_met_ids(Domain('id', 'in', leads.ids))
        except AccessError as error:
            raise UserError(
                self.env._(
                    'The condition "%(requirement)s" of the stage "%(stage)s" asks for what '
                    '%(author)s, who wrote it, may not read any more. Ask a sales administrator '
                    'to write it again.',
                    requirement=self.message,
                    stage=self.stage_id.name,
                    author=self._get_author().name,
                )
            ) from error
        return leads - leads.browse(met_ids)
