from odoo import fields, models


class ServiceTimer(models.Model):
    """A clock that a person let run while working on a case: one for each person."""

    _name = 'service.timer'
    _description = 'Running Timer'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin']
    _rec_name = 'user_id'

    user_id = fields.Many2one('res.users', required=True, readonly=True, ondelete='cascade')
    date_start = fields.Datetime(string='Running since', required=True, readonly=True)
    ticket_id = fields.Many2one(
        'service.ticket', readonly=True, index='btree_not_null', ondelete='cascade'
    )
    claim_id = fields.Many2one(
        'service.claim', readonly=True, index='btree_not_null', ondelete='cascade'
    )

    _one_per_user = models.UniqueIndex('(user_id)', 'Your timer is running already.')
    _one_case = models.Constraint(
        'CHECK ((ticket_id IS NULL) <> (claim_id IS NULL))',
        'A timer runs on one ticket or claim.',
    )

    def _get_case(self):
        """Return what the timer runs on."""
        self.ensure_one()
        return self.ticket_id or self.claim_id
