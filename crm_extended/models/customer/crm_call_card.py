from odoo import models

# So many of a kind are buttons of the pop-up; where there are more, a list opens.
SHOWN = 4


class CrmCall(models.Model):
    """What is shown to whom it rings at: who calls, and what is open with him."""

    _inherit = 'crm.call'

    def action_get_phone_card(self):
        """Return what the pop-up of a call shows to the user, who reads nothing else by it.

        :return: ``{id, number, direction, state, partner, choices, documents, can}``
        :raise AccessError: it does not ring at the user, and he may not read it
        """
        self.ensure_one()
        call = self._get_ringing()
        partner = call.partner_id.with_env(self.env)._filtered_access('read')
        [choices] = self._find_callers([call._get_caller_facts()])
        return {
            'id': call.id,
            'number': call.phone or '',
            'direction': call.direction,
            'state': call.phone_state,
            'partner': partner._get_crm_phone_buttons()[0] if partner else False,
            'choices': choices[:SHOWN]._get_crm_phone_buttons(),
            'documents': partner._get_crm_phone_groups() if partner else [],
            'can': {
                'call': self.has_access('write'),
                'lead': self.env['crm.lead'].has_access('create'),
                'partner': self.env['res.partner'].has_access('create'),
            },
        }

    def action_choose_caller(self, partner_id):
        """Note who it is that calls.

        :param int partner_id: a contact that the user may read
        :raise AccessError: the call does not ring at the user, or has a customer, and he may not
            change it
        """
        self.ensure_one()
        partner = self.env['res.partner'].browse(partner_id)
        partner.check_access('read')
        call_sudo = self._get_ringing('write')
        if call_sudo.partner_id:
            self.check_access('write')
        call_sudo.partner_id = partner
        return True

    def _get_ringing(self, operation='read'):
        """Return the call as the program sees it, to whom it rings at or who has the right."""
        # sudo: whom a call rings at knows of it, also without calls of his own
        call_sudo = self.sudo()
        if self.env.user not in call_sudo.phone_user_ids:
            self.check_access(operation)
        return call_sudo
