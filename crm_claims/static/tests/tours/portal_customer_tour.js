import { registry } from "@web/core/registry";

// What the customer reads on the way; the tour fails where a label is not translated.
const LABELS = {
    en: {
        tickets: "Tickets",
        newTicket: "New Ticket",
        send: "Send",
        created: "We have got it",
        stageNew: "New",
        closed: "Closed.",
        howSatisfied: "How satisfied are you?",
        rated: "Thank you for your rating",
        happy: "Happy",
        reopen: "Reopen",
        stageOpen: "In Progress",
    },
    es: {
        tickets: "Incidencias",
        newTicket: "Nueva incidencia",
        send: "Enviar",
        created: "Lo hemos recibido",
        stageNew: "Nueva",
        closed: "Cerrada.",
        howSatisfied: "¿Está satisfecho?",
        rated: "Gracias por su valoración",
        happy: "Contento",
        reopen: "Reabrir",
        stageOpen: "En curso",
    },
};

const CHATTER = "#chatterRoot:shadow";

function go(content, trigger) {
    return { content, trigger, run: "click", expectUnloadPage: true };
}

function openTicket(labels) {
    return [
        go("open the tickets", `a[href*='/my/service/tickets']:contains('${labels.tickets}')`),
        { content: "there is none yet", trigger: ".o_service_empty" },
        go("write a new one", `.o_service_new:contains('${labels.newTicket}')`),
        { trigger: "#service_name", run: "edit The press leaks" },
        { trigger: "#service_description", run: "edit It drips on the floor." },
        go("send it", `.o_service_form button:contains('${labels.send}')`),
        { trigger: `.o_service_done:contains('${labels.created}')` },
        { trigger: `.badge:contains('${labels.stageNew}')` },
        { trigger: ".card:contains('It drips on the floor.')" },
    ];
}

function answer() {
    return [
        { trigger: `${CHATTER} .o-mail-Composer-input`, run: "edit Now it leaks more." },
        { trigger: `${CHATTER} .o-mail-Composer-send:enabled`, run: "click" },
        { trigger: `${CHATTER} .o-mail-Message:contains('Now it leaks more.')` },
    ];
}

function close(labels) {
    return [
        go("it is settled", ".o_service_close button"),
        { trigger: `.o_service_done:contains('${labels.closed}')` },
    ];
}

function rate(labels) {
    return [
        { trigger: `.o_service_rating:contains('${labels.howSatisfied}')` },
        {
            trigger: `.o_service_rating label[for=rating_5]:contains('${labels.happy}')`,
            run: "click",
        },
        { trigger: "#feedback", run: "edit Quick and kind" },
        go("send the opinion", `.o_service_rating button:contains('${labels.send}')`),
        { trigger: `.o_service_done:contains('${labels.rated}')` },
        { content: "the opinion is shown", trigger: ".o_service_rated" },
        { content: "once is enough", trigger: "body:not(:has(.o_service_rating))" },
    ];
}

function reopen(labels) {
    return [
        go("it is not settled after all", `.o_service_reopen button:contains('${labels.reopen}')`),
        { trigger: `.badge:contains('${labels.stageOpen}')` },
        go("back to the list", `.breadcrumb a:contains('${labels.tickets}')`),
        { trigger: "tr:contains('The press leaks'):contains('TCK/')" },
    ];
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_claims_portal_customer_${language}`, {
        steps: () => [
            ...openTicket(labels),
            ...answer(),
            ...close(labels),
            ...rate(labels),
            ...reopen(labels),
        ],
    });
}
