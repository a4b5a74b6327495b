from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from ...core.stages import CLOSED_KINDS

CASES_AT_ONCE = 1000
IS_OPEN = Domain('stage_kind', 'not in', CLOSED_KINDS)


class ServiceSlaPolicy(models.Model):
    """A promise to the cases that meet its conditions: how soon they are answered and solved.

    The first policy whose conditions are met is that of a case.
    """

    _name = 'service.sla.policy'
    _description = 'Service Level Policy'
    _inherit = ['crm.audience.mixin', 'crm.counter.mixin']
    _order = 'sequence, id'
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10, help='The first policy that covers a case is its policy.')
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        'res.company',
        index='btree_not_null',
        default=lambda self: self.env.company,
        help='Leave empty for a policy of every company.',
    )

    # Conditions: an empty one is met by every case
    case_model = fields.Selection(
        [
            ('both', 'Claims and Tickets'),
            ('service.claim', 'Claims'),
            ('service.ticket', 'Tickets'),
        ],
        string='Applies To',
        required=True,
        default='both',
    )
    team_id = fields.Many2one(
        'service.team', check_company=True, index='btree_not_null', ondelete='restrict'
    )
    category_ids = fields.Many2many(
        'service.category',
        string='Categories',
        help='These categories and everything below them.',
    )
    all_category_ids = fields.Many2many(
        'service.category',
        string='Categories and Subcategories',
        compute='_compute_all_category_ids',
        compute_sudo=True,
    )
    claim_type_ids = fields.Many2many(
        'service.claim.type',
        string='Claim Types',
        help='Claims of these types; a ticket has no type and is not covered then.',
    )
    priority_min = fields.Selection(
        selection='_selection_priority_min',
        string='Lowest Priority',
        help='Cases of this priority and of higher ones.',
    )
    partner_category_ids = fields.Many2many(
        'res.partner.category',
        string='Customer Tags',
        help='Customers who have one of these tags themselves or through their company.',
    )

    # Promise
    first_response_hours = fields.Float(
        string='First Response within',
        help='Working hours until an agent answers the customer. Zero: not promised.',
    )
    next_response_hours = fields.Float(
        string='Next Response within',
        help='Working hours until an agent answers what the customer adds after an answer. Several '
        'messages in a row count from the first one. Zero: not promised.',
    )
    resolution_hours = fields.Float(
        string='Resolution within',
        help='Working hours until the case is closed. Zero: not promised.',
    )
    warning_hours = fields.Float(
        string='Warn before',
        help='Working hours before a deadline at which the agent and the team leader are warned. '
        'Zero, or not less than the promise itself: no warning.',
    )
    escalate = fields.Boolean(
        string='Escalate when Overdue',
        help='Hand the case to the next tier when a deadline passes.',
    )
    calendar_id = fields.Many2one(
        'resource.calendar',
        string='Working Hours',
        check_company=True,
        help='Hours in which the clocks run. Empty, or without any hours: those of the team, else '
        'those of the company, else around the clock.',
    )

    # Preview
    open_ticket_count = fields.Integer(string='Open Tickets', compute='_compute_open_case_counts')
    open_claim_count = fields.Integer(string='Open Claims', compute='_compute_open_case_counts')

    _hours_not_negative = models.Constraint(
        'CHECK (first_response_hours >= 0 AND next_response_hours >= 0 '
        'AND resolution_hours >= 0 AND warning_hours >= 0)',
        'The hours of a service level policy cannot be negative.',
    )

    # === COMPUTE METHODS === #

    @api.depends('category_ids')
    def _compute_all_category_ids(self):
        categories = self.env['service.category'].with_context(active_test=False)
        trees = categories.search([('id', 'child_of', self.category_ids.ids)])
        for policy in self:
            roots = set(policy.category_ids.ids)
            policy.all_category_ids = trees.filtered(
                lambda category, roots=roots: roots.intersection(
                    map(int, category.parent_path.split('/')[:-1])
                )
            )

    @api.depends(lambda self: self._get_condition_fields())
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_open_case_counts(self):
        for field_name, model_name in self._get_preview_models().items():
            counts = self._count_open_cases(model_name)
            for policy in self:
                policy[field_name] = counts.get(policy._origin.id, 0)

    # === SELECTION METHODS === #

    @api.model
    def _selection_priority_min(self):
        return self.env['service.case.mixin']._fields['priority']._description_selection(self.env)

    # === ACTIONS === #

    def action_view_open_tickets(self):
        """List the open tickets that the policy would cover now."""
        return self._get_preview_action('open_ticket_count')

    def action_view_open_claims(self):
        """List the open claims that the policy would cover now."""
        return self._get_preview_action('open_claim_count')

    def action_apply(self):
        """Choose the policy of every open case again, after policies or calendars have changed.

        Time that was used and paused is kept.
        """
        self.check_access('write')
        for model_name in self._get_preview_models().values():
            # sudo: the promise to a case does not depend on who may see it
            cases = self.env[model_name].sudo().search(IS_OPEN, order='id')
            for ids in split_every(CASES_AT_ONCE, cases.ids):
                cases.browse(ids)._choose_sla_clocks()
                cases.browse(ids)._sync_sla()
        return True

    # === CHOICE === #

    @api.model
    def _choose_policies(self, cases):
        """Return {case: policy}, the first that covers it; nobody's case gets none."""
        chosen = dict.fromkeys(cases, self.browse())
        policies = self._get_policies(cases)
        for policy in policies:
            # sudo: a promise does not depend on who may see what it is made for
            covered = cases.sudo().filtered_domain(policy._get_case_domain(cases))
            chosen.update(dict.fromkeys(covered, policy))
            cases -= covered
        return chosen

    @api.model
    def _get_covered_domain(self, cases, ids):
        """Return the domain of the cases that one of these policies is the first to cover.

        :param ids: of policies; False stands for none
        """
        covered, found = Domain.FALSE, Domain.FALSE
        for policy in self._get_policies(cases):
            domain = policy._get_case_domain(cases)
            if policy.id in ids:
                found |= domain & ~covered
            covered |= domain
        return found | ~covered if False in ids else found

    @api.model
    def _get_policies(self, cases):
        """Return the policies of a kind of case, the first to be asked first."""
        # an archived one promises nothing, whatever the screen lists
        active = Domain('active', '=', True)
        return self.search(active & Domain('case_model', 'in', ('both', cases._name)))

    def _get_case_domain(self, cases):
        """Return the conditions for a model of cases as a domain; override to add one, by ``&``.

        The field of the case that it looks at also belongs into ``_get_sla_policy_fields``.
        """
        self.ensure_one()
        domain = Domain.TRUE
        if self.company_id:
            domain &= Domain('company_id', '=', self.company_id.id)
        if self.team_id:
            domain &= Domain('team_id', '=', self.team_id.id)
        if self.category_ids:
            domain &= Domain('category_id', 'in', self.all_category_ids.ids)
        if self.claim_type_ids:
            has_types = 'claim_type_id' in cases._fields
            types = Domain('claim_type_id', 'in', self.claim_type_ids.ids)
            domain &= types if has_types else Domain.FALSE
        if self.priority_min:
            domain &= Domain('priority', '>=', self.priority_min)
        if self.partner_category_ids:
            tags = self.partner_category_ids.ids
            domain &= Domain('partner_id.category_id', 'in', tags) | Domain(
                'commercial_partner_id.category_id', 'in', tags
            )
        return domain & self._get_crm_audience_domain(('partner_id', 'commercial_partner_id'))

    @api.model
    def _get_crm_audience_anchor(self):
        return 'partner_category_ids'

    @api.model
    def _get_condition_fields(self):
        """Return the fields on which it depends what a policy covers."""
        return (
            'sequence',
            'active',
            'company_id',
            'case_model',
            'team_id',
            'category_ids',
            'claim_type_ids',
            'priority_min',
            'partner_category_ids',
            *self._get_crm_audience_fields(),
        )

    def _get_calendar(self, case):
        """Return the first calendar with hours: the policy's, the team's, the company's."""
        calendars = (
            self.calendar_id | case.team_id.calendar_id | case.company_id.resource_calendar_id
        )
        return calendars._filter_with_service_hours()[:1]

    def _prepare_promises(self, case):
        """Return {target: values of the clock} of what the policy promises to a case."""
        hours = {
            'first_response': self.first_response_hours,
            'next_response': self.next_response_hours,
            'resolution': self.resolution_hours,
        }
        calendar = self._get_calendar(case)
        return {
            target: {
                'target': target,
                'policy_id': self.id,
                'team_id': case.team_id.id,
                'target_hours': target_hours,
                'warning_hours': self.warning_hours,
                'calendar_id': calendar.id,
                'company_id': case.company_id.id,
            }
            for target, target_hours in hours.items()
            if target_hours
        }

    # === PREVIEW === #

    @api.model
    def _get_preview_models(self):
        """Return {field of the count: model that it counts}."""
        return {'open_ticket_count': 'service.ticket', 'open_claim_count': 'service.claim'}

    @api.model
    def _count_open_cases(self, model_name):
        """Return {id of a policy: open cases of which it is the first}, in one statement."""
        cases = self.env[model_name]
        policies = self._get_policies(cases)
        if not policies:
            return {}
        case_id = SQL.identifier(cases._table, 'id')
        choices = [
            SQL(
                'WHEN %s IN %s THEN %s',
                case_id,
                cases.sudo()._search(IS_OPEN & policy._get_case_domain(cases)).subselect(),
                policy.id,
            )
            for policy in policies
        ]
        query = cases._search(IS_OPEN)
        query.groupby = SQL('1')
        return dict(
            self.env.execute_query(
                query.select(SQL('CASE %s END', SQL(' ').join(choices)), SQL('count(*)'))
            )
        )

    def _get_preview_action(self, field_name):
        """Return the window action that lists exactly what the preview counts."""
        self.ensure_one()
        model_name = self._get_preview_models()[field_name]
        return self._get_crm_list_action(
            f'crm_claims.{model_name.replace(".", "_")}_action',
            IS_OPEN & Domain('covering_policy_id', '=', self.id),
        )
