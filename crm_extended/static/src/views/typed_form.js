import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * A form that saves nothing when the page is left before anybody typed: the defaults alone may
 * make a valid record, and the web client saves whatever is valid.
 */
class TypedRecord extends formView.Model.Record {
    async _save(options) {
        // asked here, when what is in the fields has arrived
        if (this.model._urgentSave && this.isNew && !this.dirty) {
            return true;
        }
        return super._save(options);
    }
}

class TypedModel extends formView.Model {
    static Record = TypedRecord;
}

class TypedFormController extends FormController {
    get className() {
        return { ...super.className, o_crm_form: true };
    }

    async beforeVisibilityChange() {
        const { root } = this.model;
        if (!root.isNew || (await root.isDirty())) {
            return super.beforeVisibilityChange();
        }
    }
}

registry.category("views").add("crm_typed_form", {
    ...formView,
    Controller: TypedFormController,
    Model: TypedModel,
});
