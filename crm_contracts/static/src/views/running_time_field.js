import { Component, onWillUnmount, useState, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const { DateTime } = luxon;

/** The time since a moment, as hours and minutes that go on while one looks. */
export class RunningTimeField extends Component {
    static template = xml`<span class="o_crm_running_time fw-bold" t-out="text"/>`;
    static props = standardFieldProps;

    setup() {
        this.state = useState({ now: DateTime.now() });
        const ticking = setInterval(() => (this.state.now = DateTime.now()), 1000);
        onWillUnmount(() => clearInterval(ticking));
    }

    get text() {
        const start = this.props.record.data[this.props.name];
        return start ? this.state.now.diff(start).toFormat("h:mm:ss") : "";
    }
}

registry.category("fields").add("crm_running_time", {
    component: RunningTimeField,
    supportedTypes: ["datetime"],
});
