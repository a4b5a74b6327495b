from odoo import api, models
from odoo.fields import Domain

from ...core.home import Button, Search


class CrmHome(models.AbstractModel):
    """Whom a salesperson has to call until the end of the day, and what calls are noted."""

    _inherit = 'crm.home'

    # === ACTIONS === #

    @api.model
    def action_log_call(self):
        """Open the dialog that logs a call, whoever it was with."""
        return self.env['crm.call']._get_dialog_action('held')

    # === BUSINESS === #

    @api.model
    def _get_home_sales_lists(self):
        calls = ('crm.call', self._get_home_calls_domain(), 'date, id')
        return super()._get_home_sales_lists() | {'calls': calls}

    @api.model
    def _get_home_sales_blocks(self, found):
        return [
            *super()._get_home_sales_blocks(found),
            self._get_home_calls_block(found['calls']),
            self._get_home_log_block(),
        ]

    @api.model
    def _get_home_calls_domain(self):
        """What is planned until the end of the user's day, and what is overdue."""
        return (
            Domain('user_id', '=', self.env.uid)
            & Domain('state', '=', 'planned')
            & Domain('date', '<', 'today +1d')
        )

    @api.model
    def _get_home_calls_block(self, found):
        return self._prepare_home_list(
            found,
            self._prepare_home_call,
            key='calls',
            sequence=10,
            title=self.env._('Calls'),
            hint=self.env._('Overdue and today'),
            icon='fa-phone',
            empty=self.env._('Nobody is left to be called today.'),
            views={
                'list': 'crm_extended.crm_call_view_list_planned',
                'kanban': 'crm_extended.crm_call_view_kanban_planned',
                'form': None,
            },
        )

    @api.model
    def _prepare_home_call(self, call):
        return {
            'detail': self._get_home_link_name(call.partner_id),
            'when': self._format_home_moment(call.date),
            'tone': 'danger' if call.is_overdue else 'info',
            'href': call.phone and f'tel:{call.phone}',
            'buttons': (
                Button(
                    self.env._('Mark as Held'),
                    icon='fa-check',
                    model='crm.call',
                    method='action_ask_outcome',
                    ids=(call.id,),
                ),
            ),
        }

    @api.model
    def _get_home_log_block(self):
        title = self.env._('Log a Call')
        return self._prepare_home_block(
            key='log_call',
            sequence=20,
            title=title,
            icon='fa-pencil-square-o',
            hint=self.env._('With whom did you speak?'),
            search=Search('res.partner', 'action_log_crm_call', self.env._('Name or number')),
            buttons=(
                Button(
                    self.env._('With Somebody Else'), model='crm.home', method='action_log_call'
                ),
            ),
        )
