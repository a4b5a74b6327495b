import { registry } from "@web/core/registry";

const CARD = ".o_crm_phone_calls .card";

// What the telephone system tells reaches the page over the bus; here it is told at once.
async function tell(state) {
    const { crm_phone: phone, orm } = odoo.__WOWL_DEBUG__.root.env.services;
    const [call] = await orm.searchRead("crm.call", [["phone_reference", "=", "tour"]], ["id"]);
    phone.follow({ call_id: call.id, state, user_id: false });
}

registry.category("web_tour.tours").add("crm_extended_phone", {
    steps: () => [
        { trigger: ".o_web_client .o_navbar, .o_main_navbar", run: () => tell("ringing") },
        {
            content: "two have the number, and one of them is chosen",
            trigger: `${CARD}:contains('Incoming call') button:contains('Luis')`,
            run: "click",
        },
        { content: "it is he", trigger: `${CARD} .o_crm_phone_partner:contains('Luis')` },
        {
            content: "what is open with him opens with a tap",
            trigger: `${CARD} button:contains('Forklifts')`,
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=name]:has(:value('Forklifts'))" },
        {
            content: "a number is called as the settings say, by a link that shows when pointed at",
            trigger:
                ".o_field_widget[name=phone] a[href='https://pbx.example.com/?to=%2B34600111111']:not(:visible)",
            run: () => tell("missed"),
        },
        {
            content: "the pop-up stays until it is closed",
            trigger: `${CARD}:contains('Missed call') .btn-close`,
            run: "click",
        },
        { trigger: `body:not(:has(${CARD}))` },
    ],
});
