from odoo import fields, models


class CrmCall(models.Model):
    _inherit = 'crm.call'

    service_ticket_id = fields.Many2one(
        'service.ticket',
        string='Ticket',
        copy=False,
        index='btree_not_null',
        ondelete='set null',
    )
    service_claim_id = fields.Many2one(
        'service.claim',
        string='Claim',
        copy=False,
        index='btree_not_null',
        ondelete='set null',
    )

    def action_create_service_ticket(self):
        """Open the ticket of the call, created from it the first time."""
        return self._open_service_case('service_ticket_id')

    def action_create_service_claim(self):
        """Open the claim of the call, created from it the first time."""
        return self._open_service_case('service_claim_id')

    def _open_service_case(self, field_name):
        self.ensure_one()
        if not self[field_name]:
            cases = self.env[self._fields[field_name].comodel_name]
            spoken = cases.with_context(service_call_is_held=self._is_spoken())
            self[field_name] = spoken.create(self._prepare_service_case_values()).with_env(self.env)
            self[field_name]._keep_commercial_partner(self)
        return self[field_name].get_formview_action()

    def _is_spoken(self):
        """Tell whether somebody speaks or spoke with the customer: nobody plans to be called."""
        is_ringing = self.direction == 'inbound' and self.date <= fields.Datetime.now()
        return self.state == 'held' or (self.state == 'planned' and is_ringing)

    def _prepare_service_case_values(self):
        """Return the values of the ticket or claim: the number is the one of this call."""
        self.ensure_one()
        return {
            'name': self.name,
            'partner_id': self.partner_id.id,
            'phone': self.phone,
            'medium_id': self.medium_id.id or self._default_medium_id(),
            'description': self.description,
            'company_id': self.company_id.id or self.env.company.id,
        }
