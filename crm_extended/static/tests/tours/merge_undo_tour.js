import { registry } from "@web/core/registry";
import { clickGearItem } from "./steps";

const LABELS = {
    en: {
        merge: "Merge",
        referred: "Referred By",
        moved: "Call: 1",
        undo: "Undo Merge",
        undone: "The merge was undone",
    },
    es: {
        merge: "Fusionar",
        referred: "Referido por",
        moved: "Llamada: 1",
        undo: "Deshacer fusión",
        undone: "Se ha deshecho la fusión",
    },
};

const row = (text) => `.o_data_row:contains('${text}')`;
const select = (text) => ({
    content: `select ${text}`,
    trigger: `${row(text)} .o_list_record_selector input`,
    run: "click",
});

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_extended_merge_undo_${language}`, {
        steps: () => [
            select("Twenty desks"),
            select("Desks, twenty"),
            { trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
            { trigger: `.o-dropdown--menu .o-dropdown-item:contains('${labels.merge}')`, run: "click" },
            {
                content: "the dialog shows both values and which one remains",
                trigger: `.modal ${row(labels.referred)}:contains('Ana'):contains('Luis')`,
            },
            { trigger: `.modal .o_field_widget[name=moved_summary]:contains('${labels.moved}')` },
            { trigger: ".modal button[name=action_merge]", run: "click" },
            {
                content: "undo it on the surviving lead",
                trigger: "body:not(:has(.modal)) .o_form_view.o_action",
            },
            ...clickGearItem(labels.undo),
            { trigger: ".modal footer .btn-primary", run: "click" },
            {
                content: "the lead says what came back",
                trigger: `.o-mail-Message:contains('${labels.undone}')`,
            },
        ],
    });
}
