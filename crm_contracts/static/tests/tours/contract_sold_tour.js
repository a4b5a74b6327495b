import { registry } from "@web/core/registry";
import { clickHeaderButton } from "@crm_extended/../tests/tours/steps";

registry.category("web_tour.tours").add("crm_contracts_sold", {
    steps: () => [
        { trigger: ".o_form_view .o_field_widget[name=name]" },
        ...clickHeaderButton("Contract"),
        {
            content: "the contract has the line that was sold",
            trigger: ".o_field_widget[name=line_ids]:contains('Monthly care'):contains('123')",
        },
        ...clickHeaderButton("Confirm"),
        {
            content: "it runs",
            trigger: ".o_arrow_button_current:contains('Running')",
        },
        {
            content: "and opens the order that sold it",
            trigger: "button[name=action_view_sale_orders]",
            run: "click",
        },
        {
            content: "whose line is the contract's",
            trigger: ".o_field_widget[name=order_line] .o_data_cell[name=crm_contract_id]:not(:empty)",
        },
    ],
});

registry.category("web_tour.tours").add("crm_contracts_amendment", {
    steps: () => [
        ...clickHeaderButton("Amend"),
        {
            content: "the lines are there with what they are",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:contains('Seats')",
        },
        {
            trigger: ".modal .o_data_row .o_data_cell[name=quantity]",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row .o_field_widget[name=quantity] input",
            run: "edit 12 && press Tab",
        },
        {
            content: "what it means per month",
            trigger: ".modal .o_group .o_field_widget[name=monthly_change]:contains('20.00')",
        },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "the amendment is there",
            trigger: ".o_notebook .nav-link:contains('Amendments')",
            run: "click",
        },
        { trigger: ".o_field_widget[name=amendment_ids] .o_data_row:contains('Applied')" },
    ],
});
