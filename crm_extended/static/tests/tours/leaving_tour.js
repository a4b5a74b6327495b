import { registry } from "@web/core/registry";

const leave = {
    content: "leave the page for another address",
    trigger: ".o_form_view .o_field_widget[name=partner_id]",
    run: () => {
        window.location.href = "/odoo/crm-logged-calls";
    },
    expectUnloadPage: true,
};
const arrived = { trigger: ".o_list_view .o_list_button_add, .o_kanban_view" };

registry.category("web_tour.tours").add("crm_extended_leave_untouched", {
    steps: () => [leave, arrived],
});

registry.category("web_tour.tours").add("crm_extended_leave_typed", {
    steps: () => [
        {
            trigger: ".o_form_view .o_field_widget[name=name] textarea, .o_form_view .o_field_widget[name=name] input",
            run: "edit Ask about the lift",
        },
        leave,
        arrived,
    ],
});
