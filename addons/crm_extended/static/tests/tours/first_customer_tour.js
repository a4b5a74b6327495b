import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// What the person reads on the way; the tour fails where a label is not translated.
const LABELS = {
    en: {
        leads: "Leads",
        logCall: "Log Call",
        planCall: "Plan Call",
        convert: "Convert to Opportunity",
        nothing: "Do not link to a customer",
        createOpportunity: "Create Opportunity",
        won: "Won",
        calls: "Calls",
        held: "1 held",
    },
    es: {
        leads: "Iniciativas",
        logCall: "Registrar llamada",
        planCall: "Planificar llamada",
        convert: "Convertir en oportunidad",
        nothing: "No enlazar a un cliente",
        createOpportunity: "Crear oportunidad",
        won: "Ganado",
        calls: "Llamadas",
        held: "1 realizada",
    },
};

// A lead in the list of a desktop or on the cards of a phone.
const lead = (subject) => `:is(.o_data_row, .o_kanban_record):contains('${subject}')`;
const subject = (text) => `.o_form_view .o_field_widget[name=name]:contains('${text}')`;

function openMoreButtons() {
    return {
        content: "on a phone the buttons are behind a menu",
        isActive: ["mobile"],
        trigger: ".o_statusbar_buttons button.dropdown-toggle, .o_cp_action_menus button",
        run: "click",
    };
}

function clickHeaderButton(label) {
    return [
        openMoreButtons(),
        {
            content: `click ${label}`,
            trigger: `:is(.o_statusbar_buttons, .o_popover, .dropdown-menu) button:contains('${label}')`,
            run: "click",
        },
    ];
}

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
        { content: `open ${name}`, trigger: lead(name), run: "click" },
        { trigger: subject(name) },
    ];
}

function checkChannelAndCampaign(name) {
    return [
        {
            content: "the list shows where the lead came from",
            isActive: ["desktop"],
            trigger: `.o_data_row:contains('${name}'):contains('Website'):contains('Autumn Fair')`,
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
        ...clickHeaderButton(labels.planCall),
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
            trigger: "button[name=action_view_crm_calls]:contains('2')",
        },
    ];
}

function findPlannedCallInBell() {
    return [
        {
            trigger: ".o_menu_systray .o-mail-ActivityMenu-counter, .o_menu_systray i[aria-label]",
        },
        {
            content: "open the bell",
            trigger: ".o_menu_systray button:has(.fa-clock-o)",
            run: "click",
        },
        {
            content: "the planned call is in it",
            trigger: ".o-mail-ActivityMenu .o-mail-ActivityGroup[data-model_name='Call'], .o-mail-ActivityMenu .o-mail-ActivityGroup:has(img[src*='crm_extended'])",
        },
        {
            content: "close the bell",
            trigger: ".o_menu_systray button:has(.fa-clock-o)",
            run: "click",
        },
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
            trigger: ".modal .o_field_widget[name=partner_id] input",
            run: `edit ${name}`,
        },
        {
            trigger: `.o-autocomplete--dropdown-menu .o-autocomplete--dropdown-item:contains('${name}')`,
            run: "click",
        },
    ];
}

function backToLeads(labels) {
    return [
        {
            trigger: ".o_back_button, .o_breadcrumb .o_back_button",
            run: "click",
        },
        { trigger: `.o_last_breadcrumb_item:contains('${labels.leads}')` },
    ];
}

registry.category("web_tour.tours").add("crm_extended_first_customer_en", {
    steps: () => steps(LABELS.en),
});

registry.category("web_tour.tours").add("crm_extended_first_customer_es", {
    steps: () => steps(LABELS.es),
});

function steps(labels) {
    return [
        ...openLeads(labels),
        ...checkChannelAndCampaign("Twenty licences"),
        ...openLead("Twenty licences"),
        ...logCall(labels),
        ...planCall(labels),
        ...findPlannedCallInBell(),
        ...convert(labels, "create"),
    ];
}
