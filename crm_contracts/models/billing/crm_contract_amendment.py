from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

from ...core.amendments import AMENDMENT_TRANSITIONS
from ...core.states import RUNNING_STATES

STATES = [
    ('draft', 'Draft'),
    ('offered', 'Offered'),
    ('applied', 'Applied'),
    ('cancelled', 'Cancelled'),
]


class CrmContractAmendment(models.Model):
    """What is agreed anew while a contract runs: an annex, numbered in its contract.

    As a draft it shows what it would change and may be printed and signed; applied it changes the
    lines from its day on, and is history from then on.
    """

    _name = 'crm.contract.amendment'
    _description = 'Contract Amendment'
    _inherit = ['crm.program.mixin', 'crm.linked.mixin', 'mail.thread']
    _order = 'contract_id, number desc'
    _rec_names_search = ['contract_id.code', 'contract_id.name']
    _check_company_auto = True
    _parent_link = 'contract_id'

    contract_id = fields.Many2one(
        'crm.contract', required=True, index=True, ondelete='cascade', check_company=True
    )
    company_id = fields.Many2one(related='contract_id.company_id', store=True)
    currency_id = fields.Many2one(related='contract_id.currency_id')
    partner_id = fields.Many2one(related='contract_id.partner_id')
    number = fields.Integer(
        readonly=True, copy=False, help='Number of the amendment in its contract, from 1.'
    )
    state = fields.Selection(
        STATES, default='draft', required=True, readonly=True, copy=False, tracking=True
    )
    date = fields.Date(
        string='From',
        required=True,
        tracking=True,
        default=lambda self: fields.Date.context_today(self),
        help='First day of what is agreed anew, in the past too.',
    )
    date_applied = fields.Date(string='Applied On', readonly=True, copy=False)
    note = fields.Html(string='Text', help='What else is agreed; printed on the annex.')
    line_ids = fields.One2many(
        'crm.contract.amendment.line', 'amendment_id', string='Changes', copy=True
    )
    monthly_change = fields.Monetary(
        compute='_compute_monthly_change',
        help='What the recurring lines bring more in a month, without taxes.',
    )

    # Two users at once see the same last number: one of them is refused.
    _number_unique = models.UniqueIndex(
        '(contract_id, number)', 'Another amendment of the contract has this number.'
    )

    @api.model
    def default_get(self, fields_list):
        """Begin with all that the contract charges, to be changed where it is."""
        values = super().default_get(fields_list)
        contract = self.env['crm.contract'].browse(values.get('contract_id'))
        is_wanted = 'line_ids' in fields_list and not values.get('line_ids')
        if contract and is_wanted and contract.has_access('read'):
            values['line_ids'] = self._prepare_lines(contract, values.get('date'))
        return values

    @api.depends('contract_id', 'number')
    def _compute_display_name(self):
        for amendment in self:
            amendment.display_name = self.env._(
                '%(contract)s: Amendment %(number)s',
                contract=amendment.contract_id.display_name or '',
                number=amendment.number or '…',
            )

    @api.depends('line_ids.monthly_change')
    def _compute_monthly_change(self):
        for amendment in self:
            amendment.monthly_change = sum(amendment.line_ids.mapped('monthly_change'))

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        amendments = super().create(vals_list)
        amendments.sudo()._draw_numbers()
        return amendments

    def write(self, vals):
        self._check_draft(vals.keys() & {'contract_id', 'date', 'line_ids', 'note'})
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_applied(self):
        self._check_draft({'state'})

    def _draw_numbers(self):
        """Give the amendments the numbers after the last one of their contract."""
        contracts = self.contract_id
        groups = self._read_group(
            [('contract_id', 'in', contracts.ids)], ['contract_id'], ['number:max']
        )
        last = dict(groups)
        for amendment in self.sorted('id'):
            last[amendment.contract_id] += 1
            amendment.number = last[amendment.contract_id]

    def _check_draft(self, changed):
        """Refuse to change what was applied: another amendment is made of what comes after."""
        for amendment in self.filtered(lambda one: changed and one.state == 'applied'):
            raise UserError(
                self.env._(
                    '"%(amendment)s" was applied and stays as it was agreed. Make another one.',
                    amendment=amendment.display_name,
                )
            )

    # === ACTIONS === #

    def action_cancel(self):
        """Call the amendments off; nothing changes.

        :raises UserError: if one was applied
        """
        return self._transition_to('cancelled')

    def action_draft(self):
        """Take up the amendments again that were called off."""
        return self._transition_to('draft')

    # === STATES === #

    def _transition_to(self, state, **values):
        self.check_access('write')
        labels = dict(self._fields['state']._description_selection(self.env))
        for amendment in self:
            if state not in AMENDMENT_TRANSITIONS[amendment.state]:
                raise UserError(
                    self.env._(
                        '"%(amendment)s" is %(state)s and cannot become %(target)s.',
                        amendment=amendment.display_name,
                        state=labels[amendment.state],
                        target=labels[state],
                    )
                )
        # sudo: the state is kept from being typed
        return self.sudo().write({'state': state, **values})

    # === WHAT CHANGES === #

    @api.model
    def _prepare_lines(self, contract, day):
        """Return commands for a change of each recurring line that runs on a day or later."""
        day = fields.Date.to_date(day) or fields.Date.context_today(self)
        running = contract.line_ids.filtered(
            lambda line: line.kind == 'recurring' and (not line.date_end or line.date_end >= day)
        )
        return [Command.create({'line_id': line.id}) for line in running]

    def _get_changes(self):
        """Return the lines that change something, in their order."""
        return self.line_ids.filtered(lambda line: line._is_effective())

    def _check_applicable(self):
        """Refuse what cannot be applied, with the reason."""
        self.ensure_one()
        contract = self.contract_id
        last_day = contract._get_last_billable_day()
        if contract.state not in RUNNING_STATES:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" is not running: change its lines themselves.',
                    contract=contract.display_name,
                )
            )
        if self.date < contract.date_start or (last_day and self.date > last_day):
            raise UserError(
                self.env._(
                    '%(day)s is not a day of the contract "%(contract)s".',
                    day=format_date(self.env, self.date),
                    contract=contract.display_name,
                )
            )
        if not self._get_changes():
            raise UserError(
                self.env._(
                    '"%(amendment)s" changes nothing: give a line another quantity or price, end '
                    'one, or add one.',
                    amendment=self.display_name,
                )
            )


class CrmContract(models.Model):
    """The amendments of a contract, and the dialogue that makes one."""

    _inherit = 'crm.contract'

    amendment_ids = fields.One2many(
        'crm.contract.amendment', 'contract_id', string='Amendments', readonly=True
    )

    def action_amend(self):
        """Open the dialogue that raises, lowers, ends or adds lines from a day on.

        :raises UserError: if the contract does not run
        """
        self.ensure_one()
        self.check_access('write')
        if self.state not in RUNNING_STATES:
            raise UserError(
                self.env._(
                    'The contract "%(contract)s" is not running: change its lines themselves.',
                    contract=self.display_name,
                )
            )
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_contracts.crm_contract_amendment_action_new'
        )
        return {**action, 'context': {'default_contract_id': self.id}}
