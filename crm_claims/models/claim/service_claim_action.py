from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

ACTIVITY_TYPE = 'mail.mail_activity_data_todo'
# What the to-do in the owner's list shows
_REMINDED = {'name', 'user_id', 'date_due', 'date_done'}


class ServiceClaimAction(models.Model):
    """What somebody does so that the trouble goes away, or does not come back."""

    _name = 'service.claim.action'
    _description = 'Claim Action'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'mail.thread', 'mail.activity.mixin']
    _order = 'date_due, id'
    _check_company_auto = True
    _parent_link = 'claim_id'

    claim_id = fields.Many2one(
        'service.claim',
        required=True,
        index=True,
        ondelete='cascade',
    )
    kind = fields.Selection(
        [('corrective', 'Corrective'), ('preventive', 'Preventive')],
        required=True,
        default='corrective',
        help='Corrective removes the trouble; preventive keeps it from coming back.',
    )
    name = fields.Char(string='Action', required=True)
    user_id = fields.Many2one(
        'res.users',
        string='Owner',
        default=lambda self: self.env.user,
        check_company=True,
        index='btree_not_null',
        domain=[('share', '=', False)],
        tracking=True,
    )
    date_due = fields.Date(string='Due Date', tracking=True)
    date_done = fields.Date(string='Done on', copy=False, tracking=True)
    is_overdue = fields.Boolean(
        string='Overdue',
        compute='_compute_is_overdue',
        search='_search_is_overdue',
        help='Not done although the due date has passed.',
    )
    verified_by_id = fields.Many2one('res.users', copy=False, readonly=True)
    date_verified = fields.Date(string='Verified on', copy=False, readonly=True)
    effect = fields.Selection(
        [('effective', 'Effective'), ('ineffective', 'Not Effective')],
        copy=False,
        readonly=True,
        tracking=True,
        help='What the verification found. What is not effective is to be done again.',
    )
    ineffective_count = fields.Integer(
        string='Times Not Effective',
        copy=False,
        readonly=True,
        help='How often a verification found that the trouble was still there.',
    )
    company_id = fields.Many2one(related='claim_id.company_id', store=True, index=True)

    _verified_when_done = models.Constraint(
        "CHECK (effect IS DISTINCT FROM 'effective' OR date_done IS NOT NULL)",
        'Only what is done can be effective.',
    )
    _open_due_idx = models.Index('(date_due) WHERE date_done IS NULL')

    # === COMPUTE METHODS === #

    @api.depends('date_due', 'date_done')
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for action in self:
            action.is_overdue = (
                bool(action.date_due) and action.date_due < today and not action.date_done
            )

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('date_due', '<', 'today') & Domain('date_done', '=', False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._sync_reminders()
        return actions

    def write(self, vals):
        result = super().write(vals)
        if vals.get('date_done'):
            self._forget_failure()
        if _REMINDED & vals.keys():
            self._sync_reminders()
        return result

    # === ACTIONS === #

    def action_done(self):
        """Note that the actions are done today."""
        undone = self.filtered(lambda action: not action.date_done)
        return undone.write({'date_done': fields.Date.context_today(self)})

    def action_verify_effective(self):
        """Note that the trouble has gone."""
        return self._verify('effective')

    def action_verify_ineffective(self):
        """Note that the trouble is still there, which opens the actions again."""
        self._verify('ineffective')
        return self._reopen()

    # === BUSINESS METHODS === #

    def _verify(self, effect: str):
        undone = self.filtered(lambda action: not action.date_done)
        if undone:
            raise UserError(
                self.env._(
                    '%(actions)s cannot be verified before it is done.',
                    actions=undone.mapped('name'),
                )
            )
        self.check_access('write')
        # sudo: what was found is kept from being typed
        return self.sudo().write(
            {
                'effect': effect,
                'verified_by_id': self.env.uid,
                'date_verified': fields.Date.context_today(self),
            }
        )

    def _reopen(self):
        """Let what was of no use be done again: the chatter says when it was done before."""
        # sudo: the count is the program's
        for action in self.sudo():
            action.ineffective_count += 1
        return self.write({'date_done': False})

    def _forget_failure(self):
        """Let what is done again be verified again."""
        failed = self.filtered(lambda action: action.effect == 'ineffective')
        # sudo: what was found is kept from being typed
        failed.sudo().write({'effect': False, 'verified_by_id': False, 'date_verified': False})

    def _sync_reminders(self):
        """Give each owner one to-do for what is not done, and take away any other.

        sudo: the to-dos are those of the owners, who need not be the one who plans.
        """
        self.sudo().activity_unlink([ACTIVITY_TYPE])
        todo = self.filtered(lambda action: action.user_id and not action.date_done)
        self.env['mail.activity'].sudo().create([action._prepare_reminder() for action in todo])

    def _prepare_reminder(self):
        self.ensure_one()
        return {
            'res_model_id': self.env['ir.model']._get_id(self._name),
            'res_id': self.id,
            'activity_type_id': self.env.ref(ACTIVITY_TYPE).id,
            'summary': self.name,
            'user_id': self.user_id.id,
            'date_deadline': self.date_due or fields.Date.context_today(self),
            'automated': True,
        }
