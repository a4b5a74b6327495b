"""Which screens are looked at, with something on each of them."""

from odoo import Command, fields
from odoo.tests import new_test_user

NAME = 'Maintenance of the presses, all sites'
MAIN = (
    'crm_extended.crm_home_action_sales',
    'crm_claims.crm_home_action_agent',
    'crm_contracts.crm_home_action_contracts',
    'crm_contracts.crm_home_action_accounting',
    'crm.crm_lead_action_pipeline',
    'crm_extended.crm_call_action',
    'crm_extended.crm_interaction_action_agenda',
    'crm_claims.service_team_action_dashboard',
    'crm_claims.service_claim_action',
    'crm_claims.service_ticket_action',
    'crm_contracts.crm_contract_action',
    'crm_contracts.crm_contract_action_to_bill',
    'crm_contracts.crm_contract_action_analysis',
    'crm_segmentation.crm_segment_action',
)
# What a phone shows first of a board.
PHONE = {'crm_contracts.crm_contract_action': {'phoneHides': 'Draft'}}
FURTHER = (
    'crm_extended.crm_call_action_report',
    'crm_claims.service_claim_action_pareto',
    'crm_claims.rating_rating_action',
    'crm_contracts.crm_contract_line_action',
    'crm_contracts.crm_contract_action_renewals',
    'crm_claims.service_sla_policy_action',
    'crm_segmentation.crm_segment_metric_action',
    'crm_extended.crm_duplicate_action',
    'crm_claims.service_sla_report_action',
    'crm_contracts.crm_contract_mrr_movement_action',
)
# Odoo's own screens of the same kinds.
STOCK = (
    ('sale.order', 'list'),
    ('sale.order', 'kanban'),
    ('project.task', 'list'),
    ('project.task', 'kanban'),
    ('res.partner', 'kanban'),
    ('calendar.event', 'calendar'),
)
STOCK_ACTIONS = ('sale.action_quotations_with_onboarding',)
STOCK_PAGES = ('/my', '/my/orders')


class ScreensMixin:
    """A user who sees all, a customer with one of each document, and the requests of screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env['res.partner'].create(
            {'name': 'Bodegas Altozano', 'email': 'info@altozano.example.com'}
        )
        cls.user = new_test_user(
            cls.env,
            login='measures',
            name='Marta Gil',
            groups='base.group_user,base.group_partner_manager,sales_team.group_sale_manager,'
            'crm_claims.crm_claims_group_manager,account.group_account_invoice,'
            'project.group_project_manager',
        )
        # the pages of the portal show what is of her company
        cls.user.partner_id.parent_id = cls.customer
        cls.draft, cls.running = cls._make_contracts()
        cls.call, cls.claim, cls.ticket = cls._make_work()
        cls.others = cls._make_others()
        cls.segment = cls._make_segment()

    @classmethod
    def _make_contracts(cls):
        """Make a draft, and what shows the most: suspended, something due, about to end."""
        start = fields.Date.start_of(fields.Date.today(), 'month')
        values = {
            'name': NAME,
            'partner_id': cls.customer.id,
            'manager_id': cls.user.id,
            'date_start': start,
            'date_end': fields.Date.add(start, months=1),
            'line_ids': [Command.create({'name': 'Care', 'price_unit': 12345.67})],
        }
        draft, running = cls.env['crm.contract'].create([values, values])
        running.action_confirm()
        running.action_suspend(start)
        return draft, running

    @classmethod
    def _make_work(cls):
        """Make a call and a case of each kind, for nobody yet: that shows a button more."""
        values = {'name': NAME, 'partner_id': cls.customer.id}
        cls.team = cls.env['service.team'].create(
            {'name': 'Repairs of the south', 'member_ids': [Command.set(cls.user.ids)]}
        )
        case = {**values, 'team_id': cls.team.id, 'user_id': False}
        return (
            cls.env['crm.call'].create({**values, 'user_id': cls.user.id}),
            cls.env['service.claim'].create(case),
            cls.env['service.ticket'].create(case),
        )

    @classmethod
    def _make_others(cls):
        values = {'name': NAME, 'partner_id': cls.customer.id, 'user_id': cls.user.id}
        cls.leads = leads = cls.env['crm.lead'].create(
            [{**values, 'type': kind} for kind in ('lead', 'opportunity')]
        )
        leads.activity_schedule('mail.mail_activity_data_todo', user_id=cls.user.id)
        return [
            *leads,
            cls.team,
            cls.env['crm.capture.form'].create({'name': 'Website'}),
            cls.env['utm.campaign'].create({'title': NAME, 'user_id': cls.user.id}),
        ]

    @classmethod
    def _make_segment(cls):
        between = {
            'metric_id': cls.env.ref('crm_segmentation.metric_won_revenue').id,
            'operator': 'between',
            'value_to': 12345.67,
        }
        lines = [{'match': 'some'}, {**between, 'level': 1}]
        return cls.env['crm.segment'].create(
            {'name': NAME, 'rule_ids': [Command.create(line) for line in lines]}
        )

    def get_screens(self):
        """Return the screens that people have open all day, and what customers see."""
        work = [self.call, self.claim, self.ticket, self.segment, *self.segment.rule_ids]
        records = [self.customer, self.draft, self.running, *work, *self.others]
        return [
            *({'name': name, 'request': name, **PHONE.get(name, {})} for name in MAIN),
            *(self.get_form(record) for record in records),
            *({'name': url, 'url': url} for url in self._get_pages()),
        ]

    def _get_pages(self):
        return (
            '/my',
            '/my/service/tickets',
            '/my/service/tickets/new',
            self.ticket.get_portal_url(),
            '/my/crm-contracts',
            self.running.get_portal_url(),
            '/crm/capture/confirm/unknown',
        )

    def get_further_screens(self):
        """Return reports, lists that are opened less often, and dialogs."""
        return [
            *({'name': name, 'request': name} for name in FURTHER),
            *(self._get_dialog(*dialog) for dialog in self._get_dialogs()),
        ]

    def _get_dialogs(self):
        return (
            ('crm_extended.crm_call_action_log', self.customer),
            ('crm_extended.crm_call_hold_action', self.call),
            ('crm_claims.service_ticket_answer_action', self.ticket),
            ('crm_claims.service_case_reject_action', self.claim),
            ('crm_contracts.crm_contract_suspending_action', self.running),
            ('crm_contracts.crm_contract_noticing_action', self.running),
            ('crm_segmentation.crm_segment_preview_action', self.segment),
        )

    def get_stock_screens(self):
        """Return screens of Odoo's own of the same kinds."""
        order = self.env['sale.order'].search([('state', '=', 'sale')], limit=1)
        order.message_post(body='Agreed on the phone')
        task = self.env['project.task'].search([('project_id', '!=', False)], limit=1)
        task.activity_schedule('mail.mail_activity_data_todo', user_id=self.user.id)
        compose = {'name': 'mail', 'request': self.get_action('mail.compose.message', 'form')}
        compose['request']['target'] = 'new'
        compose['context'] = {'default_model': order._name, 'default_res_ids': order.ids}
        return [
            *(
                {'name': f'{model} {view}', 'request': self.get_action(model, view)}
                for model, view in STOCK
            ),
            *({'name': name, 'request': name} for name in STOCK_ACTIONS),
            *(self.get_form(record) for record in (order, task, self.env.user.partner_id)),
            compose,
            *({'name': url, 'url': url} for url in (*STOCK_PAGES, order.get_portal_url())),
        ]

    def get_form(self, record):
        """Return how to open the form of a record."""
        request = {**self.get_action(record._name, 'form'), 'res_id': record.id}
        return {'name': record._name, 'request': request}

    def get_action(self, model, view):
        return {'type': 'ir.actions.act_window', 'res_model': model, 'views': [[False, view]]}

    def _get_dialog(self, name, record):
        context = {
            'active_id': record.id,
            'active_ids': record.ids,
            'active_model': record._name,
            'default_segment_id': record.id if record._name == 'crm.segment' else False,
        }
        return {'name': name, 'request': name, 'context': context}
