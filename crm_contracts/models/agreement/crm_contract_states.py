from odoo import api, fields, models
from odoo.exceptions import UserError

from ...core.reactions import Reaction
from ...core.states import CONTRACT_TRANSITIONS


class CrmContract(models.Model):
    """The life of a contract: who moves its state, and which may follow which.

    Imported last: what it refuses is refused before any other part of the contract acts, and what
    belongs to a state comes after all else that was written with it.
    """

    _name = 'crm.contract'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'crm.turn.mixin', 'crm.contract']
    _turn_fields = frozenset({'state', 'manager_id', 'partner_id'})
    _reactions = (
        Reaction({'state'}, before='_check_transition', after='_enter_state'),
        Reaction({'date_start', 'date_end', 'fixed_amount'}, after='_sync_terms'),
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        for state, entering in contracts.grouped('state').items():
            entering._on_enter_state(state)
        return contracts

    @api.model
    def _get_program_fields(self):
        """The state moves by its transitions, whoever writes it."""
        return super()._get_program_fields() - {'state'}

    @api.model
    def _get_initial_fields(self):
        """Managers bring the history of contracts in."""
        given = super()._get_initial_fields() | {'state'}
        if self.env.user.has_group('sales_team.group_sale_manager'):
            given |= {'code', 'date_closed'}
        return given

    # === ACTIONS === #

    def action_confirm(self):
        """Start the contracts: first term and analytic account.

        :raises UserError: if a contract was closed: that is reopened; if nothing is agreed in it
        """
        self._check_not_closed()
        self._check_not_empty()
        return self._transition_to('open')

    def action_close(self, reason=None, date=None):
        """End the contracts.

        :param reason: why, kept on the contract
        :param date: last day of the contracts, by default today; one to come is kept, and the
            contracts run until then
        :raises UserError: if a contract does not run, or the day is none of it
        """
        self.check_access('write')
        return self._close_after(fields.Date.to_date(date), reason)

    def action_cancel(self):
        """Call the contracts off."""
        return self._transition_to('cancelled')

    # === STATES === #

    def _transition_to(self, state, **values):
        """Move the contracts to a state, with all that belongs to it."""
        return self.write({'state': state, **values})

    def _check_transition(self, vals):
        """Return the contracts to which the state is new, if all of them may have it."""
        target = vals['state']
        labels = dict(self._fields['state']._description_selection(self.env))
        moving = self.filtered(lambda contract: contract.state != target)
        for contract in moving:
            if target not in CONTRACT_TRANSITIONS[contract.state]:
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" is %(state)s and cannot become %(target)s.',
                        contract=contract.display_name,
                        state=labels[contract.state],
                        target=labels.get(target, target),
                    )
                )
        return moving

    def _enter_state(self, vals, moving):
        moving._on_enter_state(vals['state'])
