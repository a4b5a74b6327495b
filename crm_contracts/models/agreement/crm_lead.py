from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

CONTRACT_ACTIVITY = 'crm_contracts.mail_activity_type_contract'


class CrmLead(models.Model):
    """An opportunity that becomes a contract: asked for once when it is won, made by one click."""

    _inherit = 'crm.lead'

    crm_contract_ids = fields.One2many(
        'crm.contract',
        'opportunity_id',
        string='Contracts',
        groups='sales_team.group_sale_salesman',
    )
    crm_contract_count = fields.Integer(
        string='Number of Contracts',
        compute='_compute_crm_contract_count',
        groups='sales_team.group_sale_salesman',
    )
    crm_contract_asked = fields.Boolean(
        string='Asked for a Contract',
        readonly=True,
        copy=False,
        help='Somebody was asked to make its contract already.',
    )

    @api.depends('crm_contract_ids')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_contract_count(self):
        """Count the contracts that the user may open."""
        groups = self.env['crm.contract']._read_group(
            [('opportunity_id', 'in', self.ids)], ['opportunity_id'], ['__count']
        )
        counts = {lead.id: count for lead, count in groups}
        for lead in self:
            lead.crm_contract_count = counts.get(lead._origin.id, 0)

    # === ACTIONS === #

    def action_create_crm_contract(self):
        """Make a draft contract of each opportunity that has none, and open the contracts of all.

        Its lines are those of the agreed order, else the expected revenue: what recurs as a
        recurring line, the rest as a milestone. A missing customer is made of the contact.

        :return: an action that opens the contracts
        :raises UserError: if a record is a lead still, or was lost
        """
        self.check_access('write')
        self._check_crm_contract_possible()
        known = self.env['crm.contract'].sudo().search(self._get_crm_contract_domain())
        lacking = self - known.opportunity_id.sudo(False)
        made = lacking._create_crm_contracts()
        lacking.activity_feedback([CONTRACT_ACTIVITY])
        own = self.env['crm.contract'].search(self._get_crm_contract_domain())
        return (own | self.env['crm.contract'].concat(*made.values()))._get_opening_action()

    def action_view_crm_contracts(self):
        """Open the contracts of the opportunity."""
        self.ensure_one()
        return self.crm_contract_ids._get_opening_action()

    def _check_crm_contract_possible(self):
        for lead in self:
            if lead.type != 'opportunity' or lead.won_status == 'lost':
                raise UserError(
                    self.env._(
                        '"%(lead)s" is a lead or was lost: only an opportunity becomes a contract.',
                        lead=lead.display_name,
                    )
                )

    def _get_crm_contract_domain(self):
        """Return the domain of the contracts of the opportunities that were not called off."""
        return Domain('opportunity_id', 'in', self.ids) & Domain('state', '!=', 'cancelled')

    # === CONTRACTS === #

    def _create_crm_contracts(self):
        """Create the contracts, and return {opportunity: its contract}; override to add to it."""
        self._handle_partner_assignment(create_missing=True)
        contracts = self.env['crm.contract'].create([lead._prepare_crm_contract() for lead in self])
        made = dict(zip(self, contracts, strict=True))
        contracts._message_log_batch(
            {
                contract.id: self.env._('Made of the opportunity %s', lead._get_html_link())
                for lead, contract in made.items()
            }
        )
        return made

    def _prepare_crm_contract(self):
        """Return the values of the contract of the opportunity; override to add to them."""
        self.ensure_one()
        lines = [Command.create(line) for line in self._prepare_crm_contract_lines()]
        return {
            'name': self.name,
            'opportunity_id': self.id,
            'partner_id': self.partner_id.id,
            'manager_id': (self.user_id or self.env.user).id,
            'company_id': (self.company_id or self.env.company).id,
            **({'team_id': self.team_id.id} if self.team_id else {}),
            **({'line_ids': lines} if lines else {}),
        }

    def _prepare_crm_contract_lines(self):
        """Return the values of the lines that the expected revenue stands for."""
        lines = []
        if self.recurring_revenue:
            months = self.recurring_plan.number_of_months or 1
            lines.append(
                {
                    'name': self.name,
                    'price_unit': self.recurring_revenue,
                    'interval_count': months,
                    'interval_unit': 'month',
                }
            )
        if self.expected_revenue:
            lines.append(
                {'kind': 'milestone', 'name': self.name, 'price_unit': self.expected_revenue}
            )
        return lines

    # === WHEN IT IS WON === #

    def _handle_won_lost(self, old_status_by_lead, new_status_by_lead):
        """Ask for the contracts of what is won, and no longer for those of what is not."""
        result = super()._handle_won_lost(old_status_by_lead, new_status_by_lead)

        def is_won(lead, status):
            return status.get(lead.id, {}).get('is_won', False)

        won = self.filtered(lambda lead: is_won(lead, new_status_by_lead))
        already = self.filtered(lambda lead: is_won(lead, old_status_by_lead))
        (won - already)._ask_for_crm_contracts()
        if lost := already - won:  # every change of a lead comes here
            lost.activity_unlink([CONTRACT_ACTIVITY])
        return result

    def _ask_for_crm_contracts(self):
        """Give who won the opportunities an activity for each contract to make, once."""
        asked = self._filter_asking_for_crm_contracts()
        for user, leads in asked.grouped(lambda lead: lead.user_id or self.env.user).items():
            told = leads.with_context(mail_activity_quick_update=True, lang=user.lang)
            told.activity_schedule(CONTRACT_ACTIVITY, user_id=user.id)
        # sudo: that somebody was asked is kept from being typed
        asked.sudo().crm_contract_asked = True

    def _filter_asking_for_crm_contracts(self):
        """Return those that nobody was asked about, without a contract, of teams that ask."""
        asking = self.filtered(
            lambda lead: (
                lead.type == 'opportunity'
                and not lead.crm_contract_asked
                and (not lead.team_id or lead.team_id.crm_asks_for_contract)
            )
        )
        if not asking:
            return asking
        known = self.env['crm.contract'].sudo().search(asking._get_crm_contract_domain())
        return asking - known.opportunity_id.sudo(False)

    # === MERGE === #

    def _get_merge_moved_fields(self):
        return {**super()._get_merge_moved_fields(), 'crm.contract': 'opportunity_id'}
