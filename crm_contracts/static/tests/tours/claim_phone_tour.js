import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("crm_contracts_claim_phone", {
    steps: () => [
        {
            content: "the timer starts beside the time",
            trigger: ".o_form_sheet button[name=action_start_timer]",
            run: "click",
        },
        {
            content: "and runs",
            trigger: ".o_field_widget[name=crm_timer_start]:contains('0:00:0')",
        },
        {
            trigger: ".o_notebook_headers .nav-link:contains('Claimed Items')",
            run: "click",
        },
        {
            content: "what was invoiced to the customer can be claimed",
            trigger: "button:contains('Add Items from')",
            run: "click",
        },
        {
            trigger: ".modal .o_kanban_record:contains('Oak barrel') .o_field_boolean_toggle input",
            run: "click",
        },
        { trigger: ".modal .o_field_boolean_toggle input:checked" },
        { trigger: ".modal button[name=action_add]", run: "click" },
        {
            content: "the form below shows the item at once",
            trigger: "body:not(:has(.modal)) .o_field_widget[name=line_ids]:contains('Oak barrel')",
        },
        {
            content: "the timer still runs",
            trigger: ".o_form_sheet button[name=action_stop_timer]",
            run: "click",
        },
        {
            content: "and says what it booked",
            trigger: ".o_notification:contains('00:01')",
        },
        { trigger: ".o_form_sheet button[name=action_start_timer]" },
    ],
});
