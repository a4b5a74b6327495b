import { registry } from "@web/core/registry";

const row = (text) => `.o_data_row:contains('${text}')`;
const select = (text) => ({
    content: `select ${text}`,
    trigger: `${row(text)} .o_list_record_selector input`,
    run: "click",
});

registry.category("web_tour.tours").add("crm_extended_merge_undo", {
    steps: () => [
        select("Twenty desks"),
        select("Desks, twenty"),
        { trigger: ".o_cp_action_menus .dropdown-toggle", run: "click" },
        { trigger: ".o-dropdown--menu .o-dropdown-item:contains('Merge')", run: "click" },
        {
            content: "the dialog shows both values and which one remains",
            trigger: `.modal ${row("Referred By")}:contains('Ana'):contains('Luis')`,
        },
        { trigger: ".modal .o_field_widget[name=moved_summary]:contains('Call: 1')" },
        { trigger: ".modal button[name=action_merge]", run: "click" },
        {
            content: "undo it on the surviving lead",
            trigger: ".o_form_view button[name=action_undo_merge]",
            run: "click",
        },
        { trigger: ".modal footer .btn-primary", run: "click" },
        {
            content: "the lead says what came back",
            trigger: ".o-mail-Message:contains('The merge was undone')",
        },
        { trigger: ".o_form_view:not(:has(button[name=action_undo_merge]))" },
    ],
});
