import { patch } from "@web/core/utils/patch";
import { PropertyDefinition } from "@web/views/fields/properties/property_definition";

const CASE_MODELS = ["service.claim", "service.ticket"];

/** The own fields of a case say what its customer has to do with them. */
patch(PropertyDefinition.prototype, {
    get hasServiceCustomer() {
        return (
            CASE_MODELS.includes(this.props.record?.resModel) &&
            this.state.propertyDefinition.type !== "separator"
        );
    },

    onServiceCustomerChange(event) {
        const propertyDefinition = {
            ...this.state.propertyDefinition,
            service_customer: event.target.value || false,
        };
        this.props.onChange(propertyDefinition);
        this.state.propertyDefinition = propertyDefinition;
    },
});
