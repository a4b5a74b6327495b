import { registry } from "@web/core/registry";
import { row } from "@crm_extended/../tests/tours/steps";

const card = (key) => `.o_crm_home section[data-key=${key}]`;
const isNotScrolledSideways = () => {
    const { scrollWidth, clientWidth } = document.querySelector(".o_content");
    if (scrollWidth > clientWidth) {
        throw new Error(`${scrollWidth} pixels in ${clientWidth}`);
    }
};

registry.category("web_tour.tours").add("crm_extended_my_day", {
    steps: () => [
        { trigger: `${card("calls")} .o_crm_home_count:contains('1')`, run: isNotScrolledSideways },
        { trigger: `${card("calls")} a[href^='tel:+34600111111']` },
        { trigger: `${card("calls")} li button:contains('Held')`, run: "click" },
        { trigger: ".modal button[name=action_apply]", run: "click" },
        {
            content: "what is done has gone by itself",
            trigger: `${card("calls")} .o_crm_home_empty`,
        },
        {
            content: "the customer is found by the number",
            trigger: `${card("log_call")} input`,
            run: "edit +34600111111",
        },
        { trigger: `${card("log_call")} .dropdown-item:contains('Luis')`, run: "click" },
        { trigger: ".modal .o_field_widget[name=partner_id]:has(:value('Luis'))" },
        { trigger: ".modal button:contains('Log Call')", run: "click" },
        { trigger: "body:not(:has(.modal))" },
        {
            content: "a number opens what it counts, and the way back leads home",
            trigger: `${card("opportunities")} .o_crm_home_title`,
            run: "click",
        },
        { trigger: row("Forklifts") },
        { trigger: ".o_back_button", run: "click" },
        { trigger: `${card("opportunities")} .o_crm_home_row:contains('Forklifts')`, run: "click" },
        { trigger: ".o_form_view .o_field_widget[name=name]:has(:value('Forklifts'))" },
    ],
});
