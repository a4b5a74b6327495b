import { registry } from "@web/core/registry";

// What the manager reads on the way; the tour fails where a label is not translated.
const LABELS = {
    en: { open: "Open", unassigned: "Unassigned", late: "Late", due: "Due today" },
    es: { open: "Abiertas", unassigned: "Sin asignar", late: "Atrasadas", due: "Vencen hoy" },
};
const TEAM = ".o_kanban_record:contains('Front Desk')";

// Each number opens as many cards as it says, and the way back leads to the numbers.
function checkNumber(kind, label, count) {
    return [
        {
            content: `${label}: ${count}`,
            trigger: `${TEAM} [name=action_view_${kind}_tickets]:contains('${label}: ${count}')`,
            run: "click",
        },
        {
            content: "the board of the tickets has columns, that of the teams has none",
            trigger: ".o_kanban_group .o_kanban_record",
            run() {
                const cards = document.querySelectorAll(".o_kanban_group .o_kanban_record");
                if (cards.length !== count) {
                    throw new Error(`${cards.length} cards instead of ${count}`);
                }
            },
        },
        { trigger: ".o_back_button", run: "click" },
        { trigger: `${TEAM} .o_dashboard_graph canvas` },
    ];
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_claims_managers_dashboard_${language}`, {
        steps: () => [
            ...checkNumber("open", labels.open, 4),
            ...checkNumber("unassigned", labels.unassigned, 3),
            ...checkNumber("late", labels.late, 1),
            ...checkNumber("due", labels.due, 1),
        ],
    });
}
