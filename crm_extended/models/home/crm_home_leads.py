from odoo import api, models
from odoo.fields import Domain

from ...core.home import Button

IS_PENDING = Domain('won_status', '=', 'pending') & Domain('active', '=', True)
# What comes to a lead from a colleague: a word, or an activity that is done.
FROM_COLLEAGUE = (
    Domain('message_type', 'in', ('comment', 'email_outgoing'))
    & Domain('author_id.partner_share', '=', False)
) | Domain('mail_activity_type_id', '!=', False)


class CrmHome(models.AbstractModel):
    """The opportunities that nothing moves, and the leads that nobody has touched."""

    _inherit = 'crm.home'

    @api.model
    def _get_home_sales_lists(self):
        return super()._get_home_sales_lists() | {
            'opportunities': (
                'crm.lead',
                self._get_home_opportunities_domain(),
                'priority DESC, expected_revenue DESC, id',
            ),
            'leads': ('crm.lead', self._get_home_leads_domain(), 'priority DESC, create_date, id'),
        }

    @api.model
    def _get_home_sales_blocks(self, found):
        return [
            *super()._get_home_sales_blocks(found),
            self._get_home_opportunities_block(found['opportunities']),
            self._get_home_leads_block(found['leads']),
        ]

    # === OPPORTUNITIES === #

    @api.model
    def _get_home_opportunities_domain(self):
        """What of the user's nobody plans anything with, and what stands still."""
        leads = self.env['crm.lead']
        return (
            Domain('type', '=', 'opportunity')
            & Domain('user_id', '=', self.env.uid)
            & IS_PENDING
            & (Domain('activity_ids', '=', False) | leads._get_crm_stale_domain())
        )

    @api.model
    def _get_home_opportunities_block(self, found):
        return self._prepare_home_list(
            found,
            self._prepare_home_opportunity,
            key='opportunities',
            sequence=40,
            title=self.env._('Opportunities'),
            hint=self.env._('Without a next action, or standing still'),
            icon='fa-hand-paper-o',
            empty=self.env._('Every opportunity goes on.'),
            views={
                'list': 'crm.crm_case_tree_view_oppor',
                'kanban': 'crm.crm_case_kanban_view_leads',
                'form': None,
            },
        )

    @api.model
    def _prepare_home_opportunity(self, lead):
        when = (
            self.env._('Since %s', self._format_home_day(lead.date_last_stage_update))
            if lead.is_rotting
            else self.env._('No next action')
        )
        revenue = lead.expected_revenue and lead.company_currency.format(lead.expected_revenue)
        return {
            'detail': ' · '.join(filter(None, (self._get_home_customer(lead), revenue))),
            'when': when,
            'tone': 'warning',
            'href': lead.phone and f'tel:{lead.phone}',
            'buttons': (self._prepare_home_plan_button(lead),),
        }

    @api.model
    def _prepare_home_plan_button(self, lead):
        return Button(
            self.env._('Plan'),
            icon='fa-calendar-plus-o',
            model='crm.lead',
            method='action_plan_crm_call',
            ids=(lead.id,),
        )

    # === LEADS === #

    @api.model
    def _get_home_leads_domain(self):
        """The user's leads, and those of his teams that are nobody's, that nobody has touched."""
        mine = Domain('user_id', '=', self.env.uid)
        of_my_teams = Domain('user_id', '=', False) & (
            Domain('team_id.member_ids', 'in', [self.env.uid])
            | Domain('team_id.user_id', '=', self.env.uid)
        )
        return (
            Domain('type', '=', 'lead')
            & IS_PENDING
            & (mine | of_my_teams)
            & Domain('activity_ids', '=', False)
            & Domain('crm_is_called', '=', False)
            & Domain('message_ids', 'not any', list(FROM_COLLEAGUE))
        )

    @api.model
    def _get_home_leads_block(self, found):
        return self._prepare_home_list(
            found,
            self._prepare_home_lead,
            key='leads',
            sequence=50,
            title=self.env._('New Leads'),
            hint=self.env._('Nobody has called, written or planned anything'),
            icon='fa-star-o',
            empty=self.env._('Every lead has been taken up.'),
            views={
                'list': 'crm.crm_case_tree_view_leads',
                'kanban': 'crm.view_crm_lead_kanban',
                'form': None,
            },
        )

    @api.model
    def _prepare_home_lead(self, lead):
        return {
            'detail': self._get_home_customer(lead),
            'when': self._format_home_moment(lead.create_date),
            'tone': 'info',
            'href': lead.phone and f'tel:{lead.phone}',
            'buttons': (self._prepare_home_plan_button(lead),),
        }

    @api.model
    def _get_home_customer(self, lead):
        return lead.partner_name or lead.contact_name or lead.email_from or ''
