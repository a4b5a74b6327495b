import { registry } from "@web/core/registry";
import { Many2OneReferenceField } from "@web/views/fields/many2one_reference/many2one_reference_field";

const fields = registry.category("fields");

/** Chooses a mailing list: the model is known before there is a list that names it. */
export class MailingListField extends Many2OneReferenceField {
    get relation() {
        return "mailing.list";
    }
}

fields.add("crm_segment_mailing_list", {
    ...fields.get("many2one_reference"),
    component: MailingListField,
});
