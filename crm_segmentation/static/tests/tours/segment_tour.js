import { registry } from "@web/core/registry";
import { clickHeaderButton, clickSmartButton } from "@crm_extended/../tests/tours/steps";

const LABELS = {
    en: { template: "New this quarter", preview: "Preview", segments: "Segments", criteria: "Criteria", verdict: "Belongs to the segment." },
    es: { template: "Nuevos este trimestre", preview: "Vista previa", segments: "Segmentos", criteria: "Criterios", verdict: "Pertenece al segmento." },
};

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_segmentation_segment_${language}`, {
        steps: () => [
            {
                content: "start from a ready-made segment",
                trigger: `.o_kanban_record:contains('${labels.template}') button[name=action_create_segments]`,
                run: "click",
            },
            {
                content: "the screen counts who would be a member before anything is applied",
                trigger: ".o_form_view .o_crm_segment_live_preview [data-name=count]",
            },
            ...clickHeaderButton(labels.preview),
            {
                content: "the preview says who would enter",
                trigger: ".modal .o_field_widget[name=enter_count]",
            },
            { trigger: ".modal footer button[name=action_apply]", run: "click" },
            { trigger: "body:not(:has(.modal))" },
            ...clickSmartButton("action_view_members"),
            {
                content: "the members are contacts",
                trigger: ".o_data_row:contains('Quinta') .o_data_cell, .o_kanban_record:contains('Quinta')",
                run: "click",
            },
            { trigger: `.o_notebook .nav-link:contains('${labels.segments}')`, run: "click" },
            {
                content: "why is this contact in?",
                trigger: ".o_field_widget[name=crm_segment_membership_ids] button[name=action_explain]",
                run: "click",
            },
            {
                content: "the criteria hold, says the dialogue",
                trigger: `.modal .o_field_widget[name=line_ids]:contains('${labels.criteria}')`,
            },
            { trigger: `.modal .o_field_widget[name=verdict]:contains('${labels.verdict}')` },
        ],
    });
}
