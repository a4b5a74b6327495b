from odoo import api, fields, models
from odoo.fields import Domain

from ..shared.crm_customer_document_mixin import CustomerFigures


class CrmLead(models.Model):
    _name = 'crm.lead'
    _inherit = [
        'crm.caller.mixin',
        'crm.counter.mixin',
        'crm.customer.document.mixin',
        'crm.lead',
    ]
    # In this order: the mixins override core.

    crm_call_ids = fields.One2many(
        comodel_name='crm.call',
        inverse_name='lead_id',
        string='Calls',
    )
    crm_call_count = fields.Integer(
        string='Call Count',
        compute='_compute_crm_call_count',
        groups='sales_team.group_sale_salesman',
    )
    crm_is_called = fields.Boolean(
        string='Called',
        compute='_compute_crm_is_called',
        compute_sudo=True,
        search='_search_crm_is_called',
        help='Whether anybody has, or plans, a call about it.',
    )
    crm_capture_form_id = fields.Many2one(
        comodel_name='crm.capture.form',
        string='Website Form',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        groups='sales_team.group_sale_manager',
    )
    crm_capture_reference = fields.Char(
        string='Web Reference',
        readonly=True,
        copy=False,
        index='btree_not_null',
        help='What the visitor of the website was told; he may quote it on the phone.',
    )

    @api.depends('crm_call_ids')
    @api.depends_context('uid', 'allowed_company_ids')
    def _compute_crm_call_count(self):
        counts = dict(
            self.env['crm.call']._read_group(
                [('lead_id', 'in', self.ids)],
                ['lead_id'],
                ['__count'],
            )
        )
        for lead in self:
            lead.crm_call_count = counts.get(lead._origin, 0)

    @api.depends('crm_call_ids')
    def _compute_crm_is_called(self):
        for lead in self:
            lead.crm_is_called = bool(lead.crm_call_ids)

    def _search_crm_is_called(self, operator, value):
        if operator != 'in':
            return NotImplemented
        # calls of colleagues count, what was said in them is theirs
        return Domain('crm_call_ids', 'any!', Domain.TRUE)

    # === ACTIONS === #

    def action_view_crm_calls(self):
        """Open the calls that the smart button counts."""
        return self._get_crm_list_action(
            'crm_extended.crm_call_action_all',
            [('lead_id', 'in', self.ids)],
            {'default_lead_id': self.id if len(self) == 1 else False},
        )

    def action_plan_crm_call(self):
        """Open the dialog that plans a call about the lead."""
        self.ensure_one()
        return self.env['crm.call']._get_dialog_action('planned', lead_id=self.id)

    # === CUSTOMERS === #

    @api.model
    def _get_crm_customer_figures(self):
        return CustomerFigures(
            domain=Domain('type', '=', 'opportunity') & Domain('won_status', '=', 'won'),
            date='date_closed',
            counts=('won_count',),
            amounts={'won_revenue': 'expected_revenue'},
        )

    # === VIEWS === #

    @api.model
    def _get_view(self, view_id=None, view_type='form', **options):
        """Bring all buttons above the cards into one header: the client knows only the last.

        What Odoo offers to buy (crm_iap_enrich) stands under the gear: the header has no room.
        """
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == 'kanban':
            first, *others = arch.findall('header') or [None]
            for other in others:
                first.extend(other)
                arch.remove(other)
        for button in arch.findall("header/button[@name='iap_enrich']"):
            button.set('class', 'o_crm_gear')
            button.attrib.pop('data-hotkey', None)
        return arch, view

    # === BUSINESS === #

    @api.model
    def get_import_templates(self):
        """Offer a directory list in the user's language, above core's own template."""
        language = 'es' if (self.env.lang or '').startswith('es') else 'en'
        template = {
            'label': self.env._('Directory List of Leads'),
            'template': f'/crm_extended/static/xlsx/crm_lead_{language}.xlsx',
        }
        return [template, *super().get_import_templates()]

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Record Email as the channel of what comes by mail, unless the alias says otherwise."""
        values = dict(custom_values or {})
        if not values.get('medium_id'):
            values['medium_id'] = self.env['utm.medium']._fetch_or_create_utm_medium('email').id
        return super().message_new(msg_dict, custom_values=values)
