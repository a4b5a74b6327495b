from odoo import api, fields, models

ACKNOWLEDGEMENTS = {
    'service.claim': 'claim_acknowledgement_id',
    'service.ticket': 'ticket_acknowledgement_id',
}


class ServiceTeam(models.Model):
    """The addresses of a team and what its customers get back."""

    _name = 'service.team'
    _inherit = ['mail.thread', 'service.team']

    alias_ids = fields.One2many(
        'service.team.alias',
        'team_id',
        string='Addresses',
        help='Mails to these addresses open claims or tickets of the team.',
    )
    claim_acknowledgement_id = fields.Many2one(
        'mail.template',
        string='Acknowledgement of Claims',
        domain=[('model', '=', 'service.claim')],
        default=lambda self: self._default_acknowledgement('service.claim'),
        ondelete='set null',
        help='Tells a customer the number of a claim that came by mail or from the portal. '
        'Empty: nothing is sent.',
    )
    ticket_acknowledgement_id = fields.Many2one(
        'mail.template',
        string='Acknowledgement of Tickets',
        domain=[('model', '=', 'service.ticket')],
        default=lambda self: self._default_acknowledgement('service.ticket'),
        ondelete='set null',
        help='Tells a customer the number of a ticket that came by mail or from the portal. '
        'Empty: nothing is sent.',
    )

    @api.model
    def _default_acknowledgement(self, model_name):
        name = model_name.replace('.', '_')
        return self.env.ref(
            f'crm_claims.mail_template_{name}_acknowledgement', raise_if_not_found=False
        )

    def unlink(self):
        # The database would delete the addresses and leave the aliases behind.
        self.alias_ids.unlink()
        return super().unlink()

    def _get_acknowledgement_template(self, model_name):
        """Return the template that acknowledges a new case of this kind; empty for none."""
        return self[ACKNOWLEDGEMENTS[model_name]]
