import { registry } from "@web/core/registry";
import { clickGearItem, clickHeaderButton } from "@crm_extended/../tests/tours/steps";

// What the salesperson reads on the way; the tour fails where a label is not translated.
const LABELS = {
    en: { confirm: "Confirm", bill: "Bill", renew: "Renew", period: "From ", terms: "History" },
    es: { confirm: "Confirmar", bill: "Facturar", renew: "Renovar", period: "Del ", terms: "Historial" },
};

const TWO_RECORDS = [".o_data_row", ".o_kanban_record:not(.o_kanban_ghost)"]
    .map((record) => `${record} ~ ${record}`)
    .join(", ");
const DIALOG_IS_CLOSED = { trigger: "body:not(:has(.modal))" };

function choose(field, name) {
    const input = `.o_field_widget[name=${field}] input`;
    return [
        { isActive: ["desktop"], trigger: input, run: `edit ${name}` },
        {
            isActive: ["desktop"],
            trigger: `.o-autocomplete--dropdown-menu .o-autocomplete--dropdown-item:contains('${name}')`,
            run: "click",
        },
        { content: "a phone offers cards", isActive: ["mobile"], trigger: input, run: "click" },
        {
            isActive: ["mobile"],
            trigger: ".modal:has(.o_kanban_view) button:has(.fa-search)",
            run: "click",
        },
        { isActive: ["mobile"], trigger: ".modal .o_searchview_input", run: `edit ${name}` },
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
        DIALOG_IS_CLOSED,
    ];
}

function startFromTemplate(labels) {
    return [
        { trigger: ".o_kanban_view" },
        { trigger: ".o-kanban-button-new", run: "click" },
        {
            trigger: ".o_form_view .o_field_widget[name=name] input",
            run: "edit Support of the web shop",
        },
        ...choose("partner_id", "Quinta del Sol"),
        ...choose("template_id", "Care of web shops"),
        {
            content: "the template proposes its lines",
            trigger: ".o_field_widget[name=line_ids]:contains('Monthly care')",
        },
        ...clickHeaderButton(labels.confirm),
        {
            content: "it runs and has nothing to confirm",
            trigger: `.o_statusbar_buttons:not(:contains('${labels.confirm}'))`,
        },
    ];
}

function bill(labels) {
    return [
        ...clickHeaderButton(labels.bill),
        {
            content: "the preview shows what is due",
            trigger: ".modal .o_field_widget[name=line_ids]:contains('Monthly care'):contains('123')",
        },
        { trigger: ".modal footer button[name=action_bill]", run: "click" },
        {
            content: "the invoice carries the price",
            trigger: ".o_form_view .o_field_widget[name=invoice_line_ids]:contains('123')",
        },
        {
            content: "and the period, which the cards of a phone leave out",
            isActive: ["desktop"],
            trigger: `.o_form_view .o_field_widget[name=invoice_line_ids]:contains('${labels.period}')`,
        },
        { trigger: ".o_back_button", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=code]" },
    ];
}

function renew(labels) {
    return [
        ...clickGearItem(labels.renew),
        { trigger: ".modal footer button.btn-primary", run: "click" },
        DIALOG_IS_CLOSED,
        {
            trigger: `.o_notebook .nav-link:contains('${labels.terms}')`,
            run: "click",
        },
        {
            content: "there is a second term",
            trigger: `.o_field_widget[name=term_ids]:has(${TWO_RECORDS})`,
        },
    ];
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_contracts_life_${language}`, {
        steps: () => [...startFromTemplate(labels), ...bill(labels), ...renew(labels)],
    });
}
