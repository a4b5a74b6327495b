"""Which pictures there are: who looks at what, and what is done before.

A screen of the web client is named by its action, a page of the portal by its address. Where it
is about one record, `record` says which of the demo company: the first in the given order that the
user may see.
"""

from dataclasses import dataclass

DESKTOP = (1366, 768)
PHONE = (375, 700)
LANGUAGES = ('en', 'es')

TIMELINE = 'crm_extended.crm_interaction_action_timeline'
RING = """
    new Promise((resolve) => {
        const phone = odoo.__WOWL_DEBUG__.root.env.services.crm_phone;
        const ring = () => phone.follow({ call_id: $ID, state: "ringing" });
        const waitForCard = () =>
            phone.calls[$ID] ? resolve(ring()) : requestAnimationFrame(waitForCard);
        ring();
        waitForCard();
    })
"""


@dataclass(frozen=True)
class Record:
    """The record of the demo company that a picture is about, or what a field of it names."""

    model: str
    domain: tuple = ()
    order: str = 'id'
    field: str = ''


@dataclass(frozen=True)
class Picture:
    """A screen worth showing, to whom (a login of the demo), and what is done before it is taken.

    :param clicks: selectors of what is clicked, in turn
    :param script: what the page is told, with $ID for the record
    """

    name: str
    login: str
    action: str = ''
    address: str = ''
    record: Record | None = None
    clicks: tuple[str, ...] = ()
    script: str = ''
    size: tuple[int, int] = DESKTOP

    def get_address(self, record_id=None):
        """Return where the screen is, below the address of the server."""
        if self.address:
            return self.address.format(id=record_id)
        return f'/odoo/action-{self.action}' + (f'/{record_id}' if record_id else '')


def button(name):
    return f'.o_content button[name="{name}"]'


def menu(xmlid):
    return f'[data-menu-xmlid="{xmlid}"]'


def dashboard(name, login, model):
    record = Record('spreadsheet.dashboard', (('main_data_model_ids.model', '=', model),))
    return Picture(name, login, address='/odoo/dashboards?dashboard_id={id}', record=record)


CUSTOMER = Record('res.users', (('login', '=', 'customer'),), field='commercial_partner_id')
OPEN = (('stage_kind', 'in', ('new', 'open', 'waiting')),)
RUNNING = Record('crm.contract', (('state', 'in', ('open', 'to_renew')),))

PICTURES = (
    Picture('home_sales', 'sales', 'crm_extended.crm_home_action_sales'),
    Picture('home_agent', 'agent', 'crm_claims.crm_home_action_agent'),
    Picture('home_contracts', 'contracts', 'crm_contracts.crm_home_action_contracts'),
    Picture('home_accounting', 'accountant', 'crm_contracts.crm_home_action_accounting'),
    Picture('pipeline', 'salesmanager', 'crm.crm_lead_action_pipeline'),
    Picture(
        'lead',
        'sales',
        'crm.crm_lead_action_pipeline',
        record=Record('crm.lead', (('type', '=', 'opportunity'),), 'expected_revenue desc'),
    ),
    Picture('customer', 'contracts', 'base.action_partner_form', record=CUSTOMER),
    Picture(
        'timeline',
        'contracts',
        address=f'/odoo/action-base.action_partner_form/{{id}}/action-{TIMELINE}',
        record=CUSTOMER,
    ),
    Picture('agenda', 'salesmanager', 'crm_extended.crm_interaction_action_agenda'),
    Picture(
        'call_popup',
        'sales',
        address='/odoo/action-crm_extended.crm_home_action_sales',
        record=Record('crm.call', (('direction', '=', 'inbound'), ('partner_id', '!=', False))),
        script=RING,
    ),
    Picture(
        'cadence', 'salesmanager', 'crm_extended.crm_cadence_action', record=Record('crm.cadence')
    ),
    Picture('duplicates', 'salesmanager', 'crm_extended.crm_duplicate_action'),
    Picture(
        'merge_preview',
        'salesmanager',
        'crm_extended.crm_duplicate_action',
        record=Record('crm.duplicate', (('state', '=', 'open'),)),
        clicks=(button('action_preview_merge'),),
    ),
    Picture(
        'campaign',
        'salesmanager',
        'crm_extended.utm_campaign_action_crm',
        record=Record('utm.campaign', (('crm_cost', '>', 0),)),
    ),
    dashboard('dashboard_sales', 'salesmanager', 'crm.lead'),
    dashboard('dashboard_service', 'servicemanager', 'service.ticket'),
    dashboard('dashboard_contracts', 'contracts', 'crm.contract'),
    dashboard('dashboard_segments', 'salesmanager', 'crm.segment'),
    Picture(
        'ticket', 'agent', 'crm_claims.service_ticket_action', record=Record('service.ticket', OPEN)
    ),
    Picture('tickets_board', 'servicemanager', 'crm_claims.service_ticket_action'),
    Picture('overview', 'servicemanager', 'crm_claims.service_team_action_dashboard'),
    Picture(
        'claim',
        'servicemanager',
        'crm_claims.service_claim_action',
        record=Record('service.claim', OPEN),
    ),
    Picture('sla_report', 'servicemanager', 'crm_claims.service_sla_report_action'),
    Picture('contract', 'contracts', 'crm_contracts.crm_contract_action', record=RUNNING),
    Picture('contract_lines', 'contracts', 'crm_contracts.crm_contract_line_action'),
    Picture('to_bill', 'contracts', 'crm_contracts.crm_contract_action_to_bill'),
    Picture('mrr_report', 'contracts', 'crm_contracts.crm_contract_mrr_movement_action'),
    Picture(
        'forecast',
        'accountant',
        'crm_contracts.crm_home_action_accounting',
        clicks=(
            menu('crm_contracts.crm_contract_menu_finance'),
            menu('crm_contracts.crm_contract_menu_finance_forecast'),
        ),
    ),
    Picture(
        'portal_ticket',
        'customer',
        address='/my/service/tickets/{id}',
        record=Record('service.ticket', OPEN),
    ),
    Picture('portal_contract', 'customer', address='/my/contracts/{id}', record=RUNNING),
    Picture(
        'segment',
        'salesmanager',
        'crm_segmentation.crm_segment_action',
        record=Record('crm.segment'),
    ),
    Picture(
        'segment_preview',
        'salesmanager',
        'crm_segmentation.crm_segment_action',
        record=Record('crm.segment'),
        clicks=(button('action_preview'),),
    ),
    Picture('phone_home', 'sales', 'crm_extended.crm_home_action_sales', size=PHONE),
    Picture(
        'phone_contract',
        'contracts',
        'crm_contracts.crm_contract_action',
        record=RUNNING,
        size=PHONE,
    ),
)
