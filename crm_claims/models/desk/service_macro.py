from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import is_html_empty

from ..case.service_case_mixin import PRIORITIES

ASSIGNEES = [('me', 'Whoever uses it'), ('user', 'A certain person'), ('nobody', 'Nobody')]


class ServiceMacro(models.Model):
    """An answer with all that goes with it: a text in the customer's language, and what the
    case becomes when it is sent."""

    _name = 'service.macro'
    _description = 'Macro'
    _inherit = ['crm.linked.mixin', 'mail.render.mixin']
    _order = 'sequence, name, id'
    # As with mail templates: who is no editor of templates saves safe placeholders only, so that
    # everybody may render what was saved.
    _unrestricted_rendering = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    case_model = fields.Selection(
        [
            ('both', 'Claims and Tickets'),
            ('service.claim', 'Claims'),
            ('service.ticket', 'Tickets'),
        ],
        string='Used on',
        required=True,
        default='both',
    )
    team_ids = fields.Many2many(
        'service.team',
        string='Teams',
        help='Offered to the members of these teams on their cases. Empty: to everybody.',
    )
    user_id = fields.Many2one(
        'res.users',
        string='Only for',
        index='btree_not_null',
        ondelete='cascade',
        default=lambda self: self._default_user_id(),
        help='The only person who sees and uses it. Empty: it is shared.',
    )

    # What the customer reads
    body = fields.Html(
        string='Text',
        translate=True,
        render_engine='qweb',
        render_options={'post_process': True},
        sanitize='email_outgoing',
        help='Goes to each customer in their language. Type / to insert a placeholder.',
    )

    # What the case becomes
    stage_kind = fields.Selection(
        [('open', 'Open'), ('waiting', 'Waiting'), ('solved', 'Solved'), ('rejected', 'Rejected')],
        string='Move to',
        help="The first stage of this kind that the case's team has.",
    )
    priority = fields.Selection(
        PRIORITIES,
        string='Set Priority',
    )
    tag_ids = fields.Many2many('service.tag', string='Add Tags')
    target_team_id = fields.Many2one(
        'service.team',
        string='Hand to Team',
        ondelete='cascade',
    )
    assignee = fields.Selection(ASSIGNEES, string='Assign to', help='Empty: as it is.')
    assigned_user_id = fields.Many2one(
        'res.users',
        string='Person',
        domain=lambda self: self.env['service.team']._get_assignee_domain(),
        ondelete='cascade',
    )

    # Follow-up
    activity_type_id = fields.Many2one(
        'mail.activity.type',
        string='Follow-up',
        domain="[('res_model', '=', False)]",
        ondelete='set null',
        help='An activity of whoever has the case then, else of who uses the macro.',
    )
    activity_summary = fields.Char(string='Follow-up Summary', translate=True)
    activity_days = fields.Integer(
        string='Follow-up in Days',
        default=3,
        help='Calendar days from the day on which the macro is used.',
    )

    _person_named = models.Constraint(
        "CHECK (assignee IS DISTINCT FROM 'user' OR assigned_user_id IS NOT NULL)",
        'Say to whom the macro assigns: choose a person.',
    )
    _days_not_negative = models.Constraint(
        'CHECK (activity_days >= 0)',
        'A follow-up cannot lie in the past. Enter 0 for the same day.',
    )

    # === DEFAULT METHODS === #

    @api.model
    def _default_user_id(self):
        """Agents make macros of their own, managers those that all share."""
        is_manager = self.env.user.has_group('crm_claims.crm_claims_group_manager')
        return self.env['res.users'] if is_manager else self.env.user

    # === COMPUTE METHODS === #

    @api.depends('case_model')
    def _compute_render_model(self):
        for macro in self:
            is_claim = macro.case_model == 'service.claim'
            macro.render_model = 'service.claim' if is_claim else 'service.ticket'

    # === CRUD METHODS === #

    def write(self, vals):
        """Nobody gives away or shares what he could not change afterwards."""
        result = super().write(vals)
        self.check_access('write')
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if 'name' in (default or {}):
            return vals_list
        return [
            {**vals, 'name': self.env._('%s (copy)', macro.name)}
            for macro, vals in zip(self, vals_list, strict=True)
        ]

    # === TEXT === #

    def _has_text(self) -> bool:
        return not is_html_empty(self.body)

    def _render_texts(self, cases) -> dict:
        """Return {case id: the text for its customer, in the customer's language}."""
        self.ensure_one()
        texts = {}
        for lang, group in cases.grouped(lambda case: case._get_customer_lang()).items():
            macro = self.with_context(lang=lang)
            texts.update(
                macro._render_template(
                    macro.body,
                    cases._name,
                    group.ids,
                    engine='qweb',
                    options={'post_process': True},
                )
            )
        return texts

    # === EFFECTS === #

    def _apply_to(self, cases, stage_kind=None):
        """Do to the cases all that the macro says, but for its text.

        :param stage_kind: the kind of stage to move to in place of the macro's own
        """
        self.ensure_one()
        if values := self._prepare_values():
            cases.write(values)
        cases._move_to_kind(stage_kind or self.stage_kind)
        self._schedule_follow_up(cases)
        # last, as then the user may no longer see the cases
        if people := self._prepare_people():
            cases.write(people)

    def _prepare_values(self):
        values = {
            'tag_ids': [Command.link(tag.id) for tag in self.tag_ids],
            'priority': self.priority,
        }
        return {name: value for name, value in values.items() if value}

    def _prepare_people(self):
        """Return the team and the person; who has left gets nothing more."""
        team = self.target_team_id.filtered('active')
        user = self.assigned_user_id.filtered('active')
        values = {'team_id': team.id} if team else {}
        assignees = {'me': self.env.uid, 'user': user.id, 'nobody': False}
        if self.assignee:
            values['user_id'] = assignees[self.assignee]
        return values

    def _schedule_follow_up(self, cases):
        if not self.activity_type_id:
            return
        assigned = self._prepare_people().get('user_id')
        for user, group in cases.grouped('user_id').items():
            group.activity_schedule(
                activity_type_id=self.activity_type_id.id,
                summary=self.activity_summary,
                date_deadline=fields.Date.context_today(self) + timedelta(days=self.activity_days),
                user_id=assigned or user.id or self.env.uid,
            )
