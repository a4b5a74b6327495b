import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// As core/outline.py: deeper nobody reads.
const MAX_LEVEL = 4;

/** Shows a line of an outline as far in as its level says. */
export class IndentedField extends Component {
    static template = "crm_segmentation.Indented";
    static props = { ...standardFieldProps };

    get text() {
        return this.props.record.data[this.props.name] || "";
    }

    get isGroup() {
        return Boolean(this.props.record.data.match);
    }

    get style() {
        return `padding-inline-start: ${(this.props.record.data.level || 0) * 1.5}rem`;
    }
}

/** Moves a line of an outline in or out. */
export class IndentField extends Component {
    static template = "crm_segmentation.Indent";
    static props = { ...standardFieldProps };

    get level() {
        return this.props.record.data[this.props.name] || 0;
    }

    get isInnermost() {
        return this.level >= MAX_LEVEL;
    }

    move(step) {
        return this.props.record.update({ [this.props.name]: this.level + step });
    }
}

registry.category("fields").add("crm_segment_indented", {
    component: IndentedField,
    displayName: _t("Indented"),
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "level", type: "integer" }],
});
registry.category("fields").add("crm_segment_indent", {
    component: IndentField,
    displayName: _t("Move in or out"),
    supportedTypes: ["integer"],
    // Lines are moved without being opened; who may not edit the list moves none.
    extractProps: (_info, dynamicInfo) => ({ readonly: dynamicInfo.readonly }),
});
