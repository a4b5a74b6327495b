import { registry } from "@web/core/registry";
import { clickHeaderButton, row } from "@crm_extended/../tests/tours/steps";

function choose(action) {
    return [
        { trigger: ".o_cp_action_menus button", run: "click" },
        { trigger: `.o-dropdown--menu .o-dropdown-item:contains('${action}')`, run: "click" },
    ];
}

const answerWithAMacro = [
    ...clickHeaderButton("Reply"),
    {
        isActive: ["desktop"],
        trigger: ".modal .o_field_widget[name=service_macro_id] input",
        run: "edit Ask which",
    },
    {
        isActive: ["desktop"],
        trigger: ".o-autocomplete--dropdown-item:contains('Ask which press it is')",
        run: "click",
    },
    {
        isActive: ["mobile"],
        trigger: ".modal .o_field_widget[name=service_macro_id] input",
        run: "click",
    },
    { isActive: ["mobile"], trigger: row("Ask which press it is"), run: "click" },
    {
        content: "the text is there to be edited",
        trigger: ".modal .o_field_widget[name=body]:contains('Dear Bodegas Altozano')",
    },
    { trigger: ".modal footer button[name=action_send_and_wait]", run: "click" },
    { trigger: ".o-mail-Message:contains('Dear Bodegas Altozano')" },
];

const putAside = [
    ...choose("Snooze"),
    { trigger: ".modal footer button[name=action_snooze]", run: "click" },
    { trigger: ".o_form_view button[name=action_wake]", run: "click" },
    { trigger: ".o_form_view:not(:has(button[name=action_wake]))" },
];

const mergeAndUndo = [
    ...choose("Merge with Others"),
    { trigger: ".modal .o_field_widget[name=ticket_ids]:contains('Oil again')" },
    { trigger: ".modal footer button[name=action_merge]", run: "click" },
    { trigger: ".o-mail-Message:contains('Took over what was merged')" },
    { trigger: ".o_form_view button[name=action_undo_merge]", run: "click" },
    { trigger: ".modal footer .btn-primary", run: "click" },
    { trigger: ".o-mail-Message:contains('Merge undone')" },
];

registry.category("web_tour.tours").add("crm_claims_agents_desk", {
    steps: () => [
        {
            isActive: ["mobile"],
            trigger: "button.o-control-panel-adaptive-dropdown",
            run: "click",
        },
        { trigger: "button[name=action_take_next]:visible", run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=user_id]" },
        { trigger: ".o_breadcrumb:contains('The press leaks oil')" },
        ...answerWithAMacro,
        ...putAside,
        ...mergeAndUndo,
    ],
});
