from odoo import api, models
from odoo.fields import Domain

from ...core.home import Button


class CrmHome(models.AbstractModel):
    """The day of a salesperson: whom to call."""

    _inherit = 'crm.home'

    @api.model
    def _get_home_blocks(self, role):
        blocks = super()._get_home_blocks(role)
        if role != 'sales':
            return blocks
        found = self._find_home_records(self._get_home_sales_lists())
        return [*blocks, self._get_home_calls_block(*found['calls'])]

    @api.model
    def _get_home_sales_lists(self):
        """Return {key: (model, domain, order)} of the lists of a salesperson's home."""
        return {'calls': ('crm.call', self._get_home_calls_domain(), 'date, id')}

    # === CALLS === #

    @api.model
    def _get_home_calls_domain(self):
        """What is planned until the end of the user's day, and what is overdue."""
        return (
            Domain('user_id', '=', self.env.uid)
            & Domain('state', '=', 'planned')
            & Domain('date', '<', 'today +1d')
        )

    @api.model
    def _get_home_calls_block(self, number, calls):
        title = self.env._('Calls')
        is_late = any(call.is_overdue for call in calls)
        return self._prepare_home_block(
            key='calls',
            sequence=10,
            title=title,
            icon='fa-phone',
            tone='danger' if is_late else 'info',
            count=number,
            hint=self.env._('Overdue and today'),
            action=self._prepare_home_action(
                title,
                'crm.call',
                self._get_home_calls_domain(),
                {
                    'list': 'crm_extended.crm_call_view_list_planned',
                    'kanban': 'crm_extended.crm_call_view_kanban_planned',
                    'form': None,
                },
            ),
            rows=self._prepare_home_rows(calls, self._prepare_home_call),
            empty=self.env._('No calls left for today.'),
        )

    @api.model
    def _prepare_home_call(self, call):
        return {
            'detail': call.partner_id.display_name or call.lead_id.partner_name or '',
            'when': self._format_home_moment(call.date),
            'tone': 'danger' if call.is_overdue else 'muted',
            'href': call.phone and f'tel:{call.phone}',
            'buttons': (
                Button(
                    self.env._('Held'),
                    icon='fa-check',
                    model='crm.call',
                    method='action_ask_outcome',
                    ids=(call.id,),
                ),
            ),
        }
