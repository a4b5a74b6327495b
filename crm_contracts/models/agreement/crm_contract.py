from odoo import api, fields, models
from odoo.exceptions import LockError, UserError, ValidationError

from ...core.states import OVER_STATES, RUNNING_STATES

STATES = [
    ('draft', 'Draft'),
    ('offered', 'Offered'),
    ('open', 'Running'),
    ('to_renew', 'To Renew'),
    ('closed', 'Closed'),
    ('cancelled', 'Cancelled'),
]


class CrmContract(models.Model):
    """What was agreed with a customer, for which time, and what came of it.

    A contract owns one analytic account: whatever is booked on it, by whomever, is its
    revenue or its cost.
    """

    _name = 'crm.contract'
    _description = 'Customer Contract'
    _inherit = [
        'crm.import.mixin',
        'crm.find.mixin',
        'crm.batch.mixin',
        'crm.counter.mixin',
        'mail.thread',
        'mail.activity.mixin',
        'crm.contract.conditions.mixin',
    ]
    _order = 'code desc, id desc'
    _rec_names_search = ['name', 'code', 'customer_ref']
    _has_order_index = False
    _import_addon = 'crm_contracts'
    _check_company_auto = True

    name = fields.Char(string='Subject', required=True, index='trigram', tracking=True)
    code = fields.Char(
        string='Number',
        readonly=True,
        copy=False,
        index='trigram',
        help='Drawn from the number series of the company.',
    )
    active = fields.Boolean(default=True)
    state = fields.Selection(
        STATES,
        default='draft',
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
    template_id = fields.Many2one(
        'crm.contract.template',
        check_company=True,
        help='Proposes terms, duration, renewal, lines, rates and how to bill.',
    )

    # Who
    partner_id = fields.Many2one(
        'res.partner',
        string='Customer',
        required=True,
        index=True,
        tracking=True,
        check_company=True,
        ondelete='restrict',
    )
    customer_ref = fields.Char(
        string="Customer's Reference",
        copy=False,
        index='trigram',
        tracking=True,
        help="The customer's own number of the contract or order; stands on its invoices.",
    )
    manager_id = fields.Many2one(
        'res.users',
        string='Account Manager',
        index='btree_not_null',
        tracking=True,
        default=lambda self: self.env.user,
        check_company=True,
        domain="[('share', '=', False)]",
        help='Is told when the contract has to be renewed.',
    )
    team_id = fields.Many2one(
        'crm.team',
        string='Sales Team',
        check_company=True,
        index='btree_not_null',
        compute='_compute_team_id',
        store=True,
        readonly=False,
        precompute=True,
        ondelete='set null',
        tracking=True,
    )
    company_id = fields.Many2one(
        'res.company', required=True, index=True, default=lambda self: self.env.company
    )

    tag_ids = fields.Many2many('crm.contract.tag', string='Tags')

    # Conditions
    currency_id = fields.Many2one(
        'res.currency',
        required=True,
        compute='_compute_currency_id',
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
    )
    fixed_amount = fields.Monetary(
        string='Agreed Amount',
        tracking=True,
        help='Fixed part that the current term is expected to bring: it stands in for the '
        'milestones, beside the recurring lines, the hours and the costs.',
    )
    line_ids = fields.One2many('crm.contract.line', 'contract_id', string='Lines', copy=True)
    rate_ids = fields.One2many('crm.contract.rate', 'contract_id', string='Rates', copy=True)
    billing_ids = fields.One2many(
        'crm.contract.billing', 'contract_id', string='Billing Ledger', readonly=True
    )
    close_reason = fields.Text(copy=False, tracking=True)
    date_closed = fields.Date(readonly=True, copy=False)

    _code_unique = models.UniqueIndex(
        '(company_id, code)', 'Another contract of the company has this number.'
    )

    # === COMPUTE === #

    @api.depends('code', 'name')
    def _compute_display_name(self):
        for contract in self:
            contract.display_name = ' '.join(filter(None, (contract.code, contract.name)))

    @api.depends('manager_id')
    def _compute_team_id(self):
        for manager, contracts in self.grouped('manager_id').items():
            if not manager:
                continue
            strangers = contracts.filtered(
                lambda contract, manager=manager: (
                    manager not in contract.team_id.member_ids | contract.team_id.user_id
                )
            )
            if strangers:
                strangers.team_id = self.env['crm.team']._get_default_team_id(user_id=manager.id)

    @api.depends('company_id')
    def _compute_currency_id(self):
        for contract in self:
            contract.currency_id = contract.company_id.currency_id

    # === CONSTRAINTS === #

    @api.constrains('active', 'state')
    def _check_running_is_active(self):
        """What runs is billed and renewed by scheduled actions, which see no archived records."""
        for contract in self:
            if not contract.active and contract.state in RUNNING_STATES:
                raise ValidationError(
                    self.env._(
                        'The contract "%(contract)s" is running. Close or cancel it before you '
                        'archive it.',
                        contract=contract.display_name,
                    )
                )

    # === CRUD === #

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if 'name' in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._('%(contract)s (copy)', contract=contract.name))
            for contract, vals in zip(self, vals_list, strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        for contract in self:
            if contract.state not in ('draft', 'cancelled'):
                raise UserError(
                    self.env._(
                        'The contract "%(contract)s" was offered or confirmed. Close or cancel it '
                        'instead of deleting it.',
                        contract=contract.display_name,
                    )
                )

    def _on_enter_state(self, state):
        """Do what belongs to a state, however it was reached; extend it with further effects."""
        if state in RUNNING_STATES:
            self._open_first_terms()
            self._create_analytic_accounts()
        elif state in OVER_STATES:
            undated = self.filtered(lambda contract: not contract.date_closed)
            # sudo: the day is kept from being typed
            undated.sudo().date_closed = fields.Date.context_today(self)

    @api.model
    def _get_daily_steps(self):
        """Return the steps of the daily check in their order; override to add to the list.

        Each is the domain of its contracts and what is done to a batch of them.
        """
        return []

    def _on_touch(self):
        """Do what belongs to any change of what is around the contracts; extend it."""

    def _lock_for_billing(self):
        """Let nobody else bill, or change what is billed, at the same moment."""
        try:
            self.lock_for_update(allow_referencing=True)
        except LockError as error:
            raise LockError(
                self.env._('Somebody else is billing these contracts. Try again in a moment.')
            ) from error

    # === ACTIONS === #

    def action_renew(self):
        """Open the dialogue that renews the contracts."""
        return self._get_dialogue('crm_contracts.crm_contract_renewal_action')

    def action_revise_prices(self):
        """Open the preview of the revised prices of the contracts."""
        return self._get_dialogue('crm_contracts.crm_contract_revising_action')

    def _get_dialogue(self, xmlid):
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        return {**action, 'context': {'default_contract_ids': self.ids}}
