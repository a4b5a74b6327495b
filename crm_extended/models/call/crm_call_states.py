from odoo import models
from odoo.exceptions import UserError

# What may become of a call: the life cycle in one place.
TRANSITIONS = {
    'planned': {'held', 'not_held', 'cancelled'},
    'not_held': {'planned', 'held', 'cancelled'},
    'held': {'planned'},
    'cancelled': {'planned'},
}


class CrmCall(models.Model):
    """The life of a call: which state may follow which.

    Imported last: what it refuses is refused before any other part of the call acts.
    """

    _inherit = 'crm.call'

    def write(self, vals):
        if 'state' in vals:
            self._check_transition(vals['state'])
        return super().write(vals)

    # === ACTIONS === #

    def action_cancel(self):
        """Give the calls up."""
        self.write({'state': 'cancelled'})
        return True

    # === STATES === #

    def _check_transition(self, target):
        """Refuse what :data:`TRANSITIONS` does not allow; staying where one is is allowed."""
        labels = dict(self._fields['state']._description_selection(self.env))
        for call in self:
            if target != call.state and target not in TRANSITIONS[call.state]:
                raise UserError(
                    self.env._(
                        'The call "%(call)s" is %(from)s and cannot become %(to)s.',
                        **{'call': call.name, 'from': labels[call.state], 'to': labels[target]},
                    )
                )
