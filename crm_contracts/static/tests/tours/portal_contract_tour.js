import { registry } from "@web/core/registry";

// What the customer reads on the way; the tour fails where a label is not translated.
const LABELS = {
    en: {
        contracts: "Contracts",
        running: "Running",
        charges: "Charges",
        perMonth: "per month",
        prepaid: "Prepaid Units",
        download: "Contract",
        consumption: "Consumption",
        notCharged: "Not charged yet",
    },
    es: {
        contracts: "Contratos",
        running: "En vigor",
        charges: "Cargos",
        perMonth: "al mes",
        prepaid: "Unidades prepagadas",
        download: "Contrato",
        consumption: "Consumo",
        notCharged: "Aún sin cargo",
    },
};

const CHATTER = "#chatterRoot:shadow";

function go(content, trigger) {
    return { content, trigger, run: "click", expectUnloadPage: true };
}

function openContract(labels) {
    return [
        go("open the contracts", `a[href*='/my/crm-contracts']:contains('${labels.contracts}')`),
        { trigger: `tr:contains('Support of the web shop'):contains('${labels.running}')` },
        go("open the contract", "td a:contains('Support of the web shop')"),
    ];
}

function readContract(labels) {
    return [
        { trigger: `h2:contains('${labels.charges}')` },
        { content: "the price", trigger: `td:contains('123'):contains('${labels.perMonth}')` },
        { content: "prepaid units", trigger: `h2:contains('${labels.prepaid}')` },
        { content: "how much of them is used", trigger: ".o_crm_contract_consumed" },
        {
            content: "the hours",
            trigger: `.o_crm_contract_hours td:contains('02:30'):contains('${labels.notCharged}')`,
        },
        { trigger: `.o_crm_contract_pdf:contains('${labels.download}')` },
        { trigger: `.o_crm_contract_statement:contains('${labels.consumption}')` },
    ];
}

function write(labels) {
    return [
        { trigger: `${CHATTER} .o-mail-Composer-input`, run: "edit Can we have ten hours more?" },
        { trigger: `${CHATTER} .o-mail-Composer-send:enabled`, run: "click" },
        { trigger: `${CHATTER} .o-mail-Message:contains('ten hours more')` },
        go("back to the list", `.breadcrumb a:contains('${labels.contracts}')`),
        { trigger: "tr:contains('Support of the web shop')" },
    ];
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_contracts_portal_${language}`, {
        steps: () => [...openContract(labels), ...readContract(labels), ...write(labels)],
    });
}
