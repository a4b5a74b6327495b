from odoo import api, fields, models

CASE_LINKS = ('service_ticket_id', 'service_claim_id')


class CrmCall(models.Model):
    """Calls of which cases are made, and calls about cases: who is called is answered."""

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

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        calls = super().create(vals_list)
        calls._answer_service_cases()
        return calls

    def write(self, vals):
        if not vals.keys() & {'state', *CASE_LINKS}:
            return super().write(vals)
        before = {call: call._get_answered_cases() for call in self}
        result = super().write(vals)
        self._answer_service_cases(before)
        return result

    # === ACTIONS === #

    def action_create_service_ticket(self):
        """Open the ticket of the call, created from it the first time."""
        return self._open_service_case('service_ticket_id')

    def action_create_service_claim(self):
        """Open the claim of the call, created from it the first time."""
        return self._open_service_case('service_claim_id')

    # === BUSINESS METHODS === #

    def _answer_service_cases(self, before=None):
        """Note on the cases that calls are about that their customers were spoken with.

        :param before: {call: what it had answered already}; a call that moves from one case to
            another, as in a merge, answers nothing anew
        """
        for call in self:
            known = (before or {}).get(call, {})
            for link, case in call._get_answered_cases().items():
                if link not in known:
                    case._note_spoken_answer(call.date)

    def _get_answered_cases(self):
        """Return {link: case} of the cases whose customer was spoken with, readable: a call that
        was not held reached nobody."""
        if self.state != 'held':
            return {}
        # sudo: who makes calls need not work on cases
        cases = {link: self.sudo()[link] for link in CASE_LINKS}
        partner = self.partner_id
        return {
            link: case
            for link, case in cases.items()
            if case and (not partner or case._is_of_customer(partner))
        }

    def _plan_next(self, date):
        """The next call is about the same cases."""
        result = super()._plan_next(date)
        for call in self.sudo().filtered('next_call_id'):
            call.next_call_id.write({link: call[link].id for link in CASE_LINKS if call[link]})
        return result

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
