from odoo import fields, models

# What one chooses where a case is to be made
CASE_KINDS = [('service.ticket', 'Tickets'), ('service.claim', 'Claims')]


class ServiceTeamAlias(models.Model):
    """An e-mail address at which a team gets one kind of case."""

    _name = 'service.team.alias'
    _description = 'Address of a Service Team'
    _inherit = ['crm.linked.mixin', 'mail.alias.mixin']
    _order = 'case_model desc, id'
    _rec_name = 'alias_full_name'
    _parent_link = 'team_id'

    team_id = fields.Many2one('service.team', required=True, index=True, ondelete='cascade')
    case_model = fields.Selection(
        CASE_KINDS,
        string='Opens',
        required=True,
        default='service.ticket',
        help='What a mail to this address becomes.',
    )

    _one_per_kind = models.Constraint(
        'UNIQUE (team_id, case_model)',
        'A team has one address for tickets and one for claims.',
    )

    def write(self, vals):
        result = super().write(vals)
        if {'team_id', 'case_model'} & vals.keys():
            for address in self:
                # sudo: who configures a team configures its addresses
                address.alias_id.sudo().write(address._alias_get_creation_values())
        return result

    def _alias_get_creation_values(self):
        """Mails open a case of the team; its followers are the followers of the address.

        Odoo also calls this before the record exists, and again when it does.
        """
        values = super()._alias_get_creation_values()
        case_model = self.case_model or self._fields['case_model'].default(self)
        values['alias_model_id'] = self.env['ir.model']._get_id(case_model)
        if self:
            values['alias_parent_model_id'] = self.env['ir.model']._get_id('service.team')
            values['alias_parent_thread_id'] = self.team_id.id
            values['alias_defaults'] = repr({'team_id': self.team_id.id})
            if self.team_id.company_id:
                values['alias_domain_id'] = self.team_id.company_id.alias_domain_id.id
        return values
