import { Component, onWillUnmount, useState, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const SECOND = 1000;

/** The time since a moment, as hours, minutes and seconds that go on while one looks. */
export class RunningTimeField extends Component {
    static template = xml`<span class="fw-bold text-nowrap" t-out="text"/>`;
    static props = { ...standardFieldProps };

    setup() {
        this.state = useState({ now: Date.now() });
        const ticking = setInterval(() => (this.state.now = Date.now()), SECOND);
        onWillUnmount(() => clearInterval(ticking));
    }

    get text() {
        const start = this.props.record.data[this.props.name];
        const since = start && luxon.DateTime.fromMillis(this.state.now).diff(start);
        return since ? since.toFormat("h:mm:ss") : "";
    }
}

registry.category("fields").add("crm_running_time", {
    component: RunningTimeField,
    supportedTypes: ["datetime"],
});
