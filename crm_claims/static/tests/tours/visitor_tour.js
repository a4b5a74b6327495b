import { registry } from "@web/core/registry";

const CHATTER = "#chatterRoot:shadow";

function go(content, trigger, run = "click") {
    return { content, trigger, run, expectUnloadPage: true };
}

// A visitor writes with a public form, reads the number, and goes on in the portal.
registry.category("web_tour.tours").add("crm_claims_visitor", {
    steps: () => [
        { trigger: "#form_subject", run: "edit The press leaks" },
        go("the category asks its own", "#service_category", "selectByLabel Installation"),
        {
            content: "what was written is kept",
            trigger: "#form_subject:value('The press leaks')",
        },
        { trigger: "input[name='category_properties.floor']", run: "edit Third" },
        { trigger: "#form_message", run: "edit It drips on the floor." },
        go("send it", ".o_service_web_form button.btn-primary"),
        { trigger: ".o_service_form_thanks:contains('TCK/')" },
        go("follow it", ".o_service_form_follow"),
        go("open it", "td a:contains('The press leaks')"),
        { content: "what we need to know is shown", trigger: "dd:contains('Third')" },
        { trigger: ".card:contains('It drips on the floor.')" },
        { trigger: `${CHATTER} .o-mail-Composer-input`, run: "edit Now it leaks more." },
        { trigger: `${CHATTER} .o-mail-Composer-send:enabled`, run: "click" },
        { trigger: `${CHATTER} .o-mail-Message:contains('Now it leaks more.')` },
        go("it is private", ".o_service_privacy button"),
        { trigger: "dd:contains('You alone')" },
    ],
});
