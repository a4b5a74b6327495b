from odoo import api, models
from odoo.tools import ormcache

from ...core.reactions import get_due


class CrmContract(models.Model):
    """What happens by itself when contracts are written: one table that the wings fill."""

    _inherit = 'crm.contract'

    def write(self, vals):
        """Write, and call what the table names for the fields, before and after.

        Like calls in one another: who comes later in the table is asked earlier and acts later.
        """
        reactions = get_due(self._get_reactions(), vals)
        seen = [
            reaction.before and getattr(self, reaction.before)(vals)
            for reaction in reversed(reactions)
        ]
        result = super(CrmContract, self._tracking(vals)).write(vals)
        for reaction in reactions:
            before = seen.pop()
            if reaction.after:
                arguments = (vals, before) if reaction.before else (vals,)
                getattr(self, reaction.after)(*arguments)
        return result

    @api.model
    @ormcache()
    def _get_reactions(self):
        """Return what the parts of the model declare as ``_reactions``, first imported first."""
        parts = reversed(type(self).__mro__)
        return [reaction for part in parts for reaction in vars(part).get('_reactions', ())]
