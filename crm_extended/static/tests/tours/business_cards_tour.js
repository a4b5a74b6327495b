import { registry } from "@web/core/registry";

// What the person reads on the way; the tour fails where a label is not translated.
const LABELS = {
    en: {
        importCards: "Import Cards",
        readCards: "Read Cards",
        known: "Known Already",
        unusable: "Unusable",
        importSelected: "Import Selected",
        convert: "Convert to Opportunity",
        createOpportunity: "Create Opportunity",
    },
    es: {
        importCards: "Importar tarjetas",
        readCards: "Leer tarjetas",
        known: "Ya conocido",
        unusable: "Inservible",
        importSelected: "Importar selección",
        convert: "Convertir en oportunidad",
        createOpportunity: "Crear oportunidad",
    },
};

const CARDS = `BEGIN:VCARD
VERSION:3.0
FN:Ana Ruiz
ORG:Ruiz e Hijos
EMAIL:ana@ruiz.example.com
TEL:+34 600 12 34 56
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Luis Ibarra
EMAIL:luis@ibarra.example.com
END:VCARD
BEGIN:VCARD
VERSION:4.0
NOTE:Nobody
END:VCARD
`;

// A card in the list of a desktop or on the cards of a phone.
const card = (...texts) => {
    const contains = texts.map((text) => `:contains('${text}')`).join("");
    return `.o_field_widget[name=line_ids] .o_data_row${contains}, .o_field_widget[name=line_ids] .o_kanban_record${contains}`;
};

function clickHeaderButton(label) {
    return [
        {
            content: "unfold the buttons where the screen is small",
            trigger: ".o_statusbar_buttons",
            run() {
                const shown = [...document.querySelectorAll(".o_statusbar_buttons button")];
                if (!shown.some((button) => button.textContent.includes(label))) {
                    document.querySelector(".o_statusbar_buttons button:has(.oi-ellipsis-v)").click();
                }
            },
        },
        {
            content: `click ${label}`,
            trigger: `.o_statusbar_buttons button:contains('${label}'), .o-dropdown-item-unstyled-button button:contains('${label}')`,
            run: "click",
        },
    ];
}

function chooseFile() {
    return {
        content: "choose the file that the phone shared",
        trigger: ".o_field_widget[name=attachment_ids] .o_attach",
        run() {
            const input = document.querySelector(
                ".o_field_widget[name=attachment_ids] input[type=file]"
            );
            if (!input.accept.includes("text/vcard")) {
                throw new Error("a phone would not offer business cards");
            }
            const files = new DataTransfer();
            files.items.add(new File([CARDS], "cards.vcf", { type: "text/vcard" }));
            input.files = files.files;
            input.dispatchEvent(new Event("change"));
        },
    };
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_extended_business_cards_${language}`, {
        steps: () => [
            {
                content: "a phone has it among the other buttons",
                isActive: ["mobile"],
                trigger: ".o_control_panel button.o-control-panel-adaptive-dropdown",
                run: "click",
            },
            {
                content: "the leads have a button for business cards",
                trigger: `.o_control_panel button:contains('${labels.importCards}'), .o-dropdown--menu button:contains('${labels.importCards}')`,
                run: "click",
            },
            chooseFile(),
            { trigger: ".o_field_widget[name=attachment_ids] .o_attachment:contains('cards.vcf')" },
            ...clickHeaderButton(labels.readCards),
            { content: "a new person", trigger: card("Ana Ruiz") },
            {
                content: "a known person, with what is known",
                trigger: card("Luis Ibarra", labels.known, "Cranes"),
            },
            { content: "a card that makes no lead", trigger: card(labels.unusable) },
            ...clickHeaderButton(labels.importSelected),
            {
                content: "the lead is opened",
                trigger: ".o_list_view.o_action .o_data_row:contains('Ana Ruiz') .o_data_cell[name=name], .o_kanban_view.o_action .o_kanban_record:contains('Ana Ruiz')",
                run: "click",
            },
            { trigger: ".o_form_view .o_field_widget[name=email_from]" },
            ...clickHeaderButton(labels.convert),
            {
                trigger: ".modal .o_field_widget[name=action] input[data-value='create']",
                run: "click",
            },
            {
                trigger: `.modal footer button:contains('${labels.createOpportunity}')`,
                run: "click",
            },
            { trigger: "body:not(:has(.modal)) .o_form_view .o_statusbar_status" },
        ],
    });
}
