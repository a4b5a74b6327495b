import { registry } from "@web/core/registry";
import { ROWS, clickHeaderButton, clickSmartButton, row } from "./steps";

const LABELS = {
    en: {
        planCall: "Plan Call",
        reschedule: "Reschedule",
        held: "Held",
        reached: "Reached",
        planAgain: "Plan Again",
        planned: "Planned",
        calls: "Calls",
        interactions: "Interactions",
        overdue: "Overdue",
        newMeeting: "New Meeting",
        view: "View",
    },
    es: {
        planCall: "Planificar llamada",
        reschedule: "Reprogramar",
        held: "Realizada",
        reached: "Contactado",
        planAgain: "Volver a planificar",
        planned: "Planificada",
        calls: "Llamadas",
        interactions: "Interacciones",
        overdue: "Atrasada",
        newMeeting: "Reunión nueva",
        view: "Ver",
    },
};

const SUBJECT = "Ask about the pallets";
const DIALOG_IS_CLOSED = { trigger: "body:not(:has(.modal))" };
const goBack = (shown) => [
    { trigger: ".o_back_button, .o_breadcrumb .o_back_button", run: "click" },
    { trigger: shown },
];

function planCall(labels) {
    return [
        ...clickHeaderButton(labels.planCall),
        {
            content: "the dialog knows the customer's number",
            trigger: ".modal .o_field_widget[name=phone] input:value('+34 600 10 02 00')",
        },
        {
            content: "and dials it with a tap",
            isActive: ["mobile"],
            trigger: ".modal .o_field_widget[name=phone] a[href^='tel:']",
        },
        {
            content: "nothing of it is cut off",
            trigger: ".modal .modal-content",
            run() {
                const { scrollWidth, clientWidth } = document.querySelector(".modal-body");
                if (scrollWidth > clientWidth) {
                    throw new Error(`the dialog is ${scrollWidth - clientWidth} pixels too wide`);
                }
            },
        },
        {
            trigger: ".modal .o_field_widget[name=name] input",
            run: `edit ${SUBJECT}`,
        },
        { trigger: `.modal footer button:contains('${labels.planCall}')`, run: "click" },
        DIALOG_IS_CLOSED,
    ];
}

function openCall(labels) {
    return [
        ...clickSmartButton("action_view_crm_calls", labels.calls, 1),
        { content: "open the call", trigger: row(SUBJECT), run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=direction]" },
    ];
}

function reschedule(labels) {
    return [
        ...clickHeaderButton(labels.reschedule),
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit on holiday",
        },
        { trigger: ".modal footer button[name=action_apply]", run: "click" },
        DIALOG_IS_CLOSED,
        { content: "the attempt is counted", trigger: ".nav-link[name=attempts]" },
    ];
}

const stateIs = (label) => ({
    content: `the call is ${label}`,
    trigger: `.o_statusbar_status button[aria-checked=true]:contains('${label}'), .o_statusbar_status button.dropdown-toggle:contains('${label}')`,
});

function hold(labels) {
    return [
        { trigger: ".o_statusbar_buttons button[name=action_ask_outcome]", run: "click" },
        {
            content: "the outcome is a chip to tap",
            trigger: `.modal .o_selection_badge:contains('${labels.reached}')`,
            run: "click",
        },
        { trigger: `.modal .o_selection_badge.active:contains('${labels.reached}')` },
        { trigger: ".modal .o_field_widget[name=minutes] input", run: "edit 15" },
        { trigger: ".modal footer button[name=action_apply]", run: "click" },
        DIALOG_IS_CLOSED,
        stateIs(labels.held),
    ];
}

function planAgain(labels) {
    return [...clickHeaderButton(labels.planAgain), stateIs(labels.planned)];
}

function readTimeline(labels) {
    return [
        ...goBack(".o_list_view.o_action, .o_kanban_view.o_action"),
        ...goBack(".o_form_view.o_action .o_field_widget[name=category_id]"),
        ...clickSmartButton("action_view_crm_interactions", labels.interactions),
        {
            content: "the timeline tells the call, and nothing is cut off",
            trigger: row(SUBJECT),
            run() {
                for (const element of document.querySelectorAll(ROWS)) {
                    if (element.getBoundingClientRect().right > window.innerWidth + 1) {
                        throw new Error("a row of the timeline is wider than the screen");
                    }
                }
            },
        },
        { content: "an entry opens its document", trigger: row(SUBJECT), run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=direction]" },
    ];
}

// On a phone the agenda is a list of cards, on a desktop a calendar.
function readAgenda(labels) {
    const event = (text) => `.fc-event:contains('${text}')`;
    return [
        {
            isActive: ["mobile"],
            trigger: `.o_kanban_record:contains('Late call'):contains('${labels.overdue}')`,
        },
        { isActive: ["mobile"], trigger: row("Tasting"), run: "click" },
        {
            content: "what is overdue is red",
            isActive: ["desktop"],
            trigger: `.o_calendar_color_1${event("Late call")}`,
        },
        {
            content: "leave the meetings out",
            isActive: ["desktop"],
            trigger: ".o_calendar_filter_item[data-value=meeting] input",
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: `.o_calendar_view:not(:has(${event("Tasting")})):has(${event("Late call")})`,
        },
        {
            isActive: ["desktop"],
            trigger: ".o_calendar_filter_item[data-value=meeting] input",
            run: "click",
        },
        { isActive: ["desktop"], trigger: event("Tasting"), run: "click" },
        {
            isActive: ["desktop"],
            trigger: `.o_cw_popover_edit:contains('${labels.view}')`,
            run: "click",
        },
        {
            content: "the entry opens its document",
            trigger: ".o_form_view .o_field_widget[name=partner_ids]:contains('Bodegas Alto')",
        },
        ...goBack(".o_calendar_view.o_action, .o_kanban_view.o_action"),
    ];
}

function planFromAgenda(labels) {
    return [
        {
            isActive: ["desktop"],
            trigger: `.o_crm_agenda_meeting:contains('${labels.newMeeting}')`,
        },
        {
            isActive: ["desktop"],
            trigger: `.o_crm_agenda_call:contains('${labels.planCall}')`,
            run: "click",
        },
        {
            isActive: ["desktop"],
            trigger: ".modal .o_field_widget[name=name] input",
            run: `edit ${SUBJECT}`,
        },
        {
            isActive: ["desktop"],
            trigger: `.modal footer button:contains('${labels.planCall}')`,
            run: "click",
        },
        DIALOG_IS_CLOSED,
    ];
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_extended_call_${language}`, {
        steps: () => [
            ...planCall(labels),
            ...openCall(labels),
            ...reschedule(labels),
            ...hold(labels),
            ...planAgain(labels),
            ...hold(labels),
            ...readTimeline(labels),
        ],
    });

    registry.category("web_tour.tours").add(`crm_extended_agenda_${language}`, {
        steps: () => [...readAgenda(labels), ...planFromAgenda(labels)],
    });
}
