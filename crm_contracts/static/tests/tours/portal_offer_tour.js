import { registry } from "@web/core/registry";

function go(content, trigger) {
    return { content, trigger, run: "click", expectUnloadPage: true };
}

const sign = [
    go("open what waits for the customer", "a[href*='filterby=offered']:visible"),
    go("open the offer", "td a:contains('Care of the cellar')"),
    { content: "sign it", trigger: ".o_crm_contract_sign:first", run: "click" },
    {
        content: "type the name",
        trigger: ".modal .o_web_sign_name_input",
        run: "edit Lucía Arlanza",
    },
    { trigger: ".modal canvas.o_web_sign_signature", run: "canvasNotEmpty" },
    go("send the signature", ".modal .o_portal_sign_submit:enabled"),
    { content: "it is signed", trigger: ".o_crm_contract_done" },
    go("back to the list", ".breadcrumb a[href='/my/crm-contracts']"),
];

const refuse = [
    go("open the other offer", "td a:contains('Care of the roof')"),
    { content: "refuse it", trigger: ".o_crm_contract_refuse:first", run: "click" },
    {
        content: "say why",
        trigger: ".modal textarea[name='reason']",
        run: "edit The roof is gone",
    },
    go("send the refusal", ".modal button[type='submit'].btn-danger"),
    { content: "it is refused", trigger: ".o_crm_contract_refused" },
    go("back to the list", ".o_crm_contract_back"),
];

const giveNotice = [
    go("open the signed contract", "td a:contains('Care of the cellar')"),
    { content: "give notice", trigger: ".o_crm_contract_notice", run: "click" },
    { content: "the last day is shown", trigger: ".modal b:contains('12/31/2099')" },
    go("send the notice", ".modal button[type='submit'].btn-danger"),
    { content: "notice was given", trigger: ".o_crm_contract_noticed" },
];

registry.category("web_tour.tours").add("crm_contracts_portal_offer", {
    steps: () => [...sign, ...refuse, ...giveNotice],
});
