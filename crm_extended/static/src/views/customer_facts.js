import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, useEffect, useState } from "@odoo/owl";

/** What one should know of a customer, asked for once the card is there: it does not wait. */
export class CustomerFacts extends Component {
    static template = "crm_extended.CustomerFacts";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ facts: [] });
        useEffect(
            (id) => void this.load(id),
            () => [this.props.record.resId, this.props.record.data.crm_interaction_count]
        );
    }

    async load(id) {
        this.state.facts = id
            ? await this.keepLast.add(this.orm.silent.call("res.partner", "action_tell_crm_facts", [id]))
            : [];
    }

    open(fact) {
        const { resId, resModel } = this.props.record;
        return this.action.doActionButton({
            type: "object",
            name: fact.action,
            resId,
            resIds: [resId],
            resModel,
            onClose: () => this.props.record.model.load(),
        });
    }
}

registry.category("view_widgets").add("crm_customer_facts", {
    component: CustomerFacts,
});
