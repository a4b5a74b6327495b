from odoo import api, fields, models

from .crm_interaction import BRANCHES


class CrmInteraction(models.Model):
    """The rights on interactions: those that the user has on their documents."""

    _inherit = 'crm.interaction'

    is_visible = fields.Boolean(
        compute='_compute_is_visible',
        compute_sudo=False,
        exportable=False,
        help='The user may read the document that gave it.',
    )

    # === COMPUTE === #

    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_is_visible(self):
        visible = self._find_own_ids()
        for interaction in self:
            interaction.is_visible = interaction.id in visible

    # === RIGHTS === #

    def _check_access(self, operation):
        """Refuse what the source documents do not let the user read, also once in memory.

        The search applies the rules of this model along with theirs.
        """
        if self.env.su or not any(self._ids):
            return super()._check_access(operation)
        if denied := self.browse()._check_access(operation):
            return self, denied[1]
        hidden = self.filtered(lambda interaction: not interaction.is_visible)
        if not hidden:
            return None
        return hidden, lambda: self.env['ir.rule']._make_access_error(operation, hidden)

    def _fetch_query(self, *args, **kwargs):
        """Remember what the user was shown: to ask again takes as long as to search."""
        interactions = super()._fetch_query(*args, **kwargs)
        with self.env.protecting([self._fields['is_visible']], interactions):
            interactions.is_visible = True
        return interactions

    @api.private
    def exists(self):
        existing = self.sudo()._find_own_ids()
        return self.filtered(lambda interaction: interaction.id in existing)

    def _find_own_ids(self):
        """Return which of the ids the user may read, asking only the branches that they are of."""
        numbers = tuple({id_ % BRANCHES for id_ in self.ids})
        rows = self.with_context(crm_interaction_branches=numbers)
        return set(rows._search([('id', 'in', self.ids)]).get_result_ids())
