import { registry } from "@web/core/registry";
import { clickHeaderButton, clickSmartButton } from "@crm_extended/../tests/tours/steps";

// What the agent reads on the way; the tour fails where a label is not translated.
const LABELS = {
    en: {
        createTicket: "Create Ticket",
        assign: "Assign to Me",
        waiting: "Waiting for an Answer",
        solve: "Solve",
        solved: "Solved",
        merge: "Merge",
        tookOver: "Took over what was merged",
    },
    es: {
        createTicket: "Crear incidencia",
        assign: "Asignarme",
        waiting: "En espera de respuesta",
        solve: "Resolver",
        solved: "Resuelta",
        merge: "Fusionar",
        tookOver: "Ha absorbido lo que se fusionó",
    },
};
const BUTTONS = ".o_statusbar_buttons button";

// A phone shows the current stage alone, a desktop all of them.
function checkStage(label) {
    const stage = ".o_statusbar_status";
    return [
        {
            isActive: ["desktop"],
            trigger: `${stage} .o_arrow_button_current:contains('${label}')`,
        },
        { isActive: ["mobile"], trigger: `${stage} button.dropdown-toggle:contains('${label}')` },
    ];
}

function moveToStage(label) {
    return [
        {
            isActive: ["desktop"],
            trigger: `.o_statusbar_status button:contains('${label}')`,
            run: "click",
        },
        { isActive: ["mobile"], trigger: ".o_statusbar_status button", run: "click" },
        {
            isActive: ["mobile"],
            trigger: `.o-dropdown--menu .o-dropdown-item:contains('${label}')`,
            run: "click",
        },
        ...checkStage(label),
    ];
}

const answerTheCustomer = [
    { trigger: ".o-mail-Chatter-sendMessage", run: "click" },
    { trigger: ".o-mail-Composer-input", run: "edit Which size do you use?" },
    { trigger: ".o-mail-Composer-send:enabled", run: "click" },
    { trigger: ".o-mail-Message:contains('Which size do you use?')" },
];

function mergeInTheList(labels) {
    const row = (text) => `.o_data_row:contains('${text}')`;
    return [
        ...["The press leaks oil", "Oil again"].map((text) => ({
            content: `select ${text}`,
            trigger: `${row(text)} .o_list_record_selector input`,
            run: "click",
        })),
        { trigger: `.o_control_panel button:contains('${labels.merge}')`, run: "click" },
        { trigger: `.modal:contains('Oil again')` },
        { trigger: ".modal button[name=action_merge]", run: "click" },
        { trigger: `.o-mail-Message:contains('${labels.tookOver}')` },
    ];
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_claims_agents_day_${language}`, {
        steps: () => [
            ...clickSmartButton("action_create_service_ticket", labels.createTicket),
            {
                content: "the ticket has a category, the call has none",
                trigger: ".o_form_view .o_field_widget[name=category_id]",
            },
            ...clickHeaderButton(labels.assign),
            {
                content: "it is assigned: there is nothing more to take",
                trigger: `.o_form_view:not(:has(${BUTTONS}:contains('${labels.assign}')))`,
            },
            ...moveToStage(labels.waiting),
            ...answerTheCustomer,
            ...clickHeaderButton(labels.solve),
            ...checkStage(labels.solved),
        ],
    });
    registry.category("web_tour.tours").add(`crm_claims_merge_${language}`, {
        steps: () => mergeInTheList(labels),
    });
}
