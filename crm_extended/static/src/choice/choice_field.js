import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * The records that may be meant, each as a button: a tap puts it into another field of the form.
 */
export class ChoiceField extends Component {
    static template = "crm_extended.ChoiceField";
    static props = { ...standardFieldProps, target: { type: String } };

    get choices() {
        return this.props.record.data[this.props.name].records.map((choice) => ({
            id: choice.resId,
            display_name: choice.data.display_name,
        }));
    }

    choose(choice) {
        return this.props.record.update({ [this.props.target]: choice });
    }
}

registry.category("fields").add("crm_choice", {
    component: ChoiceField,
    displayName: _t("Choice"),
    supportedTypes: ["many2many"],
    supportedOptions: [{ label: _t("Target field"), name: "target", type: "field" }],
    relatedFields: [{ name: "display_name", type: "char" }],
    extractProps: ({ options }) => ({ target: options.target }),
});
