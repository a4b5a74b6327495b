import { registry } from "@web/core/registry";

// The prices as they are written in the language of the user.
const LABELS = {
    en: { revision: "Price Revision", old: "100.00", proposed: "104.00" },
    es: { revision: "Revisión de precios", old: "100,00", proposed: "104,00" },
};

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_contracts_price_revision_${language}`, {
        steps: () => [
            {
                content: "by what the prices are revised",
                trigger: `.o_notebook .nav-link:contains('${labels.revision}')`,
                run: "click",
            },
            { trigger: "button[name=action_revise_prices]", run: "click" },
            {
                content: "the preview shows the old price and the new one",
                trigger: `.modal .o_field_widget[name=price_ids]:contains('${labels.old}'):contains('${labels.proposed}')`,
            },
            { trigger: ".modal footer button[name=action_apply]", run: "click" },
            { trigger: "body:not(:has(.modal))" },
            {
                content: "the revision stays on the contract",
                trigger:
                    ".o_field_widget[name=revision_ids] .o_data_row td, .o_field_widget[name=revision_ids] .o_kanban_record",
                run: "click",
            },
            {
                content: "with the value of the index",
                trigger: ".modal .o_field_widget[name=value]:contains('104')",
            },
        ],
    });
}
