from odoo import api, fields, models
from odoo.fields import Domain


class CrmLead(models.Model):
    """Opportunities that stand still in a stage are told to their salesperson, once a stage."""

    _name = 'crm.lead'
    _inherit = ['crm.batch.mixin', 'crm.lead']

    crm_is_stale_told = fields.Boolean(
        compute='_compute_crm_is_stale_told',
        store=True,
        help='Whether the salesperson has heard that it stands still in this stage.',
    )

    @api.depends('date_last_stage_update')
    def _compute_crm_is_stale_told(self):
        self.crm_is_stale_told = False

    @api.model
    def _get_crm_stale_domain(self):
        """Return which opportunities stand longer in their stage than it says, however long.

        For the lists of one person: Odoo's own search reads those of all, of the last year.
        """
        stages = self.env['crm.stage'].search_fetch([], ['rotting_threshold_days'])
        return self._get_rotting_domain() & Domain.OR(
            Domain('stage_id', 'in', alike.ids)
            & Domain('date_last_stage_update', '<=', f'now -{days}d')
            for days, alike in stages.grouped('rotting_threshold_days').items()
            if days
        )

    @api.model
    def _cron_tell_stale(self):
        """Give a to-do for each opportunity that stands longer in its stage than the stage says."""
        if not self._is_rotting_feature_enabled():
            return
        self._run_in_batches(
            Domain('is_rotting', '=', True)
            & Domain('crm_is_stale_told', '=', False)
            & Domain('user_id', '!=', False),
            lambda leads: leads._tell_stale(),
        )

    def _get_stale_text(self):
        if self.rotting_days == 1:
            return self.env._('No progress since yesterday')
        return self.env._('No progress for %s days', self.rotting_days)

    def _tell_stale(self):
        for lead in self:
            lead.activity_schedule(
                'crm_extended.mail_activity_type_stale',
                summary=lead._get_stale_text(),
                user_id=lead.user_id.id,
            )
        self.crm_is_stale_told = True
