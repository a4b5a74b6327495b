from itertools import compress

from odoo import api, models
from odoo.exceptions import UserError

from ...core.text import cut_list

# How many opportunities a refusal names.
MAX_NAMED = 10


class CrmLead(models.Model):
    """Keeps opportunities out of stages whose requirements they do not meet.

    Everybody is kept out, imports and the superuser too. The automatic assignment of leads
    passes, as nobody would read the refusal: context ``crm_skip_stage_requirements``.
    """

    _inherit = 'crm.lead'

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get('default_stage_id')
        chosen = [bool(vals.get('stage_id') or default) for vals in vals_list]
        if not self._has_stage_requirements(any(chosen)):
            return super().create(vals_list)
        with self.env.cr.savepoint():
            leads = super().create(vals_list)
            leads.browse(compress(leads.ids, chosen))._check_stage_requirements()
        return leads

    def write(self, vals):
        if not self._has_stage_requirements('stage_id' in vals or 'type' in vals):
            return super().write(vals)
        before = {lead: (lead.type, lead.stage_id) for lead in self}
        with self.env.cr.savepoint():
            result = super().write(vals)
            entering = self.filtered(lambda lead: before[lead] != (lead.type, lead.stage_id))
            entering._check_stage_requirements()
        return result

    def action_set_won(self):
        """Win all of them or, where one may not be won, none."""
        if not self._has_stage_requirements(True):
            return super().action_set_won()
        with self.env.cr.savepoint():
            return super().action_set_won()

    @api.model
    def _has_stage_requirements(self, is_moving):
        """Return whether a move has to be checked at all."""
        if not is_moving or self.env.context.get('crm_skip_stage_requirements'):
            return False
        return bool(self.env['crm.stage.requirement'].sudo().search_count([], limit=1))

    def _check_stage_requirements(self):
        """Refuse opportunities that do not meet what their stage requires."""
        opportunities = self.filtered(lambda lead: lead.type == 'opportunity')
        by_stage = opportunities.grouped(lambda lead: lead.stage_id.id)
        requirements = self.env['crm.stage.requirement'].sudo()
        refusals = [
            f'{lead.name}: {requirement.message}'
            for requirement in requirements.search([('stage_id', 'in', list(by_stage))])
            for lead in requirement._get_unmet_leads(by_stage[requirement.stage_id.id])
        ]
        if refusals:
            raise UserError(self._get_refusal_message(refusals))

    @api.model
    def _get_refusal_message(self, refusals):
        named, rest = cut_list(refusals, MAX_NAMED)
        lines = [f'- {refusal}' for refusal in named]
        if rest:
            lines.append(self.env._('… and %(number)s more', number=rest))
        return self.env._(
            'These opportunities may not enter the stage yet:\n%(refusals)s',
            refusals='\n'.join(lines),
        )
