import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";
import { ROWS, clickHeaderButton, clickSmartButton, row } from "./steps";

// What the person reads on the way; the tour fails where a label is not translated.
const LABELS = {
    en: {
        leads: "Leads",
        logCall: "Log Call",
        planCall: "Plan Call",
        website: "Website",
        convert: "Convert to Opportunity",
        createOpportunity: "Create Opportunity",
        nextMeeting: "Next Meeting",
        stages: ["Qualified", "Proposition", "Negotiation", "Won"],
        opportunities: "Opportunities",
        meetings: "Meetings",
        calls: "Calls",
    },
    es: {
        leads: "Iniciativas",
        logCall: "Registrar llamada",
        planCall: "Planificar llamada",
        website: "Página web",
        convert: "Convertir en oportunidad",
        createOpportunity: "Crear oportunidad",
        nextMeeting: "Próxima reunión",
        stages: ["Calificado", "Propuesta", "Negociación", "Ganado"],
        opportunities: "Oportunidades",
        meetings: "Reuniones",
        calls: "Llamadas",
    },
};

function openLeads(labels) {
    return [
        { ...stepUtils.showAppsMenuItem(), isActive: ["community", "desktop"] },
        {
            isActive: ["desktop"],
            trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
            run: "click",
        },
        {
            content: "the leads have a menu of their own",
            isActive: ["desktop"],
            trigger: `[data-menu-xmlid='crm.crm_menu_leads']:contains('${labels.leads}')`,
            run: "click",
        },
        { trigger: `.o_last_breadcrumb_item:contains('${labels.leads}')` },
    ];
}

function openLead(name) {
    return [
        { content: `open ${name}`, trigger: row(name), run: "click" },
        { trigger: `.o_form_view:has(.o_field_widget[name=email_from])` },
    ];
}

function checkChannelAndCampaign(labels, name) {
    return [
        {
            content: "the list shows where the lead came from",
            isActive: ["desktop"],
            trigger: `.o_data_row:contains('${name}'):contains('${labels.website}'):contains('Autumn Fair')`,
        },
    ];
}

function logCall(labels) {
    return [
        ...clickHeaderButton(labels.logCall),
        {
            content: "type how long it took",
            trigger: ".modal .o_field_widget[name=duration] input",
            run: "edit 00:12",
        },
        {
            trigger: `.modal footer button:contains('${labels.logCall}')`,
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
    ];
}

function planCall(labels) {
    return [
        {
            content: "it is by the number",
            trigger: `.o_field_widget[name=phone] ~ button:contains('${labels.planCall}')`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: "edit Call about the licences",
        },
        {
            trigger: `.modal footer button:contains('${labels.planCall}')`,
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "the lead counts both calls",
            isActive: ["desktop"],
            trigger: "button[name=action_view_crm_calls]:contains('2')",
        },
    ];
}

function findPlannedCallInBell() {
    return [
        {
            content: "open the bell",
            trigger: ".o_menu_systray button:has(.fa-clock-o)",
            run: "click",
        },
        {
            content: "the planned call is in it, due today; look at it",
            trigger: ".o-mail-ActivityGroup[data-model_name='crm.call']",
            run: "click",
        },
        { content: "the call is there", trigger: row("Call about the licences") },
    ];
}

function returnToLead(labels, name) {
    return [
        {
            content: "back to the leads by their address",
            trigger: ".o_action_manager",
            run() {
                browser.location.href = "/odoo/action-crm.crm_lead_all_leads";
            },
            expectUnloadPage: true,
        },
        { trigger: `.o_last_breadcrumb_item:contains('${labels.leads}')` },
        ...openLead(name),
    ];
}

function convert(labels, choice, extraSteps = []) {
    return [
        ...clickHeaderButton(labels.convert),
        {
            content: `choose ${choice}`,
            trigger: `.modal .o_field_widget[name=action] input[data-value='${choice}']`,
            run: "click",
        },
        ...extraSteps,
        {
            trigger: `.modal footer button:contains('${labels.createOpportunity}')`,
            run: "click",
        },
        { trigger: "body:not(:has(.modal)) .o_form_view .o_statusbar_status" },
    ];
}

function linkCustomer(name) {
    return [
        {
            isActive: ["desktop"],
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: `edit ${name}`,
        },
        {
            isActive: ["desktop"],
            trigger: `.o-autocomplete--dropdown-menu .o-autocomplete--dropdown-item:contains('${name}')`,
            run: "click",
        },
        {
            content: "a phone offers the customers as cards",
            isActive: ["mobile"],
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".modal:has(.o_kanban_view) button:has(.fa-search)",
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: ".modal .o_searchview_input",
            run: `edit ${name}`,
        },
        {
            isActive: ["mobile"],
            trigger: `.o_searchview_autocomplete .dropdown-item:contains('${name}'):first`,
            run: "click",
        },
        {
            isActive: ["mobile"],
            trigger: `.modal .o_kanban_record:contains('${name}')`,
            run: "click",
        },
    ];
}

function scheduleMeeting(labels) {
    return [
        ...clickSmartButton("action_schedule_meeting"),
        { trigger: ".o_calendar_view .o-calendar-button-new", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=partner_ids]:contains('Ana')" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_saved" },
        { trigger: ".o_back_button", run: "click" },
        { trigger: ".o_calendar_view" },
        { trigger: ".o_back_button", run: "click" },
        {
            isActive: ["desktop"],
            trigger: `button[name=action_schedule_meeting]:contains('${labels.nextMeeting}')`,
        },
    ];
}

function moveTo(stage) {
    return [
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_status button.dropdown-toggle",
            run: "click",
        },
        {
            content: `move to ${stage}`,
            trigger: `.o_statusbar_status button:contains('${stage}'), .o-dropdown-item:contains('${stage}')`,
            run: "click",
        },
        {
            trigger: `.o_statusbar_status button[aria-checked=true]:contains('${stage}'), .o_statusbar_status button.dropdown-toggle:contains('${stage}')`,
        },
    ];
}

function opens(button, label, count) {
    return [
        ...clickSmartButton(button, label, count),
        { trigger: ".o_list_view.o_action, .o_kanban_view.o_action" },
        {
            content: `${count} are opened`,
            trigger: ROWS,
            run() {
                const rows = document.querySelectorAll(ROWS).length;
                if (rows !== count) {
                    throw new Error(`${button} counts ${count} and opens ${rows}`);
                }
            },
        },
        { trigger: ".o_back_button", run: "click" },
        { trigger: ".o_form_view.o_action" },
    ];
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_extended_first_customer_${language}`, {
        steps: () => [
            ...openLeads(labels),
            ...checkChannelAndCampaign(labels, "Twenty licences"),
            ...openLead("Twenty licences"),
            ...logCall(labels),
            ...planCall(labels),
            ...findPlannedCallInBell(),
            ...returnToLead(labels, "Twenty licences"),
            ...convert(labels, "create"),
            ...scheduleMeeting(labels),
            ...labels.stages.flatMap(moveTo),
            ...returnToLead(labels, "Repair contract"),
            ...convert(labels, "exist", linkCustomer("Talleres Ibarra")),
            ...returnToLead(labels, "Price list"),
            ...convert(labels, "nothing"),
        ],
    });

    registry.category("web_tour.tours").add(`crm_extended_customer_card_${language}`, {
        steps: () => [
            ...opens("action_view_opportunity", labels.opportunities, 1),
            ...opens("schedule_meeting", labels.meetings, 1),
            ...opens("action_view_crm_calls", labels.calls, 2),
        ],
    });
}
