from odoo import api, fields, models
from odoo.fields import Domain

from ..interaction.crm_interaction import SHORTEST_IN_CALENDAR


class CrmCall(models.Model):
    """A phone call with a customer: planned, held, missed or cancelled."""

    _name = 'crm.call'
    _description = 'Call'
    _inherit = [
        'crm.import.mixin',
        'crm.program.mixin',
        'crm.linked.mixin',
        'crm.caller.mixin',
        'crm.commercial.partner.mixin',
        'crm.turn.mixin',
        'mail.thread.phone',
        'mail.activity.mixin',
    ]
    _order = 'date desc, id desc'
    _check_company_auto = True
    _mail_post_access = 'read'
    _import_addon = 'crm_extended'
    _turn_fields = frozenset({'state', 'user_id'})
    _caller_facts = ('partner_id', 'phone', 'company_id', 'lead_id')

    # === DEFAULTS === #

    def _default_medium_id(self):
        # not env.ref: it would ask the database for each of many new calls
        return self.env['ir.model.data']._xmlid_to_res_id(
            'utm.utm_medium_phone',
            raise_if_not_found=False,
        )

    # === FIELDS === #

    name = fields.Char(
        string='Subject',
        required=True,
        index='trigram',
        compute='_compute_name',
        store=True,
        readonly=False,
        precompute=True,
    )
    direction = fields.Selection(
        selection=[('inbound', 'Inbound'), ('outbound', 'Outbound')],
        required=True,
        default='outbound',
    )
    state = fields.Selection(
        selection=[
            ('planned', 'Planned'),
            ('held', 'Held'),
            ('not_held', 'Not Held'),
            ('cancelled', 'Cancelled'),
        ],
        string='Status',
        required=True,
        default='planned',
        tracking=True,
        group_expand=True,
    )
    # When: the date is in crm_call_planning
    duration = fields.Float(
        copy=False,
        help='How long the call took, in hours. Typed by the salesperson, never estimated.',
    )
    calendar_duration = fields.Float(
        compute='_compute_calendar_duration',
        help='How much room the call takes in the calendar, in hours: its duration, at least one.',
    )
    is_overdue = fields.Boolean(
        string='Overdue',
        compute='_compute_is_overdue',
        search='_search_is_overdue',
        help='The call is still planned and its time has passed.',
    )
    # With whom
    partner_id = fields.Many2one(
        comodel_name='res.partner',
        string='Customer',
        compute='_compute_partner_id',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index='btree_not_null',
        tracking=True,
    )
    phone = fields.Char(
        compute='_compute_phone',
        store=True,
        readonly=False,
        precompute=True,
        help="The number of this call. Later changes of the customer's number leave it alone.",
    )
    # A merge may move a call to a lead of another company: no check_company here.
    lead_id = fields.Many2one(
        comodel_name='crm.lead',
        string='Lead/Opportunity',
        index='btree_not_null',
        ondelete='set null',
        tracking=True,
    )
    # Who
    user_id = fields.Many2one(
        comodel_name='res.users',
        string='Salesperson',
        default=lambda self: self.env.user,
        domain=[('share', '=', False)],
        check_company=True,
        tracking=True,
    )
    team_id = fields.Many2one(
        comodel_name='crm.team',
        string='Sales Team',
        compute='_compute_team_id',
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
    )
    company_id = fields.Many2one(
        comodel_name='res.company',
        compute='_compute_company_id',
        store=True,
        readonly=False,
        precompute=True,
        index=True,
    )
    # What came of it
    outcome_id = fields.Many2one(
        comodel_name='crm.call.outcome',
        copy=False,
        index='btree_not_null',
        ondelete='restrict',
        tracking=True,
    )
    medium_id = fields.Many2one(
        comodel_name='utm.medium',
        string='Channel',
        default=lambda self: self._default_medium_id(),
        ondelete='set null',
        index='btree_not_null',
    )
    description = fields.Text(string='Notes')

    _duration_not_negative = models.Constraint(
        'CHECK (duration >= 0)',
        'The duration of a call cannot be negative.',
    )
    _user_date_idx = models.Index('(user_id, date)')
    _phone_sanitized_idx = models.Index('(phone_sanitized) WHERE phone_sanitized IS NOT NULL')

    # === COMPUTE === #

    @api.depends('partner_id', 'lead_id')
    def _compute_name(self):
        for call in self:
            if call.name:
                continue
            partner = call.partner_id.display_name
            call.name = call.lead_id.name or (
                self.env._('Call with %(customer)s', customer=partner)
                if partner
                else self.env._('Call')
            )

    @api.depends('duration')
    def _compute_calendar_duration(self):
        for call in self:
            call.calendar_duration = max(call.duration, SHORTEST_IN_CALENDAR)

    @api.depends('state', 'date')
    def _compute_is_overdue(self):
        now = fields.Datetime.now()
        for call in self:
            call.is_overdue = call.state == 'planned' and bool(call.date) and call.date < now

    def _search_is_overdue(self, operator, value):
        if operator != 'in':
            return NotImplemented
        return Domain('state', '=', 'planned') & Domain('date', '<', fields.Datetime.now())

    @api.depends('lead_id.partner_id')
    def _compute_partner_id(self):
        for call in self:
            call.partner_id = call.partner_id or call.lead_id.partner_id

    @api.depends('partner_id', 'lead_id')
    def _compute_phone(self):
        for call in self:
            call.phone = call.phone or call._get_current_phone()

    @api.depends('user_id', 'lead_id')
    def _compute_team_id(self):
        for user, calls in self.grouped('user_id').items():
            own_team = self.env['crm.team']
            if any(not (call.team_id or call.lead_id.team_id) for call in calls):
                own_team = own_team._get_default_team_id(user_id=user.id)
            for call in calls:
                call.team_id = call.team_id or call.lead_id.team_id or own_team

    @api.depends('lead_id')
    def _compute_company_id(self):
        for call in self:
            call.company_id = call.company_id or (
                call.lead_id.company_id if call.lead_id else self.env.company
            )

    @api.model
    def _search_phone_mobile_search(self, operator, value):
        """Find nothing by what is no number: the search box asks for every word typed in it."""
        if isinstance(value, str) and value and not self._is_part_of_number(value):
            return Domain.FALSE
        return super()._search_phone_mobile_search(operator, value)

    @api.model
    def _is_part_of_number(self, text):
        is_long_enough = len(text.strip()) >= self._phone_search_min_length
        return is_long_enough and any(character.isdigit() for character in text)

    # === ONCHANGE === #

    @api.onchange('partner_id')
    def _onchange_partner_id(self):
        """Dial the number of the customer that was just chosen, not the previous one's."""
        is_new = self.partner_id and self.partner_id != self._origin.partner_id
        if is_new and not self._is_number_of(self.partner_id):
            self.phone = self._get_current_phone() or self.phone

    # === BUSINESS === #

    @api.model
    def _get_dialog_action(self, state, **defaults):
        """Return the dialog that logs (``held``) or plans (``planned``) a call."""
        xmlid = 'crm_call_action_log' if state == 'held' else 'crm_call_action_plan'
        action = self.env['ir.actions.act_window']._for_xml_id(f'crm_extended.{xmlid}')
        action['context'] = {
            'dialog_size': 'medium',
            'default_state': state,
            **{f'default_{name}': value for name, value in defaults.items() if value},
        }
        return action

    def _phone_get_country(self):
        """Read a number as people do where the customer is, else the lead, else the company."""
        countries = super()._phone_get_country()
        for call in self.filtered(lambda call: call.id not in countries):
            if country := call.lead_id.country_id or call.company_id.country_id:
                countries[call.id] = country
        return countries

    @api.model
    def _get_caller_numbers(self, facts):
        """Leave the customer of a call to its lead, if it has one."""
        return [] if facts.get('lead_id') else super()._get_caller_numbers(facts)

    def _get_current_phone(self):
        self.ensure_one()
        return self.partner_id.phone or self.lead_id.phone

    def _message_auto_subscribe(self, updated_values, followers_existing_policy='skip'):
        """Leave following to the reminder, which subscribes its users in one go.

        The mixin would ask the followers of every call one by one.
        """
        return True
