from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.crm_extended.core.home import Row, get_most_urgent

from ...core.cases import CASE_MODELS

KEY = 'activities'
DOCUMENTS = (*CASE_MODELS, 'service.claim.action')


class CrmHome(models.AbstractModel):
    """What an agent has planned on claims and tickets, and which actions of claims are theirs."""

    _inherit = 'crm.home'

    @api.model
    def _get_home_agent_lists(self):
        domain = Domain('user_id', '=', self.env.uid) & Domain('res_model', 'in', DOCUMENTS)
        return super()._get_home_agent_lists() | {
            KEY: ('mail.activity', domain, 'date_deadline, id')
        }

    @api.model
    def _get_home_agent_blocks(self, found):
        return [
            *super()._get_home_agent_blocks(found),
            self._get_home_activities_block(found[KEY]),
        ]

    @api.model
    def _get_home_activities_block(self, found):
        title, empty = self.env._('My Actions'), self.env._('You have nothing planned.')
        rows = tuple(map(self._prepare_home_activity, found.records))
        return self._prepare_home_block(
            key=KEY,
            sequence=40,
            title=title,
            hint=self.env._('On claims and tickets'),
            icon='fa-check-square-o',
            empty=empty,
            count=found.number,
            rows=rows,
            tone=get_most_urgent(row.tone for row in rows),
            action=self._prepare_home_list_action(
                found,
                title,
                {
                    'list': 'mail.mail_activity_view_tree_open_target',
                    'kanban': 'mail.mail_activity_view_kanban_open_target',
                },
                empty,
            ),
        )

    @api.model
    def _prepare_home_activity(self, activity):
        """Return a row that opens the document of an activity."""
        today = fields.Date.context_today(self)
        is_today = activity.date_deadline == today
        return Row(
            activity.res_id,
            activity.res_model,
            activity.display_name,
            detail=activity.res_name or '',
            when=self.env._('Today') if is_today else self._format_home_day(activity.date_deadline),
            tone='danger' if activity.date_deadline < today else 'info',
        )
