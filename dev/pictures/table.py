"""Which pictures there are: who looks at what, and what is done before.

A screen of the web client is named by its action, a page of the portal by its address. Where it
is about one record, `record` says which of the demo company: the first in the given order that the
user may see.
"""

from dataclasses import dataclass

DESKTOP = (1366, 768)
TALL = (1366, 1080)  # with what stands below the head of a form
WIDE = (1600, 900)  # with the conversation beside a form
PHONE = (375, 700)
LANGUAGES = ('en', 'es')
# Where the demo company of each language is: what the browser says of itself.
PLACES = {'en': ('en-IE', 'Europe/Dublin'), 'es': ('es-ES', 'Europe/Madrid')}

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

IN_CRM = """
    (({ menu }) => {
        const isCrm = ({ xmlid }) => xmlid === "crm.crm_menu_root";
        menu.setCurrentMenu(menu.getApps().find(isCrm));
    })(odoo.__WOWL_DEBUG__.root.env.services)
"""


@dataclass(frozen=True)
class Record:
    """The record that a picture is about: the one of an XML id, or the first that is found.

    :param field: names what the picture is about instead
    """

    model: str
    domain: tuple = ()
    order: str = 'id'
    field: str = ''
    xmlid: str = ''


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


def dashboard(name, login, xmlid):
    record = Record('spreadsheet.dashboard', xmlid=xmlid)
    return Picture(name, login, address='/odoo/dashboards?dashboard_id={id}', record=record)


CUSTOMER = Record('res.users', (('login', '=', 'customer'),), field='commercial_partner_id')
OPEN = (('stage_kind', 'in', ('new', 'open', 'waiting')),)
RUNNING = Record('crm.contract', (('state', 'in', ('open', 'to_renew')),))

PICTURES = (
    Picture('home_sales', 'sales', 'crm_extended.crm_home_action_sales'),
    Picture('home_agent', 'agent', 'crm_claims.crm_home_action_agent'),
    Picture('home_contracts', 'contracts', 'crm_contracts.crm_home_action_contracts'),
    Picture('home_accounting', 'accountant', 'crm_contracts.crm_home_action_accounting'),
    Picture('pipeline', 'sales', 'crm.crm_lead_action_pipeline', script=IN_CRM),
    Picture(
        'lead',
        'sales',
        'crm.crm_lead_action_pipeline',
        record=Record(
            'crm.lead',
            (('type', '=', 'opportunity'), ('stage_id.is_won', '=', False)),
            'expected_revenue desc',
        ),
        script=IN_CRM,
    ),
    Picture('customer', 'contracts', 'base.action_partner_form', record=CUSTOMER),
    Picture(
        'timeline',
        'contracts',
        'base.action_partner_form',
        record=CUSTOMER,
        clicks=('.o_button_more', 'button[name="action_view_crm_interactions"]'),
    ),
    Picture(
        'agenda',
        'sales',
        'crm_extended.crm_interaction_action_agenda',
        clicks=('.scale_button_selection', '.o_scale_button_month'),
    ),
    Picture(
        'call_popup',
        'salesmanager',
        address='/odoo/action-crm_extended.crm_home_action_sales',
        record=Record(
            'crm.call',
            (
                ('direction', '=', 'inbound'),
                ('partner_id', '!=', False),
                ('lead_id.stage_id.is_won', '=', False),
            ),
            'id desc',
        ),
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
    dashboard('dashboard_sales', 'salesmanager', 'crm_extended.crm_dashboard_pipeline'),
    dashboard('dashboard_service', 'servicemanager', 'crm_claims.service_dashboard_after_sales'),
    dashboard('dashboard_contracts', 'contracts', 'crm_contracts.crm_contract_dashboard'),
    dashboard('dashboard_segments', 'salesmanager', 'crm_segmentation.crm_segment_dashboard'),
    Picture(
        'ticket',
        'agent',
        'crm_claims.service_ticket_action',
        record=Record(
            'service.ticket',
            (('user_id.login', '=', 'agent'), ('stage_kind', '=', 'open')),
            'id desc',
        ),
        size=WIDE,
    ),
    Picture('tickets_board', 'servicemanager', 'crm_claims.service_ticket_action'),
    Picture('overview', 'servicemanager', 'crm_claims.service_team_action_dashboard'),
    Picture(
        'claim',
        'servicemanager',
        'crm_claims.service_claim_action',
        record=Record(
            'service.claim',
            (*OPEN, ('against', '=', 'customer'), ('line_ids', '!=', False)),
            'id desc',
        ),
        clicks=('.o_notebook a[name="lines"]',),
        size=TALL,
    ),
    Picture('sla_report', 'servicemanager', 'crm_claims.service_sla_report_action'),
    Picture(
        'contract',
        'contracts',
        'crm_contracts.crm_contract_action',
        record=RUNNING,
        size=TALL,
    ),
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
        record=Record('service.ticket', order='id desc'),
    ),
    Picture('portal_contract', 'customer', address='/my/crm-contracts/{id}', record=RUNNING),
    Picture(
        'segment',
        'salesmanager',
        'crm_segmentation.crm_segment_action',
        record=Record('crm.segment'),
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
