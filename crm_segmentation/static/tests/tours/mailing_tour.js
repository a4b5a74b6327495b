import { registry } from "@web/core/registry";

const LABELS = { en: { contact: "Contact" }, es: { contact: "Contacto" } };

function choose(field, typed, found) {
    return [
        { trigger: `.o_field_widget[name=${field}] input`, run: `edit ${typed}` },
        { trigger: `.o-autocomplete--dropdown-item:contains(${found})`, run: "click" },
    ];
}

for (const [language, labels] of Object.entries(LABELS)) {
    registry.category("web_tour.tours").add(`crm_segmentation_mailing_${language}`, {
        steps: () => [
            { trigger: ".o_field_widget[name=subject] input", run: "edit Harvest" },
            ...choose("mailing_model_id", labels.contact, `/^${labels.contact}$/`),
            {
                content: "the segment is one field beside the kind of recipients",
                trigger: ".o_field_widget[name=crm_segment_id] input",
            },
            ...choose("crm_segment_id", "Friends", "Friends of the house"),
            {
                content: "the recipients are counted",
                trigger: ".o_field_widget[name=mailing_domain]:contains('2')",
            },
            {
                trigger: ".o_mailing_template_preview_wrapper [data-name='basic']",
                run: "click",
            },
            { trigger: "html:not(:has(.o_mailing_template_preview_wrapper))" },
            { trigger: "button[name=action_launch]", run: "click" },
            { trigger: ".modal footer .btn-primary", run: "click" },
            {
                content: "it is on its way",
                trigger: "body:not(:has(.modal)) .o_form_view:not(:has(button[name=action_launch]))",
            },
        ],
    });
}
