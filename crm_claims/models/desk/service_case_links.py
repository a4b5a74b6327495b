from __future__ import annotations

from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...core.stages import CLOSED_KINDS

LINKS = ('problem_id', 'duplicate_of_id', 'origin_case_id')


class ServiceCaseMixin(models.AbstractModel):
    """Cases that have to do with each other: incidents of one problem, duplicates, and what one
    was caused by."""

    _inherit = 'service.case.mixin'

    problem_id = fields.Many2one(
        'service.case.mixin',
        copy=False,
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        domain="[('id', '!=', id)]",
        tracking=True,
        help='What is behind this one and behind others. Its incidents are answered and solved '
        'together from there.',
    )
    incident_ids = fields.One2many('service.case.mixin', 'problem_id', string='Incidents')
    duplicate_of_id = fields.Many2one(
        'service.case.mixin',
        string='Duplicate of',
        copy=False,
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        domain="[('id', '!=', id)]",
        help='The same matter, said twice. Merge them if they are of one customer.',
    )
    origin_case_id = fields.Many2one(
        'service.case.mixin',
        string='Due to',
        copy=False,
        check_company=True,
        index='btree_not_null',
        ondelete='set null',
        domain="[('id', '!=', id)]",
        help='The one without which this one would not be.',
    )
    linked_case_count = fields.Integer(
        string='Linked',
        compute='_compute_linked_case_count',
        help='Problem, incidents, duplicates, causes and what was caused.',
    )
    open_incident_count = fields.Integer(
        string='Open Incidents',
        compute='_compute_open_incident_count',
    )

    _not_its_own_problem = models.Constraint(
        'CHECK (problem_id != id)',
        'Nothing is its own problem. Choose another one.',
    )
    _not_its_own_duplicate = models.Constraint(
        'CHECK (duplicate_of_id != id)',
        'Nothing is a duplicate of itself. Choose another one.',
    )
    _not_its_own_origin = models.Constraint(
        'CHECK (origin_case_id != id)',
        'Nothing is caused by itself. Choose another one.',
    )

    # === COMPUTE METHODS === #

    @api.depends_context('uid', 'allowed_company_ids')
    @api.depends(*LINKS)
    def _compute_linked_case_count(self):
        linked = self._get_linked_ids()
        for case in self:
            case.linked_case_count = len(linked[case._origin.id])

    @api.depends_context('uid', 'allowed_company_ids')
    @api.depends('incident_ids.stage_kind')
    def _compute_open_incident_count(self):
        counts = dict(
            self._read_group(self._get_open_incident_domain(), ['problem_id'], ['__count'])
        )
        for case in self:
            case.open_incident_count = counts.get(case._origin, 0)

    # === CONSTRAINTS === #

    @api.constrains(*LINKS)
    def _check_no_circle(self):
        for name in LINKS:
            if self._has_cycle(name):
                raise ValidationError(
                    self.env._(
                        'That would be a circle of cases that lead back to themselves: %(link)s.',
                        link=self._fields[name]._description_string(self.env),
                    )
                )

    # === ACTIONS === #

    def action_view_linked_cases(self):
        """List what the case is linked to in either direction."""
        self.ensure_one()
        action = self.env['ir.actions.act_window']._for_xml_id(
            f'crm_claims.{self._name.replace(".", "_")}_action'
        )
        linked = self._get_linked_ids()[self.id]
        return {
            **action,
            'domain': [('id', 'in', sorted(linked))],
            'context': {},
            'views': sorted(action['views'], key=lambda view: view[1] != 'list'),
        }

    def action_answer_incidents(self):
        """Open the dialog that answers all open incidents, each on its own case.

        Refused with a UserError where there is none.
        """
        self.ensure_one()
        incidents = self.search(self._get_open_incident_domain())
        if not incidents:
            raise UserError(
                self.env._('%(case)s has no open incident to answer.', case=self.display_name)
            )
        action = self.env['ir.actions.act_window']._for_xml_id(
            'crm_claims.service_ticket_answer_action'
        )
        context = {'active_model': self._name, 'active_ids': incidents.ids}
        return {**action, 'name': self.env._('Answer the Incidents'), 'context': context}

    # === BUSINESS METHODS === #

    def _get_open_incident_domain(self):
        return Domain('problem_id', 'in', self.ids) & Domain('stage_kind', 'not in', CLOSED_KINDS)

    def _get_linked_ids(self) -> dict[int, set[int]]:
        """Return {id: ids of those linked in either direction} that the user sees."""
        cases, linked = self._origin, defaultdict(set)
        for name in LINKS:
            groups = self._read_group([(name, 'in', cases.ids)], [name], ['id:array_agg'])
            for target, ids in groups:
                linked[target.id].update(ids)
            for case in cases.filtered(name):
                linked[case.id].add(case[name].id)
        seen = set(self.search([('id', 'in', list(set().union(*linked.values())))]).ids)
        return defaultdict(set, {case_id: ids & seen for case_id, ids in linked.items()})

    def _merge_links(self, merged):
        """What becomes one is not linked to itself."""
        # sudo: some of them may be hidden from the user who merges
        cases_sudo = (self | merged).sudo()
        for name in LINKS:
            cases_sudo.filtered(lambda case, name=name: case[name] in cases_sudo).write(
                {name: False}
            )
        return super()._merge_links(merged)


class ServiceTicket(models.Model):
    _inherit = 'service.ticket'

    problem_id = fields.Many2one('service.ticket')
    incident_ids = fields.One2many('service.ticket')
    duplicate_of_id = fields.Many2one('service.ticket')
    origin_case_id = fields.Many2one('service.ticket')


class ServiceClaim(models.Model):
    _inherit = 'service.claim'

    problem_id = fields.Many2one('service.claim')
    incident_ids = fields.One2many('service.claim')
    duplicate_of_id = fields.Many2one('service.claim')
    origin_case_id = fields.Many2one('service.claim')
